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
    private var hasOwnCA = false

    /// X509_V_ERR number; 0 for none.
    private(set) var verifyError: Int32 = 0
    /// The number of the alert that the target sent; nil for none. A `close_notify` does not count.
    private(set) var alert: UInt8?
    /// OpenSSL's reason number of what failed here; 0 for none.
    private(set) var reason: Int32 = 0
    /// errno of a socket call that failed in the handshake; 0 for none.
    private(set) var systemError: Int32 = 0
    private(set) var isDone = false
    private(set) var protocolVersion: Int32 = 0
    private(set) var cipher: UnsafePointer<CChar>?
    /// STACK_OF(X509), leaf first, as the target sent it; owned.
    private(set) var chain: OpaquePointer?

    deinit { cnet_chain_free(chain) }

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
        verifyError = 0
        alert = nil
        reason = 0
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
        let isGood = X509_verify_cert(store) == 1
        verifyError = isGood ? 0 : X509_STORE_CTX_get_error(store)
        return isGood
    }

    private func saw(_ ssl: OpaquePointer, _ place: Int32, _ value: Int32) {
        if place & SSL_CB_ALERT != 0 {
            let number = UInt8(truncatingIfNeeded: value)
            if place & SSL_CB_READ != 0, number != UInt8(SSL_AD_CLOSE_NOTIFY) { alert = number }
        } else if place & SSL_CB_HANDSHAKE_DONE != 0 {
            isDone = true
            protocolVersion = SSL_version(ssl)
            cipher = SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))
        } else if place & SSL_CB_EXIT != 0, value <= 0 {
            let number = errno
            let error = ERR_peek_error()
            if error != 0 { reason = cnet_error_reason(error) }
            if error == 0, number != EAGAIN, number != EINTR, number != 0 { systemError = number }
        }
    }
}

extension TLSWitness {
    /// Why the handshake failed; nil when nothing here says so.
    var failure: Cause? {
        if verifyError != 0 { return verifyCause }
        if let alert { return TLSWitness.cause(alert: alert) }
        switch reason {
        case 0: break
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: return .closedEarly
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_VERSION_TOO_HIGH, SSL_R_WRONG_SSL_VERSION,
            SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_UNKNOWN_SSL_VERSION, SSL_R_INAPPROPRIATE_FALLBACK:
            return .tlsVersion
        case SSL_R_WRONG_CIPHER_RETURNED, SSL_R_UNKNOWN_CIPHER_RETURNED, SSL_R_DH_KEY_TOO_SMALL,
            SSL_R_NO_CIPHERS_AVAILABLE:
            return .tlsCipher
        case SSL_R_EE_KEY_TOO_SMALL, SSL_R_CA_KEY_TOO_SMALL, SSL_R_CA_MD_TOO_WEAK, SSL_R_CERT_LENGTH_MISMATCH:
            return .certificateInvalid
        default: return .tlsProtocol
        }
        switch systemError {
        case 0: return nil
        case ECONNRESET, EPIPE: return .reset
        default: return SystemError.cause(systemError, isImmediate: false)
        }
    }

    private static func cause(alert: UInt8) -> Cause {
        switch Int32(alert) {
        case SSL_AD_PROTOCOL_VERSION: .tlsVersion
        case SSL_AD_INSUFFICIENT_SECURITY: .tlsCipher
        case SSL_AD_NO_APPLICATION_PROTOCOL: .tlsALPN
        default: .tlsAlert
        }
    }

    private var verifyCause: Cause {
        switch verifyError {
        case X509_V_ERR_CERT_HAS_EXPIRED: .certificateExpired
        case X509_V_ERR_CERT_NOT_YET_VALID: .certificateNotYetValid
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .certificateWrongHost
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: .certificateSelfSigned
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED: .certificateUntrusted
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            isChainCut ? .certificateIncompleteChain : .certificateUntrusted
        case X509_V_ERR_CERT_REVOKED: .certificateRevoked
        default: .certificateInvalid
        }
    }

    /// A leaf that came alone and whose issuer is not known. Nothing in it proves that the issuer is an intermediate;
    /// it is taken for one where that is likely: the certificate says where to fetch its issuer, as public ones do,
    /// or the user named the authority to trust.
    private var isChainCut: Bool {
        guard cnet_chain_count(chain) == 1, let leaf = cnet_chain_at(chain, 0) else { return false }
        return hasOwnCA || X509_get_ext_by_NID(leaf, NID_info_access, -1) >= 0
    }
}
