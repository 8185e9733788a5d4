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
            // An answer that ends inside its header is a whole one to libcurl, as is a body cut off.
            cause = transfer.header.isWhole && !(isHTTPS && transfer.isCutOff) ? nil : .closedEarly
            return
        }
        let witness = isHTTPS ? transfer.witness : nil
        if let witness, !witness.isDone || witness.alert != nil, let failure = witness.failure {
            cause = failure
            alert = witness.alert
            return
        }
        let words = transfer.libcurlWords
        cause = TransferEnding.cause(result, transfer, words ?? "", isShaken: witness?.isDone ?? true)
        // Where the cause alone says little.
        switch cause {
        case .protocolError, .internalFault, .headerMalformed, .chunkMalformed, .lengthMalformed, .notHTTP,
            .streamReset,
            .httpVersion:
            detail = words ?? String(cString: curl_easy_strerror(result))
        default: break
        }
    }

    private static func cause(_ stop: Transfer.Stop) -> Cause? {
        switch stop {
        case .headerTooLarge: .headerTooLarge
        case .bodyTooLarge: .bodyTooLarge
        case .wrongStatusLine: .headerMalformed
        case .wrongLength: .lengthMalformed
        case .tooManyInterim: .tooManyInterim
        case .noMemory: .noMemory
        case .seenEnough: nil
        }
    }

    /// `isShaken`: plain, or past the handshake.
    private static func cause(_ result: CURLcode, _ transfer: Transfer, _ words: String, isShaken: Bool) -> Cause? {
        switch result {
        case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .closedEarly
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR: broken(transfer, words)
        case CURLE_SSL_CONNECT_ERROR: isShaken ? .tlsProtocol : .closedEarly
        case CURLE_PEER_FAILED_VERIFICATION: .certificateInvalid
        case CURLE_BAD_CONTENT_ENCODING: .decodingFailed
        // libcurl's answer to one header line of 100 KiB and more.
        case CURLE_OUT_OF_MEMORY: transfer.header.count > 0 || transfer.scanner.count == 0 ? .headerTooLarge : .noMemory
        // HTTP/0.9, or no HTTP at all.
        case CURLE_UNSUPPORTED_PROTOCOL: words.hasPrefix("Unsupported") ? .headerMalformed : .notHTTP
        case CURLE_WEIRD_SERVER_REPLY: words.hasPrefix("Invalid Content-Length") ? .lengthMalformed : .headerMalformed
        // A field that goes on before any has begun.
        case CURLE_BAD_FUNCTION_ARGUMENT: .headerMalformed
        // A GOAWAY that leaves the request out has no words, a broken rule has.
        case CURLE_HTTP2: words.isEmpty ? .streamRefused : .streamReset
        case CURLE_HTTP2_STREAM: .streamReset
        case CURLE_HTTP_RETURNED_ERROR, CURLE_WRITE_ERROR, CURLE_URL_MALFORMAT: .protocolError
        case CURLE_COULDNT_CONNECT: connectionWanted(transfer)
        default: .internalFault
        }
    }

    /// The connection broke, or what came on it cannot be read.
    private static func broken(_ transfer: Transfer, _ words: String) -> Cause {
        var number = 0
        // The number may be of an earlier request of this handle, unless libcurl speaks of one.
        if words.hasPrefix("Recv failure") || words.hasPrefix("Send failure") || words.contains("errno") {
            cnet_easy_get_long(transfer.easy, CURLINFO_OS_ERRNO, &number)
        }
        switch Int32(truncatingIfNeeded: number) {
        case ECONNRESET, EPIPE: return .reset
        case 0: break
        case let other: return SystemError.cause(other, isImmediate: false)
        }
        // libcurl takes trailer lines of 4 KiB.
        if words.hasPrefix("Out of memory in chunked") { return .headerTooLarge }
        if words.hasSuffix("chunked-encoding") { return .chunkMalformed }
        // TLS without its closing alert.
        return words.contains("unexpected eof") ? .closedEarly : .protocolError
    }

    /// libcurl asked for a second connection, which it is not given: its reason is the answer. nil: it wanted to repeat
    /// the request without `Expect: 100-continue`, and the answer is the 417.
    private static func connectionWanted(_ transfer: Transfer) -> Cause? {
        // The connected socket it was given is one no more.
        guard transfer.askedAgain else { return .reset }
        return transfer.header.isWhole ? nil : .streamRefused
    }
}
