import Loopback
import Testing

/// HTTP/2 connections and streams that break the rules of RFC 9113, and answers that only look broken.
@Suite(.timeLimit(.minutes(1))) struct HTTP2MisbehaviourTests {
    private static let start: [HTTP2Frame] = [.settings, .settingsTaken]
    private static let good: [HTTP2Frame] = [.ok(isLast: false), .data("ok\n", isLast: true)]
    private static let two: [(key: String, value: SettingLiteral)] = [("http_version", "2")]

    private static func row(
        _ name: String, _ frames: [HTTP2Frame], later: [HTTP2Frame] = [], repeating: [HTTP2Frame] = [],
        then ending: Behaviour.Ending = .hang,
        sees pattern: String? = nil, timeoutMs: Int64 = 5000, is seen: Seen
    ) -> Opponent {
        Opponent(
            name, .http2(start + frames, later: later, repeating: repeating, then: ending), sees: pattern,
            timeoutMs: timeoutMs,
            is: seen)
    }

    @Test("what is unusual but right is up")
    func unusual() async throws {
        let ok = "^ok\n$"
        let hint = HTTP2Frame.header([(":status", "103"), ("link", "</a.css>")], isLast: false)
        let parts = HTTP2Frame.split([(":status", "200"), ("x-long", String(repeating: "x", count: 40_000))])
        try await expectContract(
            with: [
                Self.row("an interim answer first", [hint] + Self.good, sees: ok, is: .up(200)),
                Self.row(
                    "64 of them", [HTTP2Frame](repeating: hint, count: 64) + Self.good, sees: ok, is: .up(200)),
                Self.row(
                    "trailers",
                    [.ok(isLast: false), .data("ok\n", isLast: false), .header([("x-sum", "1")], isLast: true)],
                    sees: ok, is: .up(200)),
                Self.row("padding", [.ok(isLast: false), .padded("ok\n", isLast: true)], sees: ok, is: .up(200)),
                Self.row("a header in several frames", parts + [.data("ok\n", isLast: true)], sees: ok, is: .up(200)),
                Self.row(
                    "a frame of an unknown type",
                    [HTTP2Frame(type: 0x2a, flags: 0xff, stream: 1, [1, 2, 3])] + Self.good,
                    sees: ok, is: .up(200)),
                Self.row(
                    "an unknown setting", [HTTP2Frame(type: 4, [0x7f, 0x7f, 0, 0, 0, 1])] + Self.good, sees: ok,
                    is: .up(200)),
                Self.row(
                    "GOAWAY that lets the request be answered", [.goAway(last: 1, 0)] + Self.good, sees: ok,
                    is: .up(200)),
                Self.row(
                    "GOAWAY in the body",
                    [.ok(isLast: false), .goAway(last: 1, 0), .data("ok\n", isLast: true)], sees: ok, is: .up(200)),
                Self.row("a reset without error behind the answer", Self.good + [.reset(0)], sees: ok, is: .up(200)),
                Self.row("closed behind the answer", Self.good, then: .close, sees: ok, is: .up(200)),
                Self.row("garbage behind the answer", Self.good, repeating: [.garbage], sees: ok, is: .up(200)),
                Self.row(
                    "empty data in between",
                    [.ok(isLast: false)] + [HTTP2Frame](repeating: .data("", isLast: false), count: 100)
                        + [.data("ok\n", isLast: true)], sees: ok, is: .up(200)),
                Self.row("404", [.header([(":status", "404")], isLast: true)], is: .failed(.status404, 404)),
            ], Self.two)
    }

    @Test("a stream that is broken off, or an answer that cannot be, has its cause")
    func streams() async throws {
        func row(_ name: String, _ fields: [(String, String)], body: String? = nil, is seen: Seen) -> Opponent {
            Self.row(
                name, [.header(fields, isLast: body == nil)], later: body.map { [.data($0, isLast: true)] } ?? [],
                is: seen)
        }
        let hint = HTTP2Frame.header([(":status", "103")], isLast: false)
        try await expectContract(
            with: [
                Self.row("reset: cancelled", [.reset(8)], is: .failed(.streamReset)),
                Self.row("reset: HTTP/1.1 required", [.reset(13)], is: .failed(.streamRefused)),
                Self.row("reset: without error", [.reset(0)], is: .failed(.streamReset)),
                Self.row("reset: an unknown error", [.reset(200)], is: .failed(.streamReset)),
                Self.row("reset after an interim answer", [hint], later: [.reset(2)], is: .failed(.streamReset, 103)),
                Self.row(
                    "refused after a header", [.ok(isLast: false)], later: [.reset(7)], is: .failed(.protocolError, 200)
                ),
                row("no status", [("x-a", "b")], is: .failed(.streamReset)),
                row("two statuses", [(":status", "200"), (":status", "404")], is: .failed(.streamReset)),
                row("a status that is no number", [(":status", "abc")], is: .failed(.streamReset)),
                row("a status behind a field", [("x-a", "b"), (":status", "200")], is: .failed(.streamReset)),
                row("a pseudo-field of a request", [(":status", "200"), (":path", "/")], is: .failed(.streamReset)),
                row("capitals in a name", [(":status", "200"), ("X-A", "b")], is: .failed(.streamReset)),
                row(
                    "a field of a connection", [(":status", "200"), ("connection", "close")], is: .failed(.streamReset)),
                row(
                    "a length that is no number", [(":status", "200"), ("content-length", "x")],
                    is: .failed(.streamReset)),
                row(
                    "a length longer than the body", [(":status", "200"), ("content-length", "9")], body: "ok\n",
                    is: .failed(.streamReset, 200)),
                row(
                    "a length shorter than the body", [(":status", "200"), ("content-length", "2")], body: "ok\n",
                    is: .failed(.streamReset, 200)),
                Self.row(
                    "65 interim answers", [HTTP2Frame](repeating: hint, count: 65) + Self.good,
                    is: .failed(.tooManyInterim, 200)),
                Self.row("interim answers without end", [], repeating: [hint], is: .failed(.tooManyInterim, 103)),
                Self.row(
                    "an interim answer that is the last", [.header([(":status", "103")], isLast: true)],
                    is: .failed(.streamReset)),
            ], Self.two)
    }

    @Test("a connection whose frames break the rules is down")
    func frames() async throws {
        let half = HTTP2Frame(type: 1, flags: 1, stream: 1, [0x88])
        let wrong: [(name: String, frames: [HTTP2Frame])] = [
            ("a promise that nobody asked for", [HTTP2Frame(type: 5, flags: 4, stream: 1, [0, 0, 0, 2, 0x88])]),
            ("settings of five bytes", [HTTP2Frame(type: 4, [0, 4, 0, 0, 0])]),
            ("settings taken, with some", [HTTP2Frame(type: 4, flags: 1, [0, 4, 0, 0, 0, 1])]),
            ("settings of a stream", [HTTP2Frame(type: 4, stream: 1)]),
            ("a window beyond its bound", [HTTP2Frame(type: 4, [0, 4, 0xff, 0xff, 0xff, 0xff])]),
            ("a window that grows by nothing", [HTTP2Frame(type: 8, [0, 0, 0, 0])]),
            ("a ping of seven bytes", [HTTP2Frame(type: 6, [1, 2, 3, 4, 5, 6, 7])]),
            ("a header of a stream that is not open", [HTTP2Frame(type: 1, flags: 5, stream: 3, [0x88])]),
            ("data of no stream", [HTTP2Frame(type: 0, stream: 0, [1])]),
            ("a continuation of nothing", [HTTP2Frame(type: 9, flags: 4, stream: 1, [0x88])]),
            ("data inside a header", [half, .data("ok\n", isLast: true)]),
            (
                "a header of a hundred kilobytes",
                HTTP2Frame.split([(":status", "200"), ("x", String(repeating: "x", count: 100_000))])
            ),
        ]
        // libcurl ends such a connection without a word about who was wrong.
        try await expectContract(
            with: wrong.map { name, frames in Self.row(name, frames, is: .failed(.closedEarly)) } + [
                Self.row(
                    "padding longer than its frame",
                    [.header([(":status", "200"), ("content-length", "9")], isLast: false)],
                    later: [HTTP2Frame(type: 0, flags: 8, stream: 1, [9, 1])], is: .failed(.closedEarly, 200)),
                Self.row(
                    "a header without end", [half], repeating: [HTTP2Frame(type: 9, stream: 1, [])],
                    is: .failed(.protocolError)),
            ], Self.two)
    }

    @Test("a connection that ends or stalls has its cause at each point")
    func endings() async throws {
        let settings = HTTP2Frame.settings.bytes
        try await expectContract(
            with: [
                Self.row("GOAWAY for an error", [.goAway(last: 0, 11)], is: .failed(.streamRefused)),
                Self.row("GOAWAY, then closed", [.goAway(last: 1, 0)], then: .close, is: .failed(.closedEarly)),
                Self.row(
                    "GOAWAY in the body, then closed",
                    [.ok(isLast: false), .data("o", isLast: false), .goAway(last: 1, 0)], then: .close,
                    is: .failed(.closedEarly, 200)),
                Self.row("reset", [], then: .reset, is: .failed(.reset)),
                Self.row("closed before the body", [.ok(isLast: false)], then: .close, is: .failed(.closedEarly, 200)),
                Opponent("closed at the preface", .script([.hearBytes(24), .end]), is: .failed(.closedEarly)),
                Opponent(
                    "closed in a frame", .script([.hearBytes(24), .sayBytes(Array(settings.prefix(5))), .end]),
                    is: .failed(.closedEarly)),
                Opponent(
                    "silent in a frame", .script([.hearBytes(24), .sayBytes(Array(settings.prefix(5)))]),
                    timeoutMs: 300,
                    is: .failed(.timeoutWait)),
                Opponent(
                    "an answer before the settings", .http2([.ok(isLast: true)]), is: .failed(.closedEarly)),
                Opponent("garbage", .http2([.garbage]), is: .failed(.closedEarly)),
                Self.row(
                    "empty data without end", [.ok(isLast: false)], repeating: [.data("", isLast: false)],
                    timeoutMs: 500,
                    is: .failed(.timeoutTransfer, 200)),
                Opponent(
                    "a body that drips",
                    .script(
                        [.hearBytes(24), .sayBytes((Self.start + [.ok(isLast: false)]).flatMap(\.bytes))]
                            + (0..<40).flatMap { _ in
                                [.sayBytes(HTTP2Frame.data("x", isLast: false).bytes), .pause(ms: 30)]
                            }), timeoutMs: 400, is: .failed(.timeoutTransfer, 200)),
            ], Self.two)
    }

    @Test("the same holds over TLS, where HTTP/2 was agreed on")
    func secure() async throws {
        let made = try Certificates()
        try await expectContract(
            with: [
                Self.row("good", Self.good, sees: "^ok\n$", is: .up(200)),
                Self.row("refused stream", [.reset(7)], is: .failed(.streamRefused)),
                Self.row("GOAWAY before the request was taken", [.goAway(last: 0, 0)], is: .failed(.streamRefused)),
                Self.row("reset by an internal error", [.reset(2)], is: .failed(.streamReset)),
                Self.row(
                    "a header of the wrong kind", [HTTP2Frame(type: 9, flags: 4, stream: 1)], is: .failed(.closedEarly)),
                Self.row("closed before an answer", [], then: .close, is: .failed(.closedEarly)),
                Self.row(
                    "closed in the body", [.ok(isLast: false), .data("o", isLast: false)], then: .close,
                    is: .failed(.closedEarly, 200)),
                Self.row("silence", [], timeoutMs: 500, is: .failed(.timeoutWait)),
                Self.row(
                    "silence in the body", [.ok(isLast: false)], timeoutMs: 500, is: .failed(.timeoutTransfer, 200)),
                Self.row(
                    "a body without end", [.ok(isLast: false)],
                    repeating: [.data(String(repeating: "x", count: 16_000), isLast: false)],
                    is: .failed(.bodyTooLarge, 200)),
                Opponent(
                    "HTTP/1.1 all the same", .answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", then: .hang),
                    is: .failed(.closedEarly)),
            ], [("tls", made.tls)], identity: try made.good(), alpn: "h2")
    }
}

extension HTTP2Frame {
    fileprivate static let garbage = HTTP2Frame(
        type: 0xe5, flags: 0x5e, stream: 0x7e, [UInt8](repeating: 0xe5, count: 99))

    fileprivate static func header(_ fields: [(String, String)], isLast: Bool) -> HTTP2Frame {
        HTTP2Frame(type: 1, flags: isLast ? 5 : 4, stream: 1, block(fields))
    }

    /// A header in as many frames as it takes, of at most 16 KiB each.
    fileprivate static func split(_ fields: [(String, String)]) -> [HTTP2Frame] {
        let bytes = block(fields)
        return stride(from: 0, to: bytes.count, by: 16_384).map { place in
            let end = min(place + 16_384, bytes.count)
            return HTTP2Frame(
                type: place == 0 ? 1 : 9, flags: end == bytes.count ? 4 : 0, stream: 1, Array(bytes[place..<end]))
        }
    }

    /// Two bytes of padding, of which the first byte speaks.
    fileprivate static func padded(_ text: String, isLast: Bool) -> HTTP2Frame {
        HTTP2Frame(type: 0, flags: isLast ? 9 : 8, stream: 1, [2] + Array(text.utf8) + [0, 0])
    }

    /// Literal fields that no table holds. Source: RFC 7541, 6.2.2.
    private static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { name, value in [0] + text(name) + text(value) }
    }

    /// Source: RFC 7541, 5.1 and 5.2.
    private static func text(_ text: String) -> [UInt8] {
        var left = text.utf8.count
        guard left >= 127 else { return [UInt8(left)] + Array(text.utf8) }
        var bytes: [UInt8] = [127]
        left -= 127
        while left >= 128 {
            bytes.append(UInt8(left % 128) | 128)
            left /= 128
        }
        return bytes + [UInt8(left)] + Array(text.utf8)
    }
}
