import CNet
import Glibc
import Vocabulary

/// What libcurl's result of a transfer means.
struct TransferEnding {
    /// nil: a whole response is here, or as much of it as was wanted.
    let cause: Cause?
    /// The alert's number, for `tlsAlert` and its like.
    private(set) var alert: UInt8?
    private(set) var detail: String?

    init(_ result: CURLcode, _ transfer: Transfer, isHTTPS: Bool) {
        if let stop = transfer.stop {
            cause = TransferEnding.cause(stop)
            return
        }
        guard result != CURLE_OK else {
            // An answer that ends inside its header is a whole one to libcurl.
            cause = transfer.header.isWhole ? nil : .closedEarly
            return
        }
        let witness = isHTTPS ? transfer.witness : nil
        if let witness, !witness.isDone || witness.alert != nil, let failure = witness.failure {
            cause = failure
            alert = witness.alert
            return
        }
        let cause = TransferEnding.cause(result, transfer, isShaken: witness?.isDone ?? true)
        self.cause = cause
        // Where the cause alone says little.
        if cause == .protocolError || cause == .internalFault { detail = String(cString: curl_easy_strerror(result)) }
    }

    private static func cause(_ stop: Transfer.Stop) -> Cause? {
        switch stop {
        case .headerTooLarge: .headerTooLarge
        case .bodyTooLarge: .bodyTooLarge
        case .wrongStatusLine: .protocolError
        case .noMemory: .noMemory
        case .seenEnough: nil
        }
    }

    /// `isShaken`: plain, or past the handshake.
    private static func cause(_ result: CURLcode, _ transfer: Transfer, isShaken: Bool) -> Cause {
        switch result {
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .closedEarly
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR: broken(transfer)
        case CURLE_SSL_CONNECT_ERROR: isShaken ? .tlsProtocol : .closedEarly
        case CURLE_PEER_FAILED_VERIFICATION: .certificateInvalid
        case CURLE_BAD_CONTENT_ENCODING: .decodingFailed
        // libcurl's answer to one header line of 100 KiB and more.
        case CURLE_OUT_OF_MEMORY: transfer.header.count > 0 || transfer.scanner.count == 0 ? .headerTooLarge : .noMemory
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL, CURLE_HTTP2, CURLE_HTTP2_STREAM,
            CURLE_HTTP_RETURNED_ERROR,
            CURLE_WRITE_ERROR, CURLE_URL_MALFORMAT:
            .protocolError
        // The connected socket it was given is one no more.
        case CURLE_COULDNT_CONNECT: .reset
        default: .internalFault
        }
    }

    /// The connection broke, or what came on it cannot be read.
    private static func broken(_ transfer: Transfer) -> Cause {
        var number = 0
        cnet_easy_get_long(transfer.easy, CURLINFO_OS_ERRNO, &number)
        return switch Int32(truncatingIfNeeded: number) {
        case ECONNRESET, EPIPE: .reset
        case 0: .protocolError
        case let other: SystemError.cause(other, isImmediate: false)
        }
    }
}
