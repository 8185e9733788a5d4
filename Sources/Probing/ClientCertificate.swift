import CNet
import Vocabulary

/// The certificate that is shown to targets that ask for one, with its intermediates and its key.
final class ClientCertificate: @unchecked Sendable {
    // Unchecked: owned here, read in init and never changed; OpenSSL counts references atomically.
    private let certificate: OpaquePointer
    private let others: OpaquePointer
    private let key: OpaquePointer

    /// Longest file of certificates or of a key.
    private static let fileMax = 1 << 20

    init(_ files: TLSSettings.ClientFiles) throws(TLSProblem) {
        key = try ClientCertificate.key(files.key)
        do throws(TLSProblem) {
            (certificate, others) = try ClientCertificate.certificates(files.certificate)
        } catch {
            EVP_PKEY_free(key)
            throw error
        }
        if X509_check_private_key(certificate, key) != 1 {
            ERR_clear_error()
            throw TLSProblem(key: "client_key", text: "it does not belong to the certificate in client_cert")
        }
    }

    deinit {
        X509_free(certificate)
        cnet_chain_free(others)
        EVP_PKEY_free(key)
    }

    /// False when OpenSSL's security level refuses it.
    func use(in context: OpaquePointer) -> Bool {
        defer { ERR_clear_error() }
        return SSL_CTX_use_cert_and_key(context, certificate, key, others, 1) == 1
    }

    private static func certificates(_ path: String) throws(TLSProblem) -> (OpaquePointer, OpaquePointer) {
        let bytes = try bytes(path, "client_cert")
        guard let chain = cnet_read_certificates(bytes, Int32(bytes.count)), let first = cnet_chain_shift(chain) else {
            throw TLSProblem(key: "client_cert", text: "it holds no PEM certificate")
        }
        return (first, chain)
    }

    private static func key(_ path: String) throws(TLSProblem) -> OpaquePointer {
        let bytes = try bytes(path, "client_key")
        var isEncrypted: Int32 = 0
        guard let key = cnet_read_key(bytes, Int32(bytes.count), &isEncrypted) else {
            throw TLSProblem(
                key: "client_key",
                text: isEncrypted != 0
                    ? "it is encrypted, and nobody is there to be asked for the passphrase"
                    : "it holds no PEM private key")
        }
        return key
    }

    private static func bytes(_ path: String, _ key: String) throws(TLSProblem) -> [UInt8] {
        do {
            return try FileBytes.read(path, limit: fileMax)
        } catch {
            throw TLSProblem(key: key, text: error.text)
        }
    }
}

/// Why a `tls:` block cannot be used.
struct TLSProblem: Error {
    /// The key of the block that names what is wrong.
    let key: String
    let text: String
}
