/// A dialogue that leads to TLS on a connection that began without it: bytes in, what to do out, no I/O.
/// A new protocol is a file of its own and a line in `all`.
protocol StartTLS: Sendable {
    static var name: String { get }
    /// `domain`: the name that the certificate is to bear.
    init(domain: String)
    /// What goes out first; empty where the target speaks first.
    var opening: [UInt8] { get }
    /// What to do about `unread`: what has come and was not used yet.
    mutating func next(_ unread: Span<UInt8>) -> StartTLSMove
}

enum StartTLSProtocols {
    static var all: [any StartTLS.Type] {
        [
            SMTPStartTLS.self,
            IMAPStartTLS.self,
            POP3StartTLS.self,
            FTPStartTLS.self,
            PostgresStartTLS.self,
            LDAPStartTLS.self,
            XMPPStartTLS.self,
            MySQLStartTLS.self,
        ]
    }

    /// Most bytes that a target may say before TLS, and in one line, tag or packet of it.
    static let bytesMax = 65_536
    static let pieceMax = 4096
}

/// One decision of a dialogue.
struct StartTLSMove: Equatable, Sendable {
    enum Action: Equatable, Sendable {
        /// Nothing yet: asks again with what is left, or when more has come.
        case wait
        case say([UInt8])
        /// TLS may begin, after these bytes.
        case ready([UInt8])
        /// The target does not want to; what it said.
        case refused(String)
        /// What came is not this protocol; why.
        case wrong(String)
    }

    /// How many of the unread bytes are used.
    let used: Int
    let action: Action

    static let wait = StartTLSMove(used: 0, action: .wait)
    static func wrong(_ why: String) -> StartTLSMove { StartTLSMove(used: 0, action: .wrong(why)) }
}

extension StartTLSMove.Action {
    static func say(_ text: String) -> StartTLSMove.Action { .say(Array(text.utf8)) }
    static var ready: StartTLSMove.Action { .ready([]) }
}

/// A dialogue in lines.
protocol LineStartTLS: StartTLS {
    /// `line`: without its end.
    mutating func heard(_ line: String) -> StartTLSMove.Action
}

extension LineStartTLS {
    var opening: [UInt8] { [] }

    mutating func next(_ unread: Span<UInt8>) -> StartTLSMove {
        var end = 0
        while end < unread.count, unread[end] != UInt8(ascii: "\n") { end += 1 }
        guard end < min(unread.count, StartTLSProtocols.pieceMax) else {
            return unread.count < StartTLSProtocols.pieceMax
                ? .wait : .wrong("a line of more than \(StartTLSProtocols.pieceMax) bytes")
        }
        let isReturned = end > 0 && unread[end - 1] == UInt8(ascii: "\r")
        let line = unread.text(0..<(isReturned ? end - 1 : end))
        return StartTLSMove(used: end + 1, action: heard(line))
    }
}

/// A line of a protocol that answers with three digits: `250-STARTTLS`, `220 ready`.
struct NumberedLine {
    let code: Int
    let isLast: Bool
    let text: Substring

    /// nil when the line does not begin so.
    init?(_ line: String) {
        let digits = line.prefix(3)
        let rest = line.dropFirst(3)
        guard digits.utf8.count == 3, digits.allSatisfy(\.isASCIIDigit), let code = Int(digits),
            rest.isEmpty || rest.hasPrefix(" ") || rest.hasPrefix("-")
        else { return nil }
        self.code = code
        isLast = !rest.hasPrefix("-")
        text = rest.dropFirst()
    }
}

extension Character {
    fileprivate var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}

extension Span<UInt8> {
    func text(_ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        for index in range { bytes.append(self[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `count` bytes from `start` as a number, most significant first.
    func number(at start: Int, count: Int) -> Int { (start..<start + count).reduce(0) { $0 << 8 | Int(self[$1]) } }

    /// Least significant first.
    func littleNumber(at start: Int, count: Int) -> Int {
        (start..<start + count).reversed().reduce(0) { $0 << 8 | Int(self[$1]) }
    }
}
