import CNet
import Vocabulary

/// A stapled OCSP answer that was demanded, and what is wrong with it. Source: RFC 6960; RFC 6066, 8.
struct StapledAnswer {
    let cause: Cause
    /// A line of words.
    let words: String

    /// How far clocks may be apart, and how old an answer without an end may be, in seconds.
    private static let leewaySeconds = 300
    private static let ageMaxSeconds = 10 * 86_400

    private init(_ cause: Cause, _ words: String) {
        self.cause = cause
        self.words = words
    }

    /// nil when the answer is good. `ssl`: its chain is verified. `store`: what is trusted.
    static func fault(_ ssl: OpaquePointer, _ store: OpaquePointer) -> StapledAnswer? {
        var bytes: UnsafePointer<UInt8>?
        let count = cnet_ssl_staple(ssl, &bytes)
        guard count > 0 else { return StapledAnswer(.ocspMissing, "the target stapled no OCSP answer") }
        guard let response = d2i_OCSP_RESPONSE(nil, &bytes, count) else {
            return invalid("it cannot be read")
        }
        defer { OCSP_RESPONSE_free(response) }
        let status = OCSP_response_status(response)
        guard status == OCSP_RESPONSE_STATUS_SUCCESSFUL else {
            return invalid("the responder said \(String(cString: OCSP_response_status_str(Int(status))))")
        }
        guard let basic = OCSP_response_get1_basic(response) else { return invalid("it cannot be read") }
        defer { OCSP_BASICRESP_free(basic) }
        let chain = SSL_get0_verified_chain(ssl)
        guard OCSP_basic_verify(basic, chain, store, 0) == 1 else {
            return invalid("who signed it is not trusted to")
        }
        guard let single = answer(in: basic, chain) else { return invalid("it is about another certificate") }
        return fault(of: single)
    }

    private static func fault(of single: OpaquePointer) -> StapledAnswer? {
        var revokedAt: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var from: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var to: UnsafeMutablePointer<ASN1_GENERALIZEDTIME>?
        var reason: Int32 = -1
        let status = OCSP_single_get0_status(single, &reason, &revokedAt, &from, &to)
        guard OCSP_check_validity(from, to, leewaySeconds, to == nil ? ageMaxSeconds : -1) == 1 else {
            let end = TLSWitness.instant(UnsafePointer(to)).map { ", which ended at \($0.rfc3339)" } ?? ""
            return invalid("this is not its time\(end)")
        }
        switch status {
        case V_OCSP_CERTSTATUS_GOOD: return nil
        case V_OCSP_CERTSTATUS_REVOKED:
            let at = TLSWitness.instant(UnsafePointer(revokedAt))?.rfc3339 ?? "an unknown time"
            let why = reason >= 0 ? ": \(String(cString: OCSP_crl_reason_str(Int(reason))))" : ""
            return StapledAnswer(.certificateRevoked, "the certificate was revoked at \(at)\(why)")
        default: return invalid("the responder does not know the certificate")
        }
    }

    /// The part of the answer that is about the leaf. Responders name certificates by digests of their choice.
    private static func answer(in basic: OpaquePointer, _ chain: OpaquePointer?) -> OpaquePointer? {
        let count = cnet_chain_count(chain)
        guard count > 0, let leaf = cnet_chain_at(chain, 0), let issuer = cnet_chain_at(chain, min(1, count - 1))
        else { return nil }
        for index in 0..<OCSP_resp_count(basic) {
            guard let single = OCSP_resp_get0(basic, index), let id = OCSP_SINGLERESP_get0_id(single) else { continue }
            var digestName: OpaquePointer?
            OCSP_id_get0_info(nil, &digestName, nil, nil, id)
            guard let digestName, let digest = cnet_digest(digestName),
                let own = OCSP_cert_to_id(digest, leaf, issuer)
            else { continue }
            defer { OCSP_CERTID_free(own) }
            if OCSP_id_cmp(own, id) == 0 { return single }
        }
        return nil
    }

    private static func invalid(_ why: String) -> StapledAnswer {
        StapledAnswer(.ocspInvalid, "the stapled OCSP answer is no good: \(why)")
    }
}
