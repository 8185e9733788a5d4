import Loopback
import Testing
import Vocabulary

@testable import Probing

/// Answers byte by byte: what is unusual but right is up, what is wrong has its cause.
@Suite(.timeLimit(.minutes(1))) struct HTTPAnswerTests {
    private let servers = Servers()

    /// Keeps the servers of a table.
    private final class Servers {
        var all: [LoopbackServer] = []
        deinit { for server in all { server.stop() } }
    }

    private func row(
        _ name: String, _ behaviour: Behaviour, timeoutMs: Int64 = 5000, _ more: [(String, SettingLiteral)] = [],
        expect: SettingLiteral? = nil, is seen: Seen
    ) throws -> ContractRow {
        let server = try LoopbackServer(behaviour)
        servers.all.append(server)
        let settings = SettingLiteral.map(([("url", "http://\(server.hostAndPort)/")] + more).map { ($0.0, $0.1) })
        return ContractRow(name, "http", settings, expect: expect, timeoutMs: timeoutMs, is: seen)
    }

    private func answer(_ name: String, _ text: String, is seen: Seen) throws -> ContractRow {
        try row(name, .answer(text), is: seen)
    }

    @Test("first lines")
    func firstLines() async throws {
        let rest = "Content-Length: 0\r\n\r\n"
        try await expectContract([
            try answer("HTTP/0.9: a body alone", "<html>hello</html>\n", is: .failed(.notHTTP)),
            try answer("an SSH banner", "SSH-2.0-OpenSSH_9.2p1\r\n", is: .failed(.notHTTP)),
            try row("a TLS alert", .answer([21, 3, 3, 0, 2, 2, 70]), is: .failed(.notHTTP)),
            try answer("one byte", "H", is: .failed(.closedEarly)),
            try answer("an empty line first", "\r\nHTTP/1.1 200 OK\r\n\(rest)", is: .failed(.notHTTP)),
            try answer("HTTP/1.0", "HTTP/1.0 200 OK\r\n\(rest)", is: .up(200)),
            try answer("no reason", "HTTP/1.1 200\r\n\(rest)", is: .up(200)),
            try answer("an empty reason", "HTTP/1.1 200 \r\n\(rest)", is: .up(200)),
            try answer("bare line feeds", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", is: .up(200)),
            try answer("a status of two digits", "HTTP/1.1 20 OK\r\n\(rest)", is: .failed(.headerMalformed)),
            try answer("a status of four digits", "HTTP/1.1 2000 OK\r\n\(rest)", is: .failed(.headerMalformed)),
            try answer("a status of letters", "HTTP/1.1 abc OK\r\n\(rest)", is: .failed(.headerMalformed)),
            try answer("HTTP/3 on a TCP connection", "HTTP/3 200 OK\r\n\(rest)", is: .failed(.headerMalformed)),
            try answer("HTTP/7.3", "HTTP/7.3 200 OK\r\n\(rest)", is: .failed(.headerMalformed)),
            try answer("no version", "HTTP/ 200 OK\r\n\(rest)", is: .failed(.headerMalformed)),
        ])
    }

    @Test("header fields")
    func fields() async throws {
        func with(_ lines: String) -> String { "HTTP/1.1 200 OK\r\n\(lines)Content-Length: 0\r\n\r\n" }
        func lines(_ count: Int) -> String { String(repeating: "a:\r\n", count: count) }
        // Status line, Content-Length and the empty line are counted too.
        let most = ResponseHeader.linesMax - 3
        func filled(_ bytes: Int) -> String {
            var left = bytes - with("").utf8.count
            var text = ""
            while left > 0 {
                let line = min(left, left - 60_000 > 0 && left - 60_000 < 10 ? 50_000 : 60_000)
                text += "x: " + String(repeating: "y", count: line - 5) + "\r\n"
                left -= line
            }
            return with(text)
        }
        try await expectContract([
            try answer("a folded field", with("X-Long: one\r\n two\r\n\tthree\r\n"), is: .up(200)),
            try answer("the same field twice", with("X: 1\r\nX: 2\r\n"), is: .up(200)),
            try answer("bytes past ASCII", with("X: h\u{e9}llo \u{1f600}\r\n"), is: .up(200)),
            try answer("an empty value", with("X:\r\n"), is: .up(200)),
            try answer("a zero byte in a field", with("X: a\0b\r\n"), is: .failed(.headerMalformed, 200)),
            try answer("a line without a colon", with("hello\r\n"), is: .failed(.headerMalformed, 200)),
            try answer("as many lines as may be", with(lines(most)), is: .up(200)),
            try answer("one line more", with(lines(most + 1)), is: .failed(.headerTooLarge, 200)),
            try answer("100,000 lines", with(lines(100_000)), is: .failed(.headerTooLarge, 200)),
            try answer("256 KiB", filled(ResponseHeader.bytesMax), is: .up(200)),
            try answer("256 KiB and a byte", filled(ResponseHeader.bytesMax + 1), is: .failed(.headerTooLarge, 200)),
        ])
    }

    @Test("lengths")
    func lengths() async throws {
        func with(_ lines: String, _ body: String) -> String { "HTTP/1.1 200 OK\r\n\(lines)\r\n\(body)" }
        try await expectContract([
            try answer("none: the body ends with the connection", with("", "hello"), is: .up(200)),
            try answer("right", with("Content-Length: 5\r\n", "hello"), is: .up(200)),
            try answer("more than announced", with("Content-Length: 3\r\n", "hello"), is: .up(200)),
            try answer("less than announced", with("Content-Length: 7\r\n", "hello"), is: .failed(.closedEarly, 200)),
            try answer("twice the same", with("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), is: .up(200)),
            try answer("a list of the same", with("Content-Length: 5, 5\r\n", "hello"), is: .up(200)),
            try answer(
                "two that differ", with("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"),
                is: .failed(.lengthMalformed, 200)),
            try answer("a list of two", with("Content-Length: 5, 6\r\n", "hello"), is: .failed(.lengthMalformed, 200)),
            try answer("negative", with("Content-Length: -5\r\n", "hello"), is: .failed(.lengthMalformed, 200)),
            try answer("no number", with("Content-Length: five\r\n", "hello"), is: .failed(.lengthMalformed, 200)),
            try answer("hexadecimal", with("Content-Length: 0x5\r\n", "hello"), is: .failed(.lengthMalformed, 200)),
            try answer("empty", with("Content-Length: \r\n", "hello"), is: .failed(.lengthMalformed, 200)),
            try answer(
                "past 63 bits", with("Content-Length: 9223372036854775808\r\n", "hello"),
                is: .failed(.lengthMalformed, 200)),
            try answer(
                "chunks go before a length",
                with("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"),
                is: .up(200)),
            try answer(
                "a length past the bound that never comes", with("Content-Length: 99999999999\r\n", "hello"),
                is: .failed(.closedEarly, 200)),
        ])
    }

    @Test("chunks and trailers")
    func chunks() async throws {
        func chunked(_ body: String) -> String { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)" }
        let long = String(repeating: "e", count: 1 << 20)
        try await expectContract([
            try answer("two chunks", chunked("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), is: .up(200)),
            try answer("sizes in capitals and with zeros", chunked("000A\r\n0123456789\r\n0\r\n\r\n"), is: .up(200)),
            try answer("an extension", chunked("3;name=value\r\nabc\r\n0\r\n\r\n"), is: .up(200)),
            try answer("an extension of 1 MiB", chunked("3;\(long)\r\nabc\r\n0\r\n\r\n"), is: .up(200)),
            try answer("a trailer", chunked("3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n"), is: .up(200)),
            try answer("no end", chunked("3\r\nabc\r\n"), is: .failed(.closedEarly, 200)),
            try answer("broken off in a chunk", chunked("5\r\nabc"), is: .failed(.closedEarly, 200)),
            try answer("a size that is no number", chunked("xyz\r\nabc\r\n"), is: .failed(.chunkMalformed, 200)),
            try answer("a negative size", chunked("-3\r\nabc\r\n"), is: .failed(.chunkMalformed, 200)),
            try answer(
                "a size past 64 bits", chunked("11111111111111111\r\nabc\r\n"), is: .failed(.chunkMalformed, 200)),
            try answer(
                "a chunk longer than its size", chunked("3\r\nabcdef\r\n0\r\n\r\n"), is: .failed(.chunkMalformed, 200)),
            try row(
                "trailers without end", .endless(after: chunked("0\r\n"), "X-More: trailer\r\n"),
                is: .failed(.headerTooLarge, 200)),
            try row(
                "an extension without end", .endless(after: chunked("3;"), "extension"), timeoutMs: 500,
                is: .failed(.timeoutTransfer, 200)),
        ])
    }

    @Test("informational answers, and those without a body")
    func bodiless() async throws {
        let good = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        func interim(_ count: Int) -> String {
            String(repeating: "HTTP/1.1 102 Processing\r\n\r\n", count: count)
        }
        try await expectContract([
            try answer(
                "several kinds of 1xx",
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n\(good)", is: .up(200)),
            try answer("as many as may be", interim(ResponseHeader.interimMax) + good, is: .up(200)),
            try answer("one more", interim(ResponseHeader.interimMax + 1) + good, is: .failed(.tooManyInterim, 200)),
            try row("without end", .endless(after: "", interim(1)), is: .failed(.tooManyInterim, 102)),
            try answer(
                "204 with a body all the same", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
                is: .up(204)),
            try answer(
                "304 with a body all the same", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
                is: .failed(.status304, 304)),
            try row(
                "HEAD", .answer("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n"), [("method", "HEAD")], is: .up(200)),
            try row(
                "100 Continue before a long body that waits for it",
                .answer("HTTP/1.1 100 Continue\r\n\r\n\(good)"),
                [
                    ("method", "POST"), ("headers", ["Expect": "100-continue"]),
                    ("body", .text(String(repeating: "x", count: 100_000))),
                ],
                is: .up(200)),
            try row(
                "417 to a body that waits", .answer("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n"),
                [("method", "POST"), ("headers", ["Expect": "100-continue"]), ("body", "x")],
                is: .failed(.status4xx, 417)),
        ])
    }

    @Test("a connection that ends, breaks or stalls at each point")
    func points() async throws {
        let points: [(String, String, UInt16)] = [
            ("in the status line", "HTTP/1.1 2", 0), ("in the header", "HTTP/1.1 200 OK\r\nContent-Le", 200),
            ("before the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 200),
            ("in the body", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe", 200),
            ("in a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", 200),
        ]
        var rows: [ContractRow] = []
        for (name, text, status) in points {
            let seen = status == 0 ? Seen.failed(.closedEarly) : .failed(.closedEarly, status)
            rows.append(try row("closed \(name)", .answer(text), is: seen))
            rows.append(try row("reset \(name)", .answer(text, then: .reset), is: .failed(.reset, status)))
            rows.append(
                try row(
                    "stalled \(name)", .answer(text, then: .hang), timeoutMs: 400, is: .failed(.timeoutTransfer, status)
                ))
        }
        try await expectContract(rows)
    }
}
