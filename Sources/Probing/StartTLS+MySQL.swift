/// MySQL and MariaDB: the server's greeting, SSLRequest, TLS at once. Source: MySQL's documentation, "Protocol::
/// HandshakeV10" and "Protocol::SSLRequest".
struct MySQLStartTLS: StartTLS {
    static let name = "mysql"

    // Capabilities: the protocol of 4.1 and later, TLS, the longer passwords.
    private static let protocol41 = 0x200
    private static let takesTLS = 0x800
    private static let secureConnection = 0x8000
    private static let headerCount = 4

    init(domain: String) {}

    var opening: [UInt8] { [] }

    mutating func next(_ unread: Span<UInt8>) -> StartTLSMove {
        guard unread.count >= MySQLStartTLS.headerCount else { return .wait }
        // A length without the header, least significant byte first, and a sequence number.
        let end = MySQLStartTLS.headerCount + unread.littleNumber(at: 0, count: 3)
        guard end <= StartTLSProtocols.pieceMax, end > MySQLStartTLS.headerCount, unread[3] == 0 else {
            return .wrong("this is not MySQL: \(unread.text(0..<min(40, unread.count)))")
        }
        guard unread.count >= end else { return .wait }
        return StartTLSMove(used: end, action: answer(to: unread.extracting(MySQLStartTLS.headerCount..<end)))
    }

    private func answer(to greeting: Span<UInt8>) -> StartTLSMove.Action {
        // An error: 255, its number, its words.
        if greeting[0] == 255 { return .refused(greeting.text(min(3, greeting.count)..<greeting.count)) }
        guard greeting[0] == 10 else { return .wrong("a greeting of version \(greeting[0])") }
        // The version's text ends with a zero; a connection's number (4), a challenge (8) and a zero follow it.
        var end = 1
        while end < greeting.count, greeting[end] != 0 { end += 1 }
        let capabilitiesAt = end + 1 + 4 + 8 + 1
        guard capabilitiesAt + 2 <= greeting.count else { return .wrong("a greeting that is cut short") }
        let capabilities = greeting.littleNumber(at: capabilitiesAt, count: 2)
        guard capabilities & MySQLStartTLS.takesTLS != 0 else { return .refused("TLS is not among its capabilities") }
        return .ready(MySQLStartTLS.request)
    }

    /// SSLRequest: 32 bytes, second in sequence: capabilities, longest packet (16 MiB), character set 45 (utf8mb4).
    private static let request: [UInt8] = {
        let capabilities = protocol41 | takesTLS | secureConnection
        return [32, 0, 0, 1, UInt8(capabilities & 255), UInt8(capabilities >> 8), 0, 0, 0, 0, 0, 1, 45]
            + [UInt8](repeating: 0, count: 23)
    }()
}
