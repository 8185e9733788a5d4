import Loopback
import Testing

@Suite(.timeLimit(.minutes(1))) struct TCPContractTests {
    @Test("a connection, and what comes over it, is held against the check")
    func connections() async throws {
        var servers: [LoopbackServer] = []
        func row(
            _ name: String, _ behaviour: Behaviour, _ more: [(String, SettingLiteral)] = [],
            expect: SettingLiteral? = nil, timeoutMs: Int64 = 5000, is seen: Seen
        ) throws -> ContractRow {
            let server = try LoopbackServer(behaviour)
            servers.append(server)
            let settings = SettingLiteral.map([("address", .text(server.hostAndPort))] + more.map { ($0.0, $0.1) })
            return ContractRow(name, "tcp", settings, expect: expect, timeoutMs: timeoutMs, is: seen)
        }
        let ready: [(String, SettingLiteral)] = [("expect", "^220 ")]
        let pong: [(String, SettingLiteral)] = [("send", "PING\r\n"), ("expect", "^\\+PONG")]
        let rows = [
            try row("connects", .silent, is: .up),
            try row("connects and is closed", .closeAtOnce, is: .up),
            try row("refused", .refuse, is: .failed(.refused)),
            try row("a banner", .banner("220 ready\r\n"), ready, is: .up),
            try row("a banner on a later line", .banner("hello\r\n220 ready\r\n"), ready, is: .up),
            try row("a banner byte by byte", .drip("220 ready\r\n", everyMs: 5), ready, is: .up),
            try row(
                "a banner in two pieces, found as soon as it is whole",
                .pieces([String(repeating: "x", count: 90) + "\r\n", "220 ready"], everyMs: 20), ready,
                expect: ["total": ["under": "2s"]], is: .up),
            try row("connecting is not answered", .deaf, timeoutMs: 300, is: .failed(.timeoutConnect)),
            try row(
                "another banner, then silence", .banner("554 no service\r\n"), ready, timeoutMs: 300,
                is: .failed(.replyMismatch)),
            try row("another banner, then the end", .garbage, ready, is: .failed(.replyMismatch)),
            try row("a reply", .reply("+PONG\r\n"), pong, is: .up),
            try row("another reply", .reply("-ERR\r\n"), pong, timeoutMs: 300, is: .failed(.replyMismatch)),
            try row("an echo", .echo, [("send", "abc"), ("expect", "abc")], is: .up),
            try row("64 KiB without a match", .endless("no greeting here "), ready, is: .failed(.replyMismatch)),
            try row("closed before a byte", .closeAtOnce, ready, is: .failed(.closedEarly)),
            try row("reset before a byte", .resetAtOnce, ready, is: .failed(.reset)),
            try row("reset after sending", .resetAfterRequest, pong, is: .failed(.reset)),
            try row("silence", .silent, ready, timeoutMs: 300, is: .failed(.timeoutWait)),
            try row(
                "a pattern that would take others years", .endless("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"),
                [("expect", "(a*)*b")], is: .failed(.replyMismatch)),
            try row(
                "a slow banner", .drip("220 ready\r\n", everyMs: 20), ready,
                expect: ["total": ["under": "40ms"]], is: .degraded(.totalOver)),
        ]
        try await expectContract(rows)
        for server in servers { server.stop() }
    }

    @Test("a name in /etc/hosts and an address in brackets are dialled")
    func addresses() async throws {
        let server = try LoopbackServer(.banner("220 ready\r\n"))
        try await expectContract([
            ContractRow("short form", "tcp", .text(server.hostAndPort), is: .up),
            ContractRow("name", "tcp", ["address": "localhost:\(server.port)"], family: .ipv4, is: .up),
        ])
        // Not every machine has IPv6.
        guard let six = try? LoopbackServer(.banner("220 ready\r\n"), address: "::1") else { return }
        try await expectContract([
            ContractRow("address in brackets", "tcp", .text(six.hostAndPort), is: .up),
            ContractRow("the other family", "tcp", .text(six.hostAndPort), family: .ipv4, is: .failed(.dnsNoAddress)),
        ])
    }
}
