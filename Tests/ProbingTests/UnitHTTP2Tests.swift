import Loopback
import Support
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(1))) struct UnitHTTP2Tests {
    @Test(
        "a server that offers HTTP/2 is asked over it, each probe on a connection of its own, hops and bounds the same")
    func version() async throws {
        let made = try Certificates()
        let identity = try made.good(host: "127.0.0.1")
        let nginx = try Nginx([
            .init(
                "two", isTLS: true, isHTTP2: true,
                """
                ssl_certificate \(identity.certificateFile); ssl_certificate_key \(identity.keyFile);
                location / { return 200 "$connection_requests $server_protocol\\n"; }
                location /away { return 302 /; }
                location /broken { return 500; }
                """)
        ])
        let url = "https://127.0.0.1:\(nginx.port("two"))"
        let once: SettingLiteral = ["body": ["contains": "1 HTTP/2.0"]]
        func row(_ name: String, _ path: String, expect: SettingLiteral? = nil, is seen: Seen) -> ContractRow {
            ContractRow(name, "http", ["url": .text(url + path), "tls": made.tls], expect: expect, is: seen)
        }
        let rows = [
            row("good", "/", expect: once, is: .up(200)),
            row("good at the same time", "/", expect: once, is: .up(200)),
            row("redirected", "/away", expect: once, is: .up(200)),
            row("broken", "/broken", is: .failed(.status500, 500)),
        ]
        try await expectContract(rows)
        let asking = try Asking(rows, collectsFindings: true)
        defer { asking.reactor.stop() }
        let versions = await asking.all().map { $0.sample.findings?.http?.version }
        #expect(versions == ["2", "2", "2", "2"])
    }
}
