/// IMAP: greeting, STARTTLS. Source: RFC 9051, 6.2.1 and 7.1.
struct IMAPStartTLS: LineStartTLS {
    static let name = "imap"
    private var isGreeted = false

    init(domain: String) {}

    mutating func heard(_ line: String) -> StartTLSMove.Action {
        let words = line.split(separator: " ", maxSplits: 2).map { $0.uppercased() }
        guard words.count > 1 else { return .wrong("this is not IMAP: \(line)") }
        switch (isGreeted, words[0], words[1]) {
        case (false, "*", "OK"):
            isGreeted = true
            return .say("a STARTTLS\r\n")
        // Already logged in, where STARTTLS is no longer possible; or not welcome.
        case (false, "*", "PREAUTH"), (_, "*", "BYE"): return .refused(line)
        case (true, "*", _): return .wait
        case (true, "A", "OK"): return .ready
        case (true, "A", "NO"), (true, "A", "BAD"): return .refused(line)
        default: return .wrong("this is not IMAP: \(line)")
        }
    }
}
