import Loopback
import Testing

/// Servers that refuse, break off, send garbage or never end: each has its cause, within the deadline.
@Suite(.timeLimit(.minutes(1))) struct HTTPMisbehaviourTests {
    @Test("a server that speaks HTTP badly is told by its cause")
    func broken() async throws {
        var servers: [LoopbackServer] = []
        func row(
            _ name: String, _ behaviour: Behaviour, timeoutMs: Int64 = 5000, _ more: [(String, SettingLiteral)] = [],
            is seen: Seen
        ) throws -> ContractRow {
            let server = try LoopbackServer(behaviour)
            servers.append(server)
            let settings = SettingLiteral.map([("url", "http://\(server.hostAndPort)/")] + more.map { ($0.0, $0.1) })
            return ContractRow(name, "http", settings, timeoutMs: timeoutMs, is: seen)
        }
        let kibibyte: [(String, SettingLiteral)] = [("max_body", "1KiB")]
        let large = String(repeating: "x", count: 1025)
        let rows = [
            try row("refused", .refuse, is: .failed(.refused)),
            try row("connecting is not answered", .deaf, timeoutMs: 300, is: .failed(.timeoutConnect)),
            try row("closed at once", .closeAtOnce, is: .failed(.closedEarly)),
            try row("closed after the request", .closeAfterRequest, is: .failed(.closedEarly)),
            try row("reset at once", .resetAtOnce, is: .failed(.reset)),
            try row("reset after the request", .resetAfterRequest, is: .failed(.reset)),
            try row("garbage", .garbage, is: .failed(.notHTTP)),
            try row("a banner of another protocol", .banner("220 mail ready\r\n"), is: .failed(.notHTTP)),
            try row("a wrong status line", .wrongStatusLine, is: .failed(.headerMalformed)),
            try row("a wrong chunk size", .wrongChunk, is: .failed(.chunkMalformed, 200)),
            try row("half a header", .halfHeader, is: .failed(.closedEarly, 200)),
            try row("half a body", .shortBody, is: .failed(.closedEarly, 200)),
            try row("an endless header", .endlessHeader, is: .failed(.headerTooLarge, 200)),
            try row("a header line of 1 MB", .longHeader(bytes: 1 << 20), is: .failed(.headerTooLarge, 200)),
            try row("a header just long", .longHeader(bytes: 60_000), is: .up(200)),
            try row("an endless body", .endlessBody, is: .failed(.bodyTooLarge, 200)),
            try row("a body at the limit", .http(body: String(large.dropLast())), kibibyte, is: .up(200)),
            try row("a body one past the limit", .http(body: large), kibibyte, is: .failed(.bodyTooLarge, 200)),
            try row("silence", .silent, timeoutMs: 300, is: .failed(.timeoutWait)),
            try row("a slow answer", .http(delayMs: 30_000), timeoutMs: 300, is: .failed(.timeoutWait)),
            try row("a dripping header", .drippingHeader(everyMs: 50), timeoutMs: 300, is: .failed(.timeoutTransfer)),
            try row(
                "a dripping body", .drippingBody(everyMs: 20), timeoutMs: 300,
                is: .failed(.timeoutTransfer, 200)),
            try row(
                "interim answers without end", .onlyInformational(everyMs: 20), timeoutMs: 300,
                is: .failed(.timeoutTransfer, 100)),
        ]
        try await expectContract(rows)
        for server in servers { server.stop() }
    }

    @Test("a text found in an endless body is enough, when nothing else is asked")
    func stopsEarly() async throws {
        let server = try LoopbackServer(.endlessBody)
        try await expectContract([
            ContractRow(
                "endless", "http", ["url": "http://\(server.hostAndPort)/"],
                expect: ["body": ["contains": "endless body"]], is: .up(200))
        ])
    }

    @Test("endless bodies and headers leave memory flat")
    func memory() async throws {
        // In a process of its own: other tests grow and shrink this one.
        await #expect(processExitsWith: .success) {
            let bodies = try LoopbackServer(.endlessBody)
            let headers = try LoopbackServer(.endlessHeader)
            let rows = (0..<8).map { index in
                ContractRow(
                    "endless \(index)", "http",
                    ["url": "http://\(index % 2 == 0 ? bodies.hostAndPort : headers.hostAndPort)/"],
                    timeoutMs: 10_000, is: .failed(index % 2 == 0 ? .bodyTooLarge : .headerTooLarge, 200))
            }
            // The first turn fills pools and caches; what the later ones add would be a leak or an unbounded buffer.
            try await expectContract(rows)
            let before = Resident.bytes()
            for _ in 0..<3 { try await expectContract(rows) }
            let grown = Resident.bytes() - before
            #expect(grown < 8 << 20, "grown by \(grown >> 10) KiB while 120 MiB of bodies went by")
        }
    }
}
