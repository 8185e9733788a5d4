import Loopback
import Support
import Testing

/// Connections that break off, freeze or drip, at each point of an answer.
@Suite(.timeLimit(.minutes(1))) struct HTTPBreakingTests {
    /// What of an answer has come, and what a sample then says of its status.
    private static let points: [(name: String, text: String, status: UInt16)] = [
        ("in the name of the protocol", "HTTP", 0),
        ("after the status line", "HTTP/1.1 200 OK\r\n", 200),
        ("before the empty line", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n", 200),
        ("in the empty line", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r", 200),
    ]

    @Test("an orderly close, a reset and silence have their cause at each point")
    func points() async throws {
        var opponents: [Opponent] = []
        for (name, text, status) in Self.points {
            opponents += [
                Opponent("closed \(name)", says: text, is: .failed(.closedEarly, status)),
                Opponent("reset \(name)", says: text, then: Behaviour.Act.resetLater, is: .failed(.reset, status)),
                Opponent(
                    "silent \(name)", says: text, then: Behaviour.Act.hang, timeoutMs: 300,
                    is: .failed(.timeoutTransfer, status)),
            ]
        }
        try await expectContract(with: opponents)
    }

    @Test("once the answer is whole, what the connection does after it does not matter")
    func whole() async throws {
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
        let open = "HTTP/1.1 200 OK\r\n\r\nok\n"
        try await expectContract(with: [
            Opponent("reset", says: whole, then: [.reset], is: .up(200)),
            Opponent("silent", says: whole, then: Behaviour.Act.hang, is: .up(200)),
            Opponent("another answer", says: whole + whole, then: Behaviour.Act.hang, sees: "^ok\n$", is: .up(200)),
            Opponent("garbage", says: whole, then: [.repeatEndlessly("garbage ")], sees: "^ok\n$", is: .up(200)),
            Opponent(
                "reset, where closing is the end", says: open, then: Behaviour.Act.resetLater, is: .failed(.reset, 200)),
            Opponent(
                "silent, where closing is the end", says: open, then: Behaviour.Act.hang, timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
        ])
    }

    @Test("an answer that drips is in time or is not, and the deadline does not move")
    func drips() async throws {
        let header = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n"
        let body = String(repeating: "drop", count: 10)
        try await expectContract(with: [
            Opponent("in time", says: "", then: [.drip(header + body, everyMs: 2), .end], is: .up(200)),
            Opponent(
                "in the header", says: "HTTP/1.1 200 OK\r\n", then: [.drip("X-Slow: 1234567890123", everyMs: 30)],
                timeoutMs: 300, is: .failed(.timeoutTransfer, 200)),
            Opponent(
                "in the body", says: header, then: [.drip(body, everyMs: 30)], timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
            Opponent(
                "between the two", says: header, then: [.pause(ms: 30_000)], timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
        ])
    }

    @Test("over TLS an end without its goodbye is a break, not the end of a body")
    func truncation() async throws {
        let made = try Certificates()
        let tls: [(key: String, value: SettingLiteral)] = [("tls", made.tls)]
        let whole = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
        let open = "HTTP/1.1 200 OK\r\n\r\nok\n"
        try await expectContract(
            with: [
                Opponent("after the handshake", says: "", is: .failed(.closedEarly)),
                Opponent("in the status line", says: "HTTP/1.1 2", is: .failed(.closedEarly)),
                Opponent("in the header", says: "HTTP/1.1 200 OK\r\nContent-Le", is: .failed(.closedEarly, 200)),
                Opponent("in a body of a known length", says: String(whole.dropLast()), is: .failed(.closedEarly, 200)),
                Opponent("in a body without a length", says: open, is: .failed(.closedEarly, 200)),
                Opponent("a goodbye after a body without a length", .answer(open), sees: "^ok\n$", is: .up(200)),
                Opponent("after the last byte of a known length", says: whole, is: .up(200)),
                Opponent(
                    "reset after the handshake", says: "", then: Behaviour.Act.resetLater, is: .failed(.closedEarly)),
                Opponent(
                    "silent after the handshake", says: "", then: Behaviour.Act.hang, timeoutMs: 500,
                    is: .failed(.timeoutWait)),
                Opponent("garbage after the handshake", says: "\u{1}garbage\r\n", is: .failed(.notHTTP)),
            ], tls, identity: try made.good())
    }
}
