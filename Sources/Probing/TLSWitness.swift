import CNet
import Glibc
import Vocabulary

/// What OpenSSL did and saw in one handshake, written down by its callbacks; the same for our own TLS and for
/// libcurl's.
///
/// The chain is verified here, with the name, so that every kind tells the same causes. Lives inside a flight;
/// OpenSSL keeps an unretained pointer to it for as long as the connection.
final class TLSWitness {
    // Places for our pointers at OpenSSL's objects; the others are libcurl's.
    private static let connectionIndex = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL, 0, nil, nil, nil, nil)
    private static let contextIndex = CRYPTO_get_ex_new_index(CRYPTO_EX_INDEX_SSL_CTX, 0, nil, nil, nil, nil)

    /// What the certificate must be made out to. A host name, or an address when `isAddress`.
    private(set) var host = ""
    private var isAddress = false
    private var isInsecure = false
    private(set) var hasOwnCA = false

    /// X509_V_ERR number; 0 for none.
    private(set) var verifyError: Int32 = 0
    /// The certificate that `verifyError` is about; owned. nil when it is about none.
    private(set) var faulty: OpaquePointer?
    /// How far above the leaf it stands.
    private(set) var faultyDepth: Int32 = 0
    /// What is wrong with the stapled answer; nil when nothing is, or none was demanded.
    private(set) var staple: StapledAnswer?
    /// The target asked for a client certificate.
    private(set) var isAskedForCertificate = false
    /// The number of the alert that the target sent; nil for none. A `close_notify` does not count.
    private(set) var alert: UInt8?
    /// The target said goodbye before it closed.
    private(set) var hasSaidGoodbye = false
    /// OpenSSL's reason number of what failed here; 0 for none.
    private(set) var reason: Int32 = 0
    /// It failed at the message that holds the target's certificates.
    private(set) var hasFailedAtCertificates = false
    /// errno of a socket call that failed in the handshake; 0 for none.
    private(set) var systemError: Int32 = 0
    private(set) var isDone = false
    private(set) var protocolVersion: Int32 = 0
    private(set) var cipher: UnsafePointer<CChar>?
    /// STACK_OF(X509), leaf first, as the target sent it; owned.
    private(set) var chain: OpaquePointer?

    deinit { clear() }

    /// Forgets the last handshake.
    func begin(host: String, isAddress: Bool, settings: TLSSettings) {
        clear()
        self.host = host
        self.isAddress = isAddress
        isInsecure = settings.isInsecure
        hasOwnCA = settings.caPath != nil
    }

    func clear() {
        cnet_chain_free(chain)
        chain = nil
        X509_free(faulty)
        faulty = nil
        faultyDepth = 0
        verifyError = 0
        staple = nil
        isAskedForCertificate = false
        alert = nil
        hasSaidGoodbye = false
        reason = 0
        hasFailedAtCertificates = false
        systemError = 0
        isDone = false
        protocolVersion = 0
        cipher = nil
    }

    /// Has `context` call the witness. nil: the witness stands at each SSL object instead (`attach(toConnection:)`).
    static func attach(toContext context: OpaquePointer, _ witness: TLSWitness?) {
        if let witness { SSL_CTX_set_ex_data(context, contextIndex, Unmanaged.passUnretained(witness).toOpaque()) }
        SSL_CTX_set_cert_verify_callback(
            context,
            { store, _ in
                guard let store, let ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()),
                    let witness = TLSWitness.of(OpaquePointer(ssl))
                else { return 0 }
                return witness.verify(store) ? 1 : 0
            }, nil)
        SSL_CTX_set_info_callback(context) { ssl, place, value in
            guard let ssl, let witness = TLSWitness.of(ssl) else { return }
            witness.saw(ssl, place, value)
        }
        SSL_CTX_set_cert_cb(
            context,
            { ssl, _ in
                if let ssl { TLSWitness.of(ssl)?.isAskedForCertificate = true }
                return 1
            }, nil)
    }

    /// Has `context` ask for a stapled OCSP answer and refuse what is no good one. `store`: what is trusted; outlives
    /// the context.
    static func demandStaple(_ context: OpaquePointer, _ store: OpaquePointer) {
        cnet_ssl_ctx_ask_staple(
            context,
            { ssl, store in
                guard let ssl, let store, let witness = TLSWitness.of(ssl) else { return -1 }
                witness.staple = StapledAnswer.fault(ssl, OpaquePointer(store))
                return witness.staple == nil ? 1 : 0
            }, UnsafeMutableRawPointer(store))
    }

    func attach(toConnection ssl: OpaquePointer) {
        SSL_set_ex_data(ssl, TLSWitness.connectionIndex, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func of(_ ssl: OpaquePointer) -> TLSWitness? {
        guard
            let pointer = SSL_get_ex_data(ssl, connectionIndex)
                ?? SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), contextIndex)
        else { return nil }
        return Unmanaged<TLSWitness>.fromOpaque(pointer).takeUnretainedValue()
    }

    /// Verifies chain and name. Source: X509_verify_cert(3), X509_check_host(3).
    private func verify(_ store: OpaquePointer) -> Bool {
        cnet_chain_free(chain)
        chain = X509_STORE_CTX_get0_untrusted(store).flatMap { X509_chain_up_ref($0) }
        if isInsecure { return true }
        let parameters = X509_STORE_CTX_get0_param(store)
        if isAddress {
            X509_VERIFY_PARAM_set1_ip_asc(parameters, host)
        } else {
            X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            X509_VERIFY_PARAM_set1_host(parameters, host, host.utf8.count)
        }
        if X509_verify_cert(store) == 1 { return true }
        verifyError = X509_STORE_CTX_get_error(store)
        faultyDepth = X509_STORE_CTX_get_error_depth(store)
        if let certificate = X509_STORE_CTX_get_current_cert(store), X509_up_ref(certificate) == 1 {
            X509_free(faulty)
            faulty = certificate
        }
        return false
    }

    private func saw(_ ssl: OpaquePointer, _ place: Int32, _ value: Int32) {
        if place & SSL_CB_ALERT != 0 {
            let number = UInt8(truncatingIfNeeded: value)
            guard place & SSL_CB_READ != 0 else { return }
            if number == UInt8(SSL_AD_CLOSE_NOTIFY) { hasSaidGoodbye = true } else { alert = number }
        } else if place & SSL_CB_HANDSHAKE_DONE != 0 {
            isDone = true
            protocolVersion = SSL_version(ssl)
            cipher = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))
        } else if place & SSL_CB_EXIT != 0, value <= 0 {
            let number = errno
            let error = ERR_peek_error()
            if error != 0 {
                reason = cnet_error_reason(error)
                hasFailedAtCertificates = SSL_get_state(ssl) == TLS_ST_CR_CERT
            }
            if error == 0, number != EAGAIN, number != EINTR, number != 0 { systemError = number }
        }
    }
}
