/// SMTP: greeting, EHLO, STARTTLS. Source: RFC 3207.
struct SMTPStartTLS: LineStartTLS {
    static let name = "smtp"

    private enum Turn {
        case greeting
        case capabilities
        case goAhead
    }

    private var turn = Turn.greeting
    private var isOffered = false

    init(domain: String) {}

    mutating func heard(_ line: String) -> StartTLSMove.Action {
        guard let reply = NumberedLine(line) else { return .wrong("this is not SMTP: \(line)") }
        switch turn {
        case .greeting:
            guard reply.code == 220 else { return .refused(line) }
            guard reply.isLast else { return .wait }
            turn = .capabilities
            // A name that belongs to nobody: RFC 2606, 2.
            return .say("EHLO sonde.invalid\r\n")
        case .capabilities:
            guard reply.code == 250 else { return .refused(line) }
            if reply.text.uppercased() == "STARTTLS" { isOffered = true }
            guard reply.isLast else { return .wait }
            turn = .goAhead
            return isOffered ? .say("STARTTLS\r\n") : .refused("STARTTLS is not among its extensions")
        case .goAhead:
            guard reply.code == 220 else { return .refused(line) }
            return reply.isLast ? .ready : .wait
        }
    }
}
