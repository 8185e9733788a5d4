import Loopback
import Synchronization
import Testing
import Vocabulary

@testable import Probing

@Suite(.timeLimit(.minutes(1))) struct HTTPTokenTests {
    static let good = "{\"access_token\": \"t0ken-1\", \"token_type\": \"Bearer\", \"expires_in\": 3600}"
    static let secret: SettingLiteral = .secret("s3cret s3cret", shown: "${S}", secrets: ["s3cret s3cret"])

    /// Lets in who brings `t0ken-1`.
    static let target = Behaviour.requests { head, _ in
        head.contains("Authorization: Bearer t0ken-1\r\n") ? HTTPReply(body: "in\n") : HTTPReply(401)
    }

    static func settings(_ target: LoopbackServer, token: String) -> SettingLiteral {
        [
            "url": "http://\(target.hostAndPort)/",
            "oauth2": ["token_url": .text(token), "client_id": "sonde", "client_secret": secret],
        ]
    }

    @Test("a token is asked for as RFC 6749 says, and the target is asked with it")
    func grant() async throws {
        let target = try LoopbackServer(Self.target)
        let issuer = try LoopbackServer(
            .requests { head, body in
                let isRight =
                    head.hasPrefix("POST /token HTTP/1.1\r\n")
                    && head.contains("Authorization: Basic \(Base64.encoded("sonde:s3cret+s3cret"))\r\n")
                    && head.contains("Content-Type: application/x-www-form-urlencoded\r\n")
                    && body == "grant_type=client_credentials&scope=read+write%2Fall"
                return isRight ? HTTPReply(body: Self.good) : HTTPReply(400, body: "{\"error\": \"invalid_request\"}")
            })
        try await expectContract([
            ContractRow(
                "with scopes", "http",
                [
                    "url": "http://\(target.hostAndPort)/",
                    "oauth2": [
                        "token_url": "http://\(issuer.hostAndPort)/token", "client_id": "sonde",
                        "client_secret": Self.secret, "scopes": ["read", "write/all"],
                    ],
                ], is: .up(200))
        ])
    }

    @Test("a token endpoint that fails is told apart from the target, by its cause, within the deadline")
    func failures() async throws {
        let target = try LoopbackServer(Self.target)
        var servers: [LoopbackServer] = []
        func row(_ name: String, _ behaviour: Behaviour, timeoutMs: Int64 = 5000, is seen: Seen) throws -> ContractRow {
            let issuer = try LoopbackServer(behaviour)
            servers.append(issuer)
            return ContractRow(
                name, "http", Self.settings(target, token: "http://\(issuer.hostAndPort)/"), timeoutMs: timeoutMs,
                is: seen)
        }
        func answer(_ body: String, status: Int = 200) -> Behaviour { .http(status, body: body) }
        let padding = String(repeating: " ", count: Int(OAuthClient.answerMax) - Self.good.utf8.count)
        try await expectContract([
            try row("a good answer", answer(Self.good), is: .up(200)),
            try row(
                "a life written as a text", answer("{\"access_token\":\"t0ken-1\",\"expires_in\":\"60\"}"), is: .up(200)
            ),
            try row("an answer at its bound", answer(Self.good + padding), is: .up(200)),
            try row("an answer one past it", answer(Self.good + padding + " "), is: .failed(.tokenMalformed, 200)),
            try row("refused", .refuse, is: .failed(.tokenUnavailable)),
            try row("closed", .closeAtOnce, is: .failed(.tokenUnavailable)),
            try row("reset", .resetAfterRequest, is: .failed(.tokenUnavailable)),
            try row("garbage", .garbage, is: .failed(.tokenUnavailable)),
            try row("silence", .silent, timeoutMs: 300, is: .failed(.tokenTimeout)),
            try row("no connection", .deaf, timeoutMs: 300, is: .failed(.tokenTimeout)),
            try row("a dripping answer", .drippingBody(everyMs: 20), timeoutMs: 300, is: .failed(.tokenTimeout, 200)),
            try row("status 500", answer("x", status: 500), is: .failed(.tokenUnavailable, 500)),
            try row("status 503", answer("x", status: 503), is: .failed(.tokenUnavailable, 503)),
            try row(
                "a client it does not know", answer("{\"error\":\"invalid_client\"}", status: 401),
                is: .failed(.tokenRefused, 401)),
            try row("status 403 without a word", answer("no", status: 403), is: .failed(.tokenRefused, 403)),
            try row(
                "an error with status 200", answer("{\"error\":\"invalid_scope\"}"), is: .failed(.tokenRefused, 200)),
            try row("a redirect", .http(.redirect(to: "http://127.0.0.1:1/")), is: .failed(.tokenRefused, 302)),
            try row("no JSON", answer("<html>"), is: .failed(.tokenMalformed, 200)),
            try row("an empty body", answer(""), is: .failed(.tokenMalformed, 200)),
            try row("a list", answer("[1]"), is: .failed(.tokenMalformed, 200)),
            try row("no token in it", answer("{}"), is: .failed(.tokenMalformed, 200)),
            try row(
                "a token with a line end", answer("{\"access_token\":\"a\\r\\nX: 1\"}"),
                is: .failed(.tokenMalformed, 200)),
            try row(
                "a token of another kind", answer("{\"access_token\":\"a\",\"token_type\":\"mac\"}"),
                is: .failed(.tokenMalformed, 200)),
            try row(
                "a token the target does not take", answer("{\"access_token\":\"a\"}"), is: .failed(.status401, 401)),
        ])
        for server in servers { server.stop() }
    }

    @Test("a token is kept, and fetched once more when the target takes it no longer")
    func keeping() async throws {
        let isTaken = Mutex(true)
        let target = try LoopbackServer(
            .requests { head, _ in
                let wanted = isTaken.withLock { $0 } ? "t0ken-1" : "t0ken-2"
                return HTTPReply(head.contains("Bearer \(wanted)\r\n") ? 200 : 401)
            })
        let issuer = try LoopbackServer(.http(body: Self.good))
        let row = ContractRow(
            "kept", "http", Self.settings(target, token: "http://\(issuer.hostAndPort)/"), is: .up(200))
        let asking = try Asking([row])
        defer { asking.reactor.stop() }
        for _ in 0..<3 { #expect(await asking.all().map { Seen($0.sample) } == [.up(200)]) }
        #expect(issuer.connections == 1)
        isTaken.withLock { $0 = false }
        try issuer.change(to: .http(body: "{\"access_token\":\"t0ken-2\"}"))
        #expect(await asking.all().map { Seen($0.sample) } == [.up(200)])
        #expect(issuer.connections == 2)
        #expect(target.connections == 5)
    }

    @Test("a token is good until shortly before it ends")
    func life() throws {
        let client = OAuthClient(url: try URLText("http://a.test/"), clientID: "a", clientSecret: "b", scopes: [])
        let second = Duration.secondNs
        client.keep("long", lifeNs: 3600 * second, nowNs: 0)
        #expect(client.token(nowNs: 3570 * second - 1) == "long")
        #expect(client.token(nowNs: 3570 * second) == nil)
        client.keep("short", lifeNs: 10 * second, nowNs: 0)
        #expect(client.token(nowNs: 9 * second - 1) == "short")
        #expect(client.token(nowNs: 9 * second) == nil)
        client.keep("over", lifeNs: 0, nowNs: 0)
        #expect(client.token(nowNs: 0) == nil)
        client.keep("unsaid", lifeNs: nil, nowNs: 0)
        client.forget("another")
        #expect(client.token(nowNs: 269 * second) == "unsaid")
        client.forget("unsaid")
        #expect(client.token(nowNs: 0) == nil)
    }

    @Test("the words name the token endpoint and never a secret")
    func words() async throws {
        let target = try LoopbackServer(Self.target)
        let issuer = try LoopbackServer(.http(401, body: "{\"error\":\"invalid_client\"}"))
        let url = "http://\(issuer.hostAndPort)/"
        let asking = try Asking([ContractRow("told", "http", Self.settings(target, token: url), is: .up)])
        defer { asking.reactor.stop() }
        let findings = try #require(await asking.all().first?.sample.findings)
        #expect(findings.detail == "token endpoint \(url): status 401, invalid_client")
        #expect(findings.evidence?.body == nil)
        #expect(target.connections == 0)
    }
}
