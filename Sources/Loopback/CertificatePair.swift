import CNet
import Glibc
import Vocabulary

/// What a certificate is to say.
struct CertificateRequest {
    let subject: String
    /// The name or address it is for; nil for an authority.
    let host: String?
    var isAuthority = false
    let valid: Interval
}

/// A certificate and its key, as OpenSSL holds them.
///
/// Unchecked: neither is changed after init, and OpenSSL's signing with one key from several threads is allowed.
final class CertificatePair: @unchecked Sendable {
    let certificate: OpaquePointer
    let key: OpaquePointer

    /// `issuer` nil: signed by itself.
    init(_ request: CertificateRequest, issuer: CertificatePair?) throws(LoopbackError) {
        guard let key = CertificatePair.newKey() else { throw LoopbackError("no key for \(request.subject)") }
        guard let certificate = X509_new() else {
            EVP_PKEY_free(key)
            throw LoopbackError("no certificate for \(request.subject)")
        }
        self.key = key
        self.certificate = certificate
        guard fill(request), sign(request, issuer: issuer) else {
            throw LoopbackError("cannot make the certificate for \(request.subject)")
        }
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    private func fill(_ request: CertificateRequest) -> Bool {
        let subject = X509_get_subject_name(certificate)
        let name = Array(request.subject.utf8.prefix(64))
        return X509_set_version(certificate, 2) == 1  // counted from 0: version 3
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), .random(in: 1...UInt64.max >> 1)) == 1
            && X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, name, Int32(name.count), -1, 0) == 1
            && ASN1_TIME_set(X509_getm_notBefore(certificate), Int(request.valid.start.seconds)) != nil
            && ASN1_TIME_set(X509_getm_notAfter(certificate), Int(request.valid.end.seconds)) != nil
            && X509_set_pubkey(certificate, key) == 1
    }

    private func sign(_ request: CertificateRequest, issuer: CertificatePair?) -> Bool {
        let parent = issuer ?? self
        guard X509_set_issuer_name(certificate, X509_get_subject_name(parent.certificate)) == 1 else { return false }
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, parent.certificate, certificate, nil, nil, 0)
        let extensions: [(Int32, String)] =
            [
                (NID_basic_constraints, request.isAuthority ? "critical,CA:TRUE" : "critical,CA:FALSE"),
                (NID_key_usage, request.isAuthority ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature"),
                (NID_subject_key_identifier, "hash"),
                (NID_authority_key_identifier, "keyid"),
            ] + (request.host.map { [(NID_subject_alt_name, CertificatePair.alternativeName($0))] } ?? [])
        for (number, text) in extensions {
            guard let made = X509V3_EXT_conf_nid(nil, &context, number, text) else { return false }
            defer { X509_EXTENSION_free(made) }
            guard X509_add_ext(certificate, made, -1) == 1 else { return false }
        }
        return X509_sign(certificate, parent.key, EVP_sha256()) > 0
    }

    private static func alternativeName(_ host: String) -> String {
        let isAddress = host.contains(":") || host.allSatisfy { $0.isNumber || $0 == "." }
        return (isAddress ? "IP:" : "DNS:") + host
    }

    private static func newKey() -> OpaquePointer? {
        // Probes turn this on for the whole process, and a key made before could sign nothing afterwards.
        _ = cnet_decode_keys_directly()
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1, EVP_PKEY_CTX_set_group_name(context, SN_X9_62_prime256v1) == 1,
            EVP_PKEY_generate(context, &key) == 1
        else { return nil }
        return key
    }
}
