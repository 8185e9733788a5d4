import Loopback
import Support
import Testing

/// Good and bad answers of a real nginx, and requests as they arrive.
@Suite(.timeLimit(.minutes(1))) struct HTTPContractTests {
    @Test("each status meets its expectation or is told by its own cause or its class")
    func statuses() async throws {
        let nginx = try Nginx([
            .init(
                "web",
                """
                location / { return 200 "hello\\n"; }
                location /created { return 201 "made\\n"; }
                location /empty { return 204; }
                location /found { return 302 /; }
                location /missing { return 404 "missing\\n"; }
                location /teapot { return 418; }
                location /broken { return 500; }
                location /away { return 503 "away\\n"; }
                location /nothing { return 444; }
                """)
        ])
        let web = "http://127.0.0.1:\(nginx.port("web"))"
        let notModified = try LoopbackServer(.http(304))
        let switching = try LoopbackServer(.http(101))
        let beyond = try LoopbackServer(.http(600))
        let trailer = try LoopbackServer(.trailer)
        let early = try LoopbackServer(.informationalFirst)
        try await expectContract([
            ContractRow("200 as the short form", "http", "\(web)/", is: .up(200)),
            ContractRow("200", "http", ["url": "\(web)/"], is: .up(200)),
            ContractRow("201", "http", ["url": "\(web)/created"], is: .up(201)),
            ContractRow("204 without a body", "http", ["url": "\(web)/empty"], is: .up(204)),
            ContractRow("an interim answer before 200", "http", ["url": "http://\(early.hostAndPort)/"], is: .up(200)),
            ContractRow(
                "chunks and a trailer", "http", ["url": "http://\(trailer.hostAndPort)/"],
                expect: ["body": ["matches": "^ok\n$"]], is: .up(200)),
            ContractRow(
                "a name in /etc/hosts", "http", ["url": "http://localhost:\(nginx.port("web"))/"],
                family: .ipv4, is: .up(200)),
            ContractRow(
                "200 where 404 is expected", "http", ["url": "\(web)/"], expect: ["status": 404],
                is: .failed(.status2xx, 200)),
            ContractRow(
                "302 that is not followed", "http", ["url": "\(web)/found", "follow": false],
                is: .failed(.status302, 302)),
            ContractRow(
                "302 that is expected", "http", ["url": "\(web)/found", "follow": false],
                expect: ["status": [301, 302]], is: .up(302)),
            ContractRow("304", "http", ["url": "http://\(notModified.hostAndPort)/"], is: .failed(.status304, 304)),
            ContractRow("404", "http", ["url": "\(web)/missing"], is: .failed(.status404, 404)),
            ContractRow(
                "404 that is expected", "http", ["url": "\(web)/missing"], expect: ["status": "404"],
                is: .up(404)),
            ContractRow(
                "418 in a range", "http", ["url": "\(web)/teapot"], expect: ["status": ["200-299", "400-420"]],
                is: .up(418)),
            ContractRow(
                "101 that nobody asked for, and no more", "http", ["url": "http://\(switching.hostAndPort)/"],
                is: .failed(.closedEarly, 101)),
            ContractRow(
                "600, which there is not", "http", ["url": "http://\(beyond.hostAndPort)/"],
                is: .failed(.protocolError, 600)),
            ContractRow("500", "http", ["url": "\(web)/broken"], is: .failed(.status500, 500)),
            ContractRow("503", "http", ["url": "\(web)/away"], is: .failed(.status503, 503)),
            ContractRow("closed without an answer", "http", ["url": "\(web)/nothing"], is: .failed(.closedEarly)),
        ])
    }

    @Test("a request arrives as it is configured")
    func requests() async throws {
        let echo = try LoopbackServer(.httpEcho)
        let url: SettingLiteral = "http://\(echo.hostAndPort)/path?q=1#fragment"
        let folder = try TemporaryFolder()
        let body = try folder.file("body.json", "{\"q\": \"from the file\"}")
        func row(_ name: String, _ settings: SettingLiteral, sees texts: SettingLiteral) -> ContractRow {
            ContractRow(name, "http", settings, expect: ["body": ["contains": texts]], is: .up(200))
        }
        try await expectContract([
            row("GET, the path without its fragment", ["url": url], sees: "GET /path?q=1 HTTP/1.1\r\n"),
            row("Host with its port", ["url": url], sees: "Host: \(echo.hostAndPort)\r\n"),
            row("user agent by default", ["url": url], sees: "User-Agent: sonde/0.1.0\r\n"),
            row("user agent", ["url": url, "user_agent": "probe of shop"], sees: "User-Agent: probe of shop\r\n"),
            row(
                "headers", ["url": url, "headers": ["X-One": "1", "Accept": "text/html"]],
                sees: ["X-One: 1\r\n", "Accept: text/html\r\n"]),
            row("a Host of one's own", ["url": url, "headers": ["Host": "shop.test"]], sees: "Host: shop.test\r\n"),
            row(
                "POST with a body", ["url": url, "method": "POST", "body": "q=1"],
                sees: ["POST /path?q=1 HTTP/1.1\r\n", "Content-Length: 3\r\n", "\r\n\r\nq=1"]),
            row(
                "PUT with the body of a file", ["url": url, "method": "PUT", "body_file": .text(body)],
                sees: ["PUT /path", "{\"q\": \"from the file\"}"]),
            row("PATCH", ["url": url, "method": "PATCH", "body": "x"], sees: "PATCH /path"),
            row("DELETE", ["url": url, "method": "DELETE"], sees: "DELETE /path"),
            row("OPTIONS", ["url": url, "method": "OPTIONS"], sees: "OPTIONS /path"),
            row("POST without a body", ["url": url, "method": "POST"], sees: ["POST /path", "Content-Length: 0\r\n"]),
            ContractRow("HEAD has no body", "http", ["url": url, "method": "HEAD"], is: .up(200)),
        ])
    }

    @Test("a body is held against every text and pattern")
    func bodies() async throws {
        let short = try LoopbackServer(.http(body: "{\"status\": \"pong\"}\n"))
        // The text that is asked for lies across the pieces in which a body arrives.
        let long = try LoopbackServer(.http(body: String(repeating: "filler ", count: 40_000) + "needle at the end"))
        let unavailable = try LoopbackServer(.http(503, body: "pong"))
        func row(
            _ name: String, of server: LoopbackServer, _ body: SettingLiteral, is seen: Seen
        ) -> ContractRow {
            ContractRow(name, "http", ["url": "http://\(server.hostAndPort)/"], expect: ["body": body], is: seen)
        }
        try await expectContract([
            row("contains", of: short, ["contains": "pong"], is: .up(200)),
            row("contains all of a list", of: short, ["contains": ["pong", "status"]], is: .up(200)),
            row(
                "contains but one of a list", of: short, ["contains": ["pong", "ping"]],
                is: .failed(.bodyMismatch, 200)),
            row("does not contain", of: short, ["contains": "ping"], is: .failed(.bodyMismatch, 200)),
            row("contains at the end of a long body", of: long, ["contains": "needle"], is: .up(200)),
            row("not_contains", of: short, ["not_contains": "error"], is: .up(200)),
            row(
                "not_contains, but it does", of: short, ["not_contains": ["error", "pong"]],
                is: .failed(.bodyMismatch, 200)),
            row(
                "not_contains, but it does at the end", of: long, ["not_contains": "the end"],
                is: .failed(.bodyMismatch, 200)),
            row("matches", of: short, ["matches": "^\\{\"status\": *\"p[aeiou]ng\"\\}"], is: .up(200)),
            row("matches at the end of a long body", of: long, ["matches": "needle at the end$"], is: .up(200)),
            row("does not match", of: short, ["matches": "^pong"], is: .failed(.bodyMismatch, 200)),
            row(
                "a miss that degrades", of: short, ["contains": "ping", "severity": "degrade"],
                is: .degraded(.bodyMismatch, 200)),
            row(
                "a miss that warns", of: short, ["contains": "ping", "severity": "warn"],
                is: Seen(.bodyMismatch, .warn, 200)),
            row(
                "the status weighs more than a good body", of: unavailable, ["contains": "pong"],
                is: .failed(.status503, 503)),
        ])
    }

    @Test("the total time is held against its limit, and the delay lies in the wait leg")
    func totals() async throws {
        let slow = try LoopbackServer(.http(delayMs: 120))
        let url: SettingLiteral = "http://\(slow.hostAndPort)/"
        let rows = [
            ContractRow(
                "over, which degrades", "http", ["url": url], expect: ["total": ["under": "60ms"]],
                is: .degraded(.totalOver, 200)),
            ContractRow(
                "over, which fails", "http", ["url": url],
                expect: ["total": ["under": "60ms", "severity": "fail"]], is: .failed(.totalOver, 200)),
            ContractRow(
                "over, which warns", "http", ["url": url],
                expect: ["total": ["under": "60ms", "severity": "warn"]], is: Seen(.totalOver, .warn, 200)),
            ContractRow("under", "http", ["url": url], expect: ["total": ["under": "4s"]], is: .up(200)),
        ]
        try await expectContract(rows)
        let asking = try Asking(rows)
        defer { asking.reactor.stop() }
        for arrival in await asking.all() {
            #expect(arrival.sample.legs.waitUs >= 119_000)
            #expect(arrival.sample.legs.transferUs < 100_000)
        }
    }
}
