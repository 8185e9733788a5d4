import CNet
import Glibc
import Vocabulary

extension TLSWitness {
    /// Longest chain that is shown.
    private static let chainMax: Int32 = 16

    /// End of the leaf's validity; nil when there was no certificate.
    var notAfter: Instant? {
        guard cnet_chain_count(chain) > 0, let leaf = cnet_chain_at(chain, 0) else { return nil }
        return TLSWitness.instant(X509_get0_notAfter(leaf))
    }

    /// nil when there was no handshake and no certificate.
    var facts: TLSFacts? {
        let count = min(cnet_chain_count(chain), TLSWitness.chainMax)
        guard isDone || count > 0 else { return nil }
        let sent = (0..<count).compactMap { cnet_chain_at(chain, $0) }.map { TLSWitness.facts(of: $0) }
        return TLSFacts(
            version: versionText, cipher: cipher.map { String(cString: $0) } ?? "", notAfter: notAfter,
            issuer: sent.first?.issuer ?? "", subject: sent.first?.subject ?? "", chain: sent)
    }

    static func facts(of certificate: OpaquePointer) -> CertificateFacts {
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var count: UInt32 = 0
        X509_digest(certificate, EVP_sha256(), &digest, &count)
        return CertificateFacts(
            subject: text(X509_get_subject_name(certificate)), issuer: text(X509_get_issuer_name(certificate)),
            notBefore: instant(X509_get0_notBefore(certificate)), notAfter: instant(X509_get0_notAfter(certificate)),
            fingerprint: digest.prefix(Int(count)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }

    /// The certificate that the verification failed at; nil when it failed at none.
    var faultyFacts: CertificateFacts? { faulty.map { TLSWitness.facts(of: $0) } }

    /// `certificate`, `intermediate certificate "CN=…"`, `root certificate "CN=…"`: which one it failed at.
    var faultyName: String {
        guard faultyDepth > 0, let faulty = faultyFacts else { return "certificate" }
        return "\(faulty.subject == faulty.issuer ? "root" : "intermediate") certificate \"\(faulty.subject)\""
    }

    /// `handshake failure (40)`.
    var alertText: String? {
        alert.map { "\(String(cString: SSL_alert_desc_string_long(Int32($0)))) (\($0))" }
    }

    /// OpenSSL's words for what the certificate failed at.
    var verifyText: String? {
        verifyError == 0 ? nil : String(cString: X509_verify_cert_error_string(Int(verifyError)))
    }

    /// OpenSSL's words for what failed here, `wrong version number`.
    var reasonText: String? {
        guard reason != 0 else { return nil }
        // The library's number stands in the upper bits of an error code. Source: openssl/err.h.
        return ERR_reason_error_string(UInt(ERR_LIB_SSL) << 23 | UInt(reason)).map { String(cString: $0) }
    }

    /// What came was not even the beginning of TLS.
    var isOtherProtocol: Bool {
        switch reason {
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_UNKNOWN_PROTOCOL, SSL_R_BAD_PROTOCOL_VERSION_NUMBER,
            SSL_R_PACKET_LENGTH_TOO_LONG:
            true
        default: false
        }
    }

    /// `1.3`; empty before the end of a handshake.
    var versionText: String {
        switch protocolVersion {
        case TLS1_VERSION: "1.0"
        case TLS1_1_VERSION: "1.1"
        case TLS1_2_VERSION: "1.2"
        case TLS1_3_VERSION: "1.3"
        default: ""
        }
    }

    static func instant(_ time: UnsafePointer<ASN1_TIME>?) -> Instant? {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return nil }
        return Instant(seconds: Int64(timegm(&parts)))
    }

    private static func text(_ name: OpaquePointer?) -> String {
        guard let name else { return "" }
        var text = [CChar](repeating: 0, count: 512)
        let count = cnet_name_text(name, &text, Int32(text.count))
        return String(decoding: text.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
