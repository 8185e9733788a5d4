/// PostgreSQL: SSLRequest, and one byte in answer. Source: PostgreSQL's documentation, "Message Formats" and
/// "SSL Session Encryption".
struct PostgresStartTLS: StartTLS {
    static let name = "postgres"

    init(domain: String) {}

    /// Length 8, code 80877103.
    var opening: [UInt8] { [0, 0, 0, 8, 4, 210, 22, 47] }

    mutating func next(_ unread: Span<UInt8>) -> StartTLSMove {
        guard unread.count > 0 else { return .wait }
        switch unread[0] {
        case UInt8(ascii: "S"): return StartTLSMove(used: 1, action: .ready)
        case UInt8(ascii: "N"): return StartTLSMove(used: 1, action: .refused("N, it takes no TLS"))
        case UInt8(ascii: "E"): return refusal(unread)
        default: return .wrong("this is not PostgreSQL: \(unread.text(0..<min(40, unread.count)))")
        }
    }

    /// ErrorResponse: a length that counts itself, then fields of a letter and a text each.
    private func refusal(_ unread: Span<UInt8>) -> StartTLSMove {
        guard unread.count >= 5 else { return .wait }
        let length = unread.number(at: 1, count: 4)
        guard (4..<StartTLSProtocols.pieceMax).contains(length) else { return .wrong("an error of \(length) bytes") }
        guard unread.count > length else { return .wait }
        let fields = unread.text(5..<length + 1).split(separator: "\0")
        let message = fields.first { $0.hasPrefix("M") }.map { String($0.dropFirst()) } ?? "an error without words"
        return StartTLSMove(used: length + 1, action: .refused(message))
    }
}
