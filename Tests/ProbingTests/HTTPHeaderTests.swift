import Loopback
import Testing

/// Status lines, header fields and interim answers, as no server should send them. Source: RFC 9112, 4 and 5.
@Suite(.timeLimit(.minutes(1))) struct HTTPHeaderTests {
    @Test("a first line is a status line, or is told by what is wrong with it")
    func statusLines() async throws {
        func row(_ line: String, then acts: [Behaviour.Act] = [.end], is seen: Seen) -> Opponent {
            Opponent(
                String(line.prefix(40)).debugDescription, says: "\(line)\r\nContent-Length: 3\r\n\r\nok\n", then: acts,
                is: seen)
        }
        let opponents: [Opponent] = [
            row("HTTP/1.1 200 Gr\u{fc}\u{df}e \u{1f44b}", is: .up(200)),
            row("HTTP/1.1 200 \(String(repeating: "x", count: 60_000))", is: .up(200)),
            row("HTTP/1.1 200 \(String(repeating: "x", count: 1 << 20))", is: .failed(.headerTooLarge)),
            row("HTTP/1.1", is: .failed(.headerMalformed)),
            row("HTTP/1.1 ", is: .failed(.headerMalformed)),
            row("HTTP/1.1 -200 OK", is: .failed(.headerMalformed)),
            row("HTTP/1.1 000 Nothing", is: .failed(.headerMalformed)),
            row("HTTP/1.1 099 Almost", is: .failed(.headerMalformed)),
            row("HTTP/1.1 200\0OK", is: .failed(.headerMalformed, 200)),
            row("HTTP/1.2 200 OK", is: .failed(.headerMalformed)),
            row("HTTP/2 200 OK", is: .up(200)),
            row("http/1.1 200 OK", is: .up(200)),
            row("ICY 200 OK", is: .failed(.notHTTP)),
            row("RTSP/1.0 200 OK", is: .failed(.notHTTP)),
            row(" HTTP/1.1 200 OK", is: .failed(.notHTTP)),
            row("\u{feff}HTTP/1.1 200 OK", is: .failed(.notHTTP)),
            row("-ERR unknown command 'GET'", is: .failed(.notHTTP)),
        ]
        try await expectContract(
            with: opponents + [
                Opponent(
                    "a status line without end", says: "HTTP/1.1 200 ", then: [.repeatEndlessly("x")],
                    is: .failed(.headerTooLarge)),
                Opponent("empty lines without end", says: "", then: [.repeatEndlessly("\r\n")], is: .failed(.notHTTP)),
            ])
    }

    @Test("header fields are taken as they come, as far as they can be told apart")
    func fields() async throws {
        func row(_ name: String, _ lines: String, is seen: Seen) -> Opponent {
            Opponent(name, says: "HTTP/1.1 200 OK\r\n\(lines)Content-Length: 3\r\n\r\nok\n", is: seen)
        }
        let malformed = Seen.failed(.headerMalformed, 200)
        try await expectContract(with: [
            row("line feeds alone", "X-A: b\nX-C: d\n", is: .up(200)),
            row("control characters", "X-A: \u{1}\u{7}\u{1b}[31m\r\n", is: .up(200)),
            row("a NUL in a name", "X\0A: b\r\n", is: malformed),
            row("folded before the first", " X-A: b\r\n", is: malformed),
            row("a second status line", "HTTP/1.1 404 Not Found\r\n", is: .failed(.headerMalformed, 200)),
        ])
    }

    @Test("a field without end is stopped")
    func endless() async throws {
        let status = "HTTP/1.1 200 OK\r\n"
        try await expectContract(with: [
            Opponent(
                "in its name", says: status, then: [.repeatEndlessly("x")], is: .failed(.headerTooLarge, 200)),
            Opponent(
                "in its value", says: status + "X: ", then: [.repeatEndlessly("x")], is: .failed(.headerTooLarge, 200)),
            Opponent(
                "in folded lines", says: status + "X: y\r\n", then: [.repeatEndlessly(" and more\r\n")],
                is: .failed(.headerTooLarge, 200)),
        ])
    }

    @Test("interim answers lead to nothing when no answer follows, and their lengths mean nothing")
    func interim() async throws {
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
        func interim(_ count: Int) -> String {
            String(repeating: "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", count: count)
        }
        try await expectContract(with: [
            Opponent(
                "a length that means nothing", says: "HTTP/1.1 103 E\r\nContent-Length: 9\r\n\r\n" + good, is: .up(200)),
            Opponent("closed after one", says: interim(1), is: .failed(.closedEarly, 103)),
            Opponent("reset after one", says: interim(1), then: Behaviour.Act.resetLater, is: .failed(.reset, 103)),
            Opponent(
                "nothing after one", says: interim(1), then: Behaviour.Act.hang, timeoutMs: 300,
                is: .failed(.timeoutTransfer, 103)),
            Opponent("half a one", says: "HTTP/1.1 103 Early Hints\r\nLink", is: .failed(.closedEarly, 103)),
        ])
    }

    @Test("a long body is sent at once, or when 100 Continue is waited for, and a refusal of it is the answer")
    func continuing() async throws {
        let body = SettingLiteral.text(String(repeating: "long body ", count: 50_000))
        let post: [(key: String, value: SettingLiteral)] = [("method", "POST"), ("body", body)]
        let waiting = post + [("headers", ["Expect": "100-continue"])]
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
        let refusal = "HTTP/1.1 413 Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        try await expectContract(with: [
            Opponent(
                "sent at once", .script([.hear("\r\n\r\n"), .hearBytes(500_000), .say(good), .end]), post, is: .up(200)),
            Opponent(
                "sent when it may be",
                .script([
                    .hear("Expect: 100-continue\r\n"), .hear("\r\n"), .say("HTTP/1.1 100 Continue\r\n\r\n"),
                    .hearBytes(500_000), .say(good), .end,
                ]), waiting, is: .up(200)),
            Opponent(
                "sent when nobody says so", .script([.hear("\r\n\r\n"), .hearBytes(500_000), .say(good), .end]),
                waiting,
                is: .up(200)),
            Opponent("refused before it is sent", says: refusal, waiting, is: .failed(.status413, 413)),
            Opponent("refused while it is sent", says: refusal, post, is: .failed(.status413, 413)),
            Opponent("answered without hearing it", says: good, post, is: .up(200)),
            Opponent("not taken", says: "", then: Behaviour.Act.hang, post, timeoutMs: 400, is: .failed(.timeoutWait)),
            Opponent("reset while it is sent", says: "", then: [.reset], post, is: .failed(.reset)),
        ])
    }

    @Test("the wait for the answer to a long body is wait, not transfer")
    func legs() async throws {
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n"
        let server = try LoopbackServer(
            .script([.hear("\r\n\r\n"), .hearBytes(500_000), .pause(ms: 120), .say(good), .end]))
        let asking = try Asking([
            ContractRow(
                "long", "http",
                [
                    "url": "http://\(server.hostAndPort)/", "method": "POST",
                    "body": .text(String(repeating: "long body ", count: 50_000)),
                ], is: .up(200))
        ])
        defer { asking.reactor.stop() }
        let legs = try #require(await asking.all().first).sample.legs
        #expect(legs.waitUs >= 119_000 && legs.transferUs < 100_000)
    }
}
