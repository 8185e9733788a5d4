/// POP3: greeting, STLS. Source: RFC 2595, 4.
struct POP3StartTLS: LineStartTLS {
    static let name = "pop3"
    private var isGreeted = false

    init(domain: String) {}

    mutating func heard(_ line: String) -> StartTLSMove.Action {
        if line.hasPrefix("-ERR") { return .refused(line) }
        guard line.hasPrefix("+OK") else { return .wrong("this is not POP3: \(line)") }
        if isGreeted { return .ready }
        isGreeted = true
        return .say("STLS\r\n")
    }
}
