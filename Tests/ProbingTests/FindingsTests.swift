import Loopback
import Support
import Testing
import Vocabulary

/// What a sample tells beside its cause.
@Suite(.timeLimit(.minutes(1))) struct FindingsTests {
    /// The findings of one probe; of a good one, too.
    private func findings(_ row: ContractRow) async throws -> Findings {
        let asking = try Asking([row], collectsFindings: true)
        defer { asking.reactor.stop() }
        let sample = try #require(await asking.all().first).sample
        #expect(Seen(sample) == row.expected)
        return try #require(sample.findings)
    }

    @Test("a good HTTPS probe tells address, status, version, bytes, certificate and answers when asked for findings")
    func goodHTTPS() async throws {
        let made = try Certificates()
        let server = try LoopbackServer(.http(body: "pong\n"), identity: made.good(daysLeft: 90), versions: .only13)
        let found = try await findings(
            ContractRow(
                "good", "http", ["url": "https://\(server.hostAndPort)/", "tls": made.tls],
                expect: ["body": ["contains": "pong"], "certificate": ["days_left": 14]], is: .up(200)))
        #expect(found.address == server.hostAndPort)
        #expect(found.http == HTTPFacts(status: 200, version: "1.1", redirects: 0, bytes: 5))
        #expect(
            found.answers.map { "\($0.name): \($0.isMet), \($0.severity.name), \($0.seen)" } == [
                "status 200-299: true, fail, 200", "body contains \"pong\": true, fail, 5 bytes",
                "certificate days_left 14: true, degrade, 90 days left",
            ])
        let tls = try #require(found.tls)
        #expect(tls.version == "1.3")
        #expect(tls.cipher.hasPrefix("TLS_"))
        #expect(tls.issuer == "CN=Sonde test intermediate")
        #expect(tls.subject == "CN=127.0.0.1")
        #expect(tls.chain.map(\.subject) == ["CN=127.0.0.1", "CN=Sonde test intermediate"])
        #expect(tls.chain.map(\.issuer) == ["CN=Sonde test intermediate", "CN=Sonde test root"])
        #expect(tls.chain.first?.notAfter == tls.notAfter)
        for certificate in tls.chain {
            #expect(try #require(certificate.notBefore) < Asking.wallNow())
            #expect(certificate.fingerprint.count == 64)
        }
    }

    @Test("a failed answer leaves its status line, headers and the first bytes of its body as evidence")
    func evidence() async throws {
        let server = try LoopbackServer(
            .http(503, headers: ["X-Node: 7"], body: String(repeating: "away ", count: 2000)))
        let found = try await findings(
            ContractRow("away", "http", ["url": "http://\(server.hostAndPort)/"], is: .failed(.status503, 503)))
        let evidence = try #require(found.evidence)
        #expect(evidence.statusLine == "HTTP/1.1 503 Service Unavailable")
        #expect(evidence.headers == ["X-Node: 7", "Content-Length: 10000", "Connection: close"])
        #expect(evidence.addresses == [server.hostAndPort])
        let body = try #require(evidence.body)
        #expect(body.hasPrefix("away away "))
        #expect(body.utf8.count <= 4096)
    }

    @Test("secrets of eight characters and more are blanked wherever a target sends them back")
    func secrets() async throws {
        let server = try LoopbackServer(.httpEcho)
        let secret = "open-sesame-42"
        let settings: SettingLiteral = [
            "url": "http://\(server.hostAndPort)/",
            "headers": ["X-Token": .secret(secret, shown: "${TOKEN}", secrets: [secret])],
        ]
        let found = try await findings(
            ContractRow(
                "echo", "http", settings, expect: ["body": ["not_contains": "X-Token"]],
                is: .failed(.bodyMismatch, 200)))
        let everything = "\(found.detail) \(found.answers) \(found.evidence.map { "\($0)" } ?? "")"
        #expect(!everything.contains(secret))
        #expect(found.evidence?.body?.contains("X-Token: ***") == true)
    }

    @Test("what a target said on a plain connection is kept as evidence")
    func banner() async throws {
        let server = try LoopbackServer(.banner("554 no service\r\n"))
        let found = try await findings(
            ContractRow(
                "mail", "tcp", ["address": .text(server.hostAndPort), "expect": "^220 "], timeoutMs: 200,
                is: .failed(.replyMismatch)))
        #expect(found.evidence?.body == "554 no service\r\n")
        #expect(found.address == server.hostAndPort)
        #expect(found.http == nil)
        #expect(found.tls == nil)
    }

    @Test("a certificate that is refused is described all the same")
    func refusedCertificate() async throws {
        let made = try Certificates()
        let server = try LoopbackServer(.http(), identity: made.expired())
        for row in CertificateContractTests.both(
            "expired", server, tls: made.tls, cause: .certificateExpired, .fail)
        {
            let found = try await findings(row)
            #expect(found.tls?.subject == "CN=127.0.0.1")
            #expect(try #require(found.tls?.notAfter) < Asking.wallNow())
        }
    }
}
