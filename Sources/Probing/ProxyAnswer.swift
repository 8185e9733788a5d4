import Glibc
import Vocabulary

/// What a proxy's answer means. Where it says clearly that the target is to blame, the cause is the target's; all else
/// is the proxy's, and so our own.
struct ProxyAnswer {
    let step: ProxyDialogue.Step

    /// The reply to CONNECT: status line and header lines.
    init(head: [UInt8]) {
        let lines = String(decoding: head, as: UTF8.self).split(whereSeparator: \.isNewline)
        let words = lines.first?.split(separator: " ", maxSplits: 2) ?? []
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), words[1].utf8.count == 3, let status = UInt16(words[1])
        else {
            step = .failed(.proxyProtocol, detail: "does not speak HTTP", status: 0)
            return
        }
        if status / 100 == 2 {
            step = .stands
            return
        }
        let line = words.dropFirst().joined(separator: " ")
        let cause = ProxyAnswer.cause(status: status, headers: lines.dropFirst())
        step = .failed(cause, detail: "answered \(line)", status: status)
    }

    private static func cause(status: UInt16, headers: ArraySlice<Substring>) -> Cause {
        if status == 407 { return .proxyAuthentication }
        for header in headers {
            guard let colon = header.firstIndex(of: ":") else { continue }
            let value = header[header.index(after: colon)...].drop { $0 == " " }
            switch header[..<colon].lowercased() {
            case "proxy-status": if let cause = proxyStatus(value) { return cause }
            case "x-squid-error": if let cause = squidError(value) { return cause }
            default: break
            }
        }
        return switch status {
        case 502: .unreachable
        case 504: .timeoutConnect
        default: .proxyStatus
        }
    }

    /// Source: RFC 9209, 2.3.
    private static func proxyStatus(_ value: Substring) -> Cause? {
        let errors: [(String, Cause)] = [
            ("dns_error", .nameNotFound), ("dns_timeout", .dnsTimeout), ("destination_not_found", .nameNotFound),
            ("destination_unavailable", .unreachable), ("destination_ip_unroutable", .unreachable),
            ("connection_refused", .refused), ("connection_terminated", .reset),
            ("connection_timeout", .timeoutConnect),
        ]
        return errors.first { value.contains("error=\($0.0)") }?.1
    }

    /// `ERR_CONNECT_FAIL 111`: what failed, and the errno. Source: Squid, src/errorpage.cc.
    private static func squidError(_ value: Substring) -> Cause? {
        let words = value.split(separator: " ")
        switch words.first {
        case "ERR_DNS_FAIL": return .nameNotFound
        case "ERR_CONNECT_FAIL":
            let cause = SystemError.cause(words.count > 1 ? Int32(words[1]) ?? 0 : 0, isImmediate: false)
            return [.refused, .unreachable, .reset, .timeoutConnect].contains(cause) ? cause : nil
        default: return nil
        }
    }

    /// A SOCKS reply other than 0. Source: RFC 1928, 6.
    static func socks(_ reply: UInt8) -> ProxyDialogue.Step {
        let (cause, words): (Cause, String) =
            switch reply {
            case 1: (.proxyStatus, "general failure")
            case 2: (.proxyStatus, "not allowed by its rules")
            case 3: (.proxyStatus, "network unreachable")
            case 4: (.unreachable, "host unreachable")
            case 5: (.refused, "connection refused")
            // Servers say so when connecting timed out.
            case 6: (.timeoutConnect, "time to live expired")
            case 7: (.proxyProtocol, "command not supported")
            case 8: (.proxyProtocol, "address type not supported")
            default: (.proxyProtocol, "no known reply")
            }
        return .failed(cause, detail: "answered with SOCKS reply \(reply): \(words)", status: 0)
    }
}
