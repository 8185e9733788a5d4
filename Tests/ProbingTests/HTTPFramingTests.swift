import Loopback
import Testing

/// Where a body ends: lengths, chunks and the end of the connection. Source: RFC 9112, 6 and 7.
@Suite(.timeLimit(.minutes(1))) struct HTTPFramingTests {
    private static let ok = "^ok\n$"

    @Test("a Content-Length is held against the body, and one that cannot be is told")
    func lengths() async throws {
        func row(
            _ name: String, _ lines: String, body: String = "ok\n", sees pattern: String? = nil, is seen: Seen
        ) -> Opponent {
            Opponent(name, says: "HTTP/1.1 200 OK\r\n\(lines)\r\n\r\n\(body)", sees: pattern, is: seen)
        }
        let malformed = Seen.failed(.lengthMalformed, 200)
        let opponents: [Opponent] = [
            row("shorter than what comes", "Content-Length: 2", sees: "^ok$", is: .up(200)),
            row("none to come, but some does", "Content-Length: 0", sees: "^$", is: .up(200)),
            row("as long as can be said", "Content-Length: 9223372036854775807", is: .failed(.closedEarly, 200)),
            row("beyond all numbers", "Content-Length: 99999999999999999999999999", is: malformed),
            row("with a plus", "Content-Length: +3", is: malformed),
            row("a fraction", "Content-Length: 3.0", is: malformed),
            row("two numbers in one", "Content-Length: 3 3", is: malformed),
            row("on a line of its own", "Content-Length:\r\n 3", is: malformed),
            row("with zeros before it", "Content-Length: 0003", sees: Self.ok, is: .up(200)),
            row("without a space, in capitals", "CONTENT-LENGTH:3", sees: Self.ok, is: .up(200)),
            row("a good and a bad one", "Content-Length: 3\r\nContent-Length: -1", is: malformed),
            row(
                "beside chunks, which weigh more", "Transfer-Encoding: chunked\r\nContent-Length: 100",
                body: "3\r\nok\n\r\n0\r\n\r\n", sees: Self.ok, is: .up(200)),
        ]
        try await expectContract(with: opponents)
    }

    @Test("a status without a body has none, whatever the header says and whatever comes")
    func bodiless() async throws {
        func row(_ name: String, _ answer: String, expect status: UInt16) -> Opponent {
            Opponent(name, says: answer, then: Behaviour.Act.hang, is: .failed(.status(status), status))
        }
        try await expectContract(with: [
            Opponent(
                "204 with a length and a body", says: "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\nok\n",
                then: Behaviour.Act.hang, sees: "^$", is: .up(204)),
            Opponent(
                "204 with a length and no body", says: "HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n",
                then: Behaviour.Act.hang, sees: "^$", is: .up(204)),
            Opponent(
                "204 with chunks",
                says: "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n",
                then: Behaviour.Act.hang, sees: "^$", is: .up(204)),
            row(
                "304 with a length and a body", "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\nok\n",
                expect: 304),
            row("304 with neither", "HTTP/1.1 304 Not Modified\r\n\r\n", expect: 304),
            Opponent(
                "HEAD answered with a body", says: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n",
                then: Behaviour.Act.hang, [("method", "HEAD")], is: .up(200)),
            Opponent(
                "HEAD answered with chunks", says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n",
                then: Behaviour.Act.hang, [("method", "HEAD")], is: .up(200)),
        ])
    }

    @Test("chunks are held to their sizes, and to their end")
    func chunks() async throws {
        func row(
            _ name: String, _ body: String, then acts: [Behaviour.Act] = [.end], sees pattern: String? = nil,
            timeoutMs: Int64 = 5000, is seen: Seen
        ) -> Opponent {
            Opponent(
                name, says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(body)", then: acts, sees: pattern,
                timeoutMs: timeoutMs, is: seen)
        }
        let malformed = Seen.failed(.chunkMalformed, 200)
        let opponents: [Opponent] = [
            row("none but the last", "0\r\n\r\n", sees: "^$", is: .up(200)),
            row("bytes after the last", "3\r\nok\n\r\n0\r\n\r\nmore", sees: Self.ok, is: .up(200)),
            row("line feeds alone", "3\nok\n\n0\n\n", sees: Self.ok, is: .up(200)),
            row("no size", "\r\nok\n\r\n0\r\n\r\n", is: malformed),
            row("a size as large as 64 bits hold", "ffffffffffffffff\r\nok\n\r\n0\r\n\r\n", is: malformed),
            row("a size without end", "", then: [.repeatEndlessly("0")], is: malformed),
            row("a size too large", "5\r\nok\n\r\n0\r\n\r\n", is: malformed),
            row("nothing between two", "3\r\nok\n0\r\n\r\n", is: malformed),
            row("no chunks at all", "<html>ok</html>", is: malformed),
            row("closed before the first", "", is: .failed(.closedEarly, 200)),
            row("closed in a size", "3", is: .failed(.closedEarly, 200)),
            row("closed in the last", "3\r\nok\n\r\n0\r\n", is: .failed(.closedEarly, 200)),
            row("reset before the last", "3\r\nok\n\r\n", then: Behaviour.Act.resetLater, is: .failed(.reset, 200)),
            row(
                "nothing before the last", "3\r\nok\n\r\n", then: Behaviour.Act.hang, timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
            row(
                "nothing in the last", "3\r\nok\n\r\n0\r\n", then: Behaviour.Act.hang, timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
            row(
                "without end", "", then: [.repeatEndlessly("400\r\n\(String(repeating: "x", count: 1024))\r\n")],
                is: .failed(.bodyTooLarge, 200)),
            row(
                "one that drips", "ff\r\n", then: [.drip("the body comes, if slowly", everyMs: 30)], timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
            row("a trailer of 4 KiB", "0\r\nX: \(String(repeating: "x", count: 4000))\r\n\r\n", is: .up(200)),
            row(
                "a trailer of 64 KiB", "0\r\nX: \(String(repeating: "x", count: 64 << 10))\r\n\r\n",
                is: .failed(.headerTooLarge, 200)),
            row(
                "a trailer that drips", "0\r\n", then: [.drip("X-Sum: 1234567890", everyMs: 30)], timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
        ]
        try await expectContract(with: opponents)
    }

    @Test("a transfer coding that nobody knows is told, one that is known is decoded")
    func codings() async throws {
        try await expectContract(with: [
            Opponent(
                "unknown", says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: zebra\r\n\r\nok\n",
                is: .failed(.decodingFailed, 200)),
            Opponent(
                "unknown, in chunks",
                says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: zebra, chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n",
                is: .failed(.decodingFailed, 200)),
            Opponent(
                "identity", says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nok\n", sees: Self.ok,
                is: .up(200)),
            Opponent(
                "chunked in capitals",
                says: "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\n\r\n3\r\nok\n\r\n0\r\n\r\n",
                sees: Self.ok, is: .up(200)),
            Opponent(
                "a body coding that was not asked for", says: "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nok\n",
                sees: Self.ok, is: .up(200)),
        ])
    }
}
