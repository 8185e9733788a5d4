import Loopback
import Testing
import Vocabulary

/// HTTP/2 frame by frame, without TLS.
@Suite(.timeLimit(.minutes(1))) struct HTTP2Tests {
    @Test("an HTTP/2 server that ends, refuses, floods or stalls is told by its cause, within the deadline")
    func frames() async throws {
        var servers: [LoopbackServer] = []
        func row(
            _ name: String, _ behaviour: Behaviour, timeoutMs: Int64 = 5000, is seen: Seen
        ) throws -> ContractRow {
            let server = try LoopbackServer(behaviour)
            servers.append(server)
            return ContractRow(
                name, "http", ["url": "http://\(server.hostAndPort)/", "http_version": "2", "max_body": "1 KiB"],
                timeoutMs: timeoutMs, is: seen)
        }
        let start: [HTTP2Frame] = [.settings, .settingsTaken]
        let body = String(repeating: "x", count: 1000)
        try await expectContract([
            try row("good", .http2(start + [.ok(isLast: false), .data("ok", isLast: true)]), is: .up(200)),
            try row("good without a body", .http2(start + [.ok(isLast: true)]), is: .up(200)),
            try row(
                "good between pings", .http2(start + [.ping, .ok(isLast: false), .ping, .data("ok", isLast: true)]),
                is: .up(200)),
            try row(
                "good, then GOAWAY",
                .http2(start + [.ok(isLast: false), .data("ok", isLast: true), .goAway(last: 1, 0)]), is: .up(200)),
            try row("silence", .http2([]), timeoutMs: 300, is: .failed(.timeoutWait)),
            try row("settings, then silence", .http2(start), timeoutMs: 300, is: .failed(.timeoutWait)),
            try row(
                "a header, then silence", .http2(start + [.ok(isLast: false)]), timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
            try row("refused stream", .http2(start + [.reset(7)]), is: .failed(.streamRefused)),
            try row(
                "GOAWAY before the request was taken", .http2(start + [.goAway(last: 0, 0)]),
                is: .failed(.streamRefused)),
            try row("reset by an internal error", .http2(start + [.reset(2)]), is: .failed(.streamReset)),
            try row("reset: enhance your calm", .http2(start + [.reset(11)]), is: .failed(.streamReset)),
            try row(
                "reset in the body",
                .http2(start + [.ok(isLast: false), .data("o", isLast: false)], later: [.reset(2)]),
                is: .failed(.streamReset, 200)),
            try row(
                "reset without error in the body",
                .http2(start + [.ok(isLast: false), .data("o", isLast: false), .reset(0)]),
                is: .failed(.closedEarly)),
            try row("closed before an answer", .http2(start, then: .close), is: .failed(.closedEarly)),
            try row(
                "closed in the body", .http2(start + [.ok(isLast: false), .data("o", isLast: false)], then: .close),
                is: .failed(.closedEarly, 200)),
            try row(
                "a header that cannot be read",
                .http2(start + [HTTP2Frame(type: 1, flags: 5, stream: 1, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff])]),
                is: .failed(.closedEarly)),
            try row(
                "a frame longer than allowed",
                .http2(start + [HTTP2Frame(type: 0, stream: 1, [UInt8](repeating: 0, count: 20_000))]),
                is: .failed(.closedEarly)),
            try row("data before a header", .http2(start + [.data("ok", isLast: true)]), is: .failed(.closedEarly)),
            try row(
                "a body past its bound",
                .http2(start + [.ok(isLast: false)] + [HTTP2Frame](repeating: .data(body, isLast: false), count: 2)),
                is: .failed(.bodyTooLarge, 200)),
            try row(
                "a body without end", .http2(start + [.ok(isLast: false)], repeating: [.data(body, isLast: false)]),
                is: .failed(.bodyTooLarge, 200)),
            try row(
                "settings without end", .http2([], repeating: [.settings]), is: .failed(.protocolError)),
            try row("pings without end", .http2(start, repeating: [.ping]), is: .failed(.protocolError)),
            try row(
                "HTTP/1.1 in answer",
                .script([.hearBytes(24), .say("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")]),
                is: .failed(.closedEarly)),
        ])
        for server in servers { server.stop() }
    }
}
