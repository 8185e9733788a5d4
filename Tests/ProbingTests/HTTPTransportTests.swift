import Loopback
import Support
import Testing
import Vocabulary

/// `http_version` and `compressed`.
@Suite(.timeLimit(.minutes(1))) struct HTTPTransportTests {
    @Test("each version is spoken as it is asked for, and 2 is demanded")
    func versions() async throws {
        let made = try Certificates()
        let identity = try made.good(host: "127.0.0.1")
        let keys = "ssl_certificate \(identity.certificateFile); ssl_certificate_key \(identity.keyFile);"
        let says = "location / { return 200 \"$server_protocol\\n\"; }"
        let nginx = try Nginx([
            .init("two", isTLS: true, isHTTP2: true, keys + says), .init("one", isTLS: true, keys + says),
            .init("plain", says), .init("plain two", isHTTP2: true, says),
            .init(
                "leads", isTLS: true, isHTTP2: true,
                keys + "location / { return 302 http://127.0.0.1:$arg_port/; }"),
        ])
        func row(
            _ name: String, _ server: String, _ version: String, secure: Bool = true, query: String = "",
            sees: String? = nil, is seen: Seen = .up(200)
        ) -> ContractRow {
            ContractRow(
                name, "http",
                [
                    "url": "\(secure ? "https" : "http")://127.0.0.1:\(nginx.port(server))/\(query)",
                    "http_version": .text(version), "tls": made.tls,
                ], expect: sees.map { ["body": ["contains": .text($0)]] }, is: seen)
        }
        let rows = [
            row("auto, where 2 is offered", "two", "auto", sees: "HTTP/2.0"),
            row("auto, where it is not", "one", "auto", sees: "HTTP/1.1"),
            row("auto, plain", "plain", "auto", secure: false, sees: "HTTP/1.1"),
            row("1.0", "one", "1.0", sees: "HTTP/1.0"),
            row("1.0, plain", "plain", "1.0", secure: false, sees: "HTTP/1.0"),
            row("1.0, where 2 is offered", "two", "1.0", sees: "HTTP/1.0"),
            row("1.1", "two", "1.1", sees: "HTTP/1.1"),
            row("2", "two", "2", sees: "HTTP/2.0"),
            row("2, where it is not offered", "one", "2", is: .failed(.httpVersion, 200)),
            row("2, plain, where it is spoken", "plain two", "2", secure: false, sees: "HTTP/2.0"),
            row("2, plain, where it is not", "plain", "2", secure: false, is: .failed(.closedEarly)),
            row(
                "2, led from https to plain", "leads", "2", query: "?port=\(nginx.port("plain two"))",
                sees: "HTTP/2.0"),
            row("1.1, led likewise", "leads", "1.1", query: "?port=\(nginx.port("plain"))", sees: "HTTP/1.1"),
        ]
        try await expectContract(rows)
        // A handle that changes from check to check keeps nothing of the one before.
        let asking = try Asking([rows[3], rows[7], rows[0], rows[4]], collectsFindings: true)
        defer { asking.reactor.stop() }
        for _ in 0..<3 {
            let facts = await asking.all().map { $0.sample.findings?.http?.version }
            #expect(facts == ["1.1", "2", "2", "1.1"])
        }
    }

    /// Good answers of each coding, as a real server sends them.
    @Test("a compressed answer is asked for, decoded, searched and bounded after decoding")
    func compression() async throws {
        let folder = try TemporaryFolder()
        let page = try folder.file("page", String(repeating: "pong ", count: 2000))
        let nginx = try Nginx([
            .init(
                "web",
                """
                gzip on; gzip_types *; gzip_min_length 1; gzip_http_version 1.0; gzip_proxied any;
                location /page { alias \(page); }
                """
            )
        ])
        let url: SettingLiteral = "http://127.0.0.1:\(nginx.port("web"))/page"
        let echo = try LoopbackServer(.httpEcho)
        var servers: [LoopbackServer] = []
        func row(
            _ name: String, coding: String, _ body: [UInt8], _ more: [(String, SettingLiteral)] = [],
            expect: SettingLiteral? = ["body": ["contains": "pong"]], is seen: Seen
        ) throws -> ContractRow {
            let head = "HTTP/1.1 200 OK\r\nContent-Encoding: \(coding)\r\nContent-Length: \(body.count)\r\n\r\n"
            let server = try LoopbackServer(.answer(Array(head.utf8) + body))
            servers.append(server)
            let settings: [(String, SettingLiteral)] = [
                ("url", "http://\(server.hostAndPort)/"), ("compressed", "true"),
            ]
            return ContractRow(
                name, "http", .map((settings + more).map { ($0.0, $0.1) }), expect: seen.cause == .ok ? expect : nil,
                is: seen)
        }
        try await expectContract([
            ContractRow(
                "gzip of nginx", "http", ["url": url, "compressed": true],
                expect: ["body": ["contains": "pong pong"]], is: .up(200)),
            ContractRow(
                "not asked for", "http", ["url": "http://\(echo.hostAndPort)/"],
                expect: ["body": ["not_contains": "Accept-Encoding"]], is: .up(200)),
            ContractRow(
                "asked for", "http", ["url": "http://\(echo.hostAndPort)/", "compressed": true],
                expect: ["body": ["contains": "Accept-Encoding: gzip, deflate, br\r\n"]], is: .up(200)),
            ContractRow(
                "the bound counts what was decoded: at it", "http",
                ["url": url, "compressed": true, "max_body": "10000"], is: .up(200)),
            ContractRow(
                "the bound counts what was decoded: one past it", "http",
                ["url": url, "compressed": true, "max_body": "9999"], is: .failed(.bodyTooLarge, 200)),
            try row("gzip", coding: "gzip", CodedBody.gzip, is: .up(200)),
            try row("deflate", coding: "deflate", CodedBody.deflate, is: .up(200)),
            try row("br", coding: "br", CodedBody.brotli, is: .up(200)),
            try row("gzip in capitals", coding: "GZIP", CodedBody.gzip, is: .up(200)),
            try row("identity", coding: "identity", Array("pong".utf8), is: .up(200)),
            try row(
                "what is no gzip", coding: "gzip", Array("pong pong pong pong".utf8), is: .failed(.decodingFailed, 200)),
            try row("what is no brotli", coding: "br", Array("pong pong".utf8), is: .failed(.decodingFailed, 200)),
            try row(
                "gzip broken in the middle", coding: "gzip", CodedBody.brokenGzip, is: .failed(.decodingFailed, 200)),
            try row(
                "a coding nobody asked for", coding: "zebra", Array("pong".utf8), is: .failed(.decodingFailed, 200)),
        ])
    }

    @Test("a gzip bomb is stopped at the bound, flat in memory")
    func bomb() async throws {
        await #expect(processExitsWith: .success) {
            // 64 MiB of zeros in 64 KiB, sent by a server that would send it for ever.
            let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
            let server = try LoopbackServer(.answer(Array(head.utf8) + CodedBody.bomb(mebibytes: 64)))
            let rows = (0..<4).map { index in
                ContractRow(
                    "bomb \(index)", "http", ["url": "http://\(server.hostAndPort)/", "compressed": true],
                    timeoutMs: 10_000, is: .failed(.bodyTooLarge, 200))
            }
            try await expectContract(rows)
            let before = Resident.bytes()
            for _ in 0..<3 { try await expectContract(rows) }
            let grown = Resident.bytes() - before
            #expect(grown < 8 << 20, "grown by \(grown >> 10) KiB")
        }
    }
}
