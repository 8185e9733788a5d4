import CNet
import Glibc
import Vocabulary

extension TLSWitness {
    /// Why the handshake failed; nil when nothing here says so.
    var failure: Cause? {
        if let staple { return staple.cause }
        if verifyError != 0 { return verifyCause }
        if let alert { return TLSAlert.cause(alert) }
        if reason != 0 { return reasonCause }
        switch systemError {
        case 0: return nil
        case ECONNRESET, EPIPE: return .reset
        default: return SystemError.cause(systemError, isImmediate: false)
        }
    }

    private var reasonCause: Cause {
        switch reason {
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: .closedEarly
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_VERSION_TOO_HIGH, SSL_R_WRONG_SSL_VERSION,
            SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_UNKNOWN_SSL_VERSION, SSL_R_INAPPROPRIATE_FALLBACK:
            .tlsVersion
        case SSL_R_WRONG_CIPHER_RETURNED, SSL_R_UNKNOWN_CIPHER_RETURNED, SSL_R_DH_KEY_TOO_SMALL,
            SSL_R_NO_CIPHERS_AVAILABLE:
            .tlsCipher
        case SSL_R_EE_KEY_TOO_SMALL, SSL_R_CA_KEY_TOO_SMALL, SSL_R_CA_MD_TOO_WEAK, SSL_R_CERT_LENGTH_MISMATCH:
            .certificateInvalid
        case SSL_R_EXCESSIVE_MESSAGE_SIZE where hasFailedAtCertificates: .certificateChainTooLarge
        default: .tlsProtocol
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
        case X509_V_ERR_CERT_CHAIN_TOO_LONG: .certificateChainTooLarge
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
