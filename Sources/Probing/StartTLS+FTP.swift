/// FTP: greeting, AUTH TLS. Source: RFC 4217, 4; RFC 959, 4.2 for replies of several lines.
struct FTPStartTLS: LineStartTLS {
    static let name = "ftp"
    private var isGreeted = false
    /// The code of the reply under way; its lines in between may say anything.
    private var open: Int?

    init(domain: String) {}

    mutating func heard(_ line: String) -> StartTLSMove.Action {
        let reply = NumberedLine(line)
        if let open, reply?.code != open || reply?.isLast != true { return .wait }
        guard let reply else { return .wrong("this is not FTP: \(line)") }
        open = reply.isLast ? nil : reply.code
        guard reply.isLast else { return .wait }
        switch (isGreeted, reply.code) {
        // Ready in some minutes.
        case (false, 120): return .wait
        case (false, 220):
            isGreeted = true
            return .say("AUTH TLS\r\n")
        case (true, 234): return .ready
        default: return .refused(line)
        }
    }
}
