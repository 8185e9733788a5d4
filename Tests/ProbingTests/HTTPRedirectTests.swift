import Loopback
import Support
import Testing

@Suite(.timeLimit(.minutes(1))) struct HTTPRedirectTests {
    @Test("redirects are followed as far as they may be")
    func following() async throws {
        let other = try LoopbackServer(.routes(["/": HTTPReply(body: "the other server\n")]))
        let server = try LoopbackServer(
            .routes([
                "/": HTTPReply(body: "there\n"),
                "/relative": .redirect(to: "/"),
                "/301": .redirect(to: "/", status: 301),
                "/303": .redirect(to: "/", status: 303),
                "/307": .redirect(to: "/", status: 307),
                "/308": .redirect(to: "/", status: 308),
                "/other": .redirect(to: "http://\(other.hostAndPort)/"),
                "/without-scheme": .redirect(to: "//\(other.hostAndPort)/"),
                "/capitals": .redirect(to: "HTTP://\(other.hostAndPort)/"),
                "/query": .redirect(to: "?q=1#part"),
                "/query?q=1": HTTPReply(body: "there\n"),
                "/one": .redirect(to: "/two"),
                "/two": .redirect(to: "three"),
                "/three": .redirect(to: "/"),
                "/loop": .redirect(to: "/loop"),
                "/ping": .redirect(to: "/pong"),
                "/pong": .redirect(to: "/ping"),
                "/file": .redirect(to: "file:///etc/passwd"),
                "/ftp": .redirect(to: "ftp://127.0.0.1/"),
                "/garbage": .redirect(to: "http://[not an address/"),
                "/nowhere": HTTPReply(302),
                "/dead": .redirect(to: "http://127.0.0.1:1/"),
                "/missing": .redirect(to: "/no-such-path"),
            ]))
        func row(_ path: String, _ more: [(String, SettingLiteral)] = [], is seen: Seen) -> ContractRow {
            ContractRow(
                path, "http", .map([("url", "http://\(server.hostAndPort)\(path)")] + more.map { ($0.0, $0.1) }),
                is: seen)
        }
        try await expectContract([
            row("/relative", is: .up(200)),
            row("/301", is: .up(200)),
            row("/303", is: .up(200)),
            row("/307", is: .up(200)),
            row("/308", is: .up(200)),
            row("/other", is: .up(200)),
            row("/without-scheme", is: .up(200)),
            row("/capitals", is: .up(200)),
            row("/query", is: .up(200)),
            row("/one", is: .up(200)),
            row("/one", [("max_redirects", 3)], is: .up(200)),
            row("/one", [("max_redirects", 2)], is: .failed(.tooManyRedirects, 302)),
            row("/one", [("max_redirects", 0)], is: .failed(.tooManyRedirects, 302)),
            row("/loop", is: .failed(.redirectLoop, 302)),
            row("/ping", is: .failed(.redirectLoop, 302)),
            row("/file", is: .failed(.redirectRefused, 302)),
            row("/ftp", is: .failed(.redirectRefused, 302)),
            row("/garbage", is: .failed(.redirectRefused, 302)),
            row("/nowhere", is: .failed(.redirectWithoutLocation, 302)),
            row("/dead", is: .failed(.refused)),
            row("/missing", is: .failed(.status404, 404)),
        ])
    }

    @Test("with require_https a hop to http is refused, and without it is not")
    func requireHTTPS() async throws {
        let certificates = try Certificates()
        let plain = try LoopbackServer(.http())
        let secure = try LoopbackServer(
            .http(.redirect(to: "http://\(plain.hostAndPort)/")), identity: certificates.good())
        let url: SettingLiteral = "https://\(secure.hostAndPort)/"
        try await expectContract([
            ContractRow("without", "http", ["url": url, "tls": certificates.tls], is: .up(200)),
            ContractRow(
                "with", "http", ["url": url, "tls": certificates.tls, "require_https": true],
                is: .failed(.redirectRefused, 302)),
        ])
    }

    @Test("303 turns a POST into a GET without its body; 307 keeps both; 302 turns it as browsers do")
    func methods() async throws {
        let server = try LoopbackServer(
            .routes([
                "/302": .redirect(to: "/echo", status: 302), "/303": .redirect(to: "/echo", status: 303),
                "/307": .redirect(to: "/echo", status: 307), "/308": .redirect(to: "/echo", status: 308),
                "/echo": .echo,
            ]))
        func row(_ path: String, sees: SettingLiteral, not unwanted: SettingLiteral) -> ContractRow {
            ContractRow(
                path, "http", ["url": "http://\(server.hostAndPort)\(path)", "method": "POST", "body": "the body"],
                expect: ["body": ["contains": sees, "not_contains": unwanted]], is: .up(200))
        }
        try await expectContract([
            row("/302", sees: "GET /echo HTTP/1.1", not: "the body"),
            row("/303", sees: "GET /echo HTTP/1.1", not: "the body"),
            row("/307", sees: ["POST /echo HTTP/1.1", "the body"], not: "GET"),
            row("/308", sees: ["POST /echo HTTP/1.1", "the body"], not: "GET"),
        ])
    }

    @Test("credentials stay with the host and port they were meant for; other headers go along")
    func credentials() async throws {
        let other = try LoopbackServer(.httpEcho)
        let server = try LoopbackServer(
            .routes([
                "/home": .redirect(to: "/echo"), "/echo": .echo,
                "/away": .redirect(to: "http://\(other.hostAndPort)/"),
                "/name": .redirect(to: "http://localhost:\(other.port)/"),
            ]))
        let headers: SettingLiteral = [
            "Authorization": "Basic open-sesame",
            "Cookie": "session=open-sesame",
            "X-Token": .secret("open-sesame", shown: "${TOKEN}", secrets: ["open-sesame"]),
            "X-Plain": "anybody may see this",
        ]
        func row(_ path: String, sees: SettingLiteral, not unwanted: SettingLiteral) -> ContractRow {
            ContractRow(
                path, "http", ["url": "http://\(server.hostAndPort)\(path)", "headers": headers],
                expect: ["body": ["contains": sees, "not_contains": unwanted]], family: .ipv4, is: .up(200))
        }
        let all: SettingLiteral = [
            "Authorization: Basic open-sesame", "Cookie: session=open-sesame", "X-Token: open-sesame",
            "X-Plain: anybody",
        ]
        try await expectContract([
            row("/home", sees: all, not: "nothing that is sent"),
            row("/away", sees: "X-Plain: anybody", not: ["sesame", "Authorization", "Cookie", "X-Token"]),
            row("/name", sees: "X-Plain: anybody", not: ["sesame", "Authorization", "Cookie", "X-Token"]),
        ])
    }

    @Test("one deadline lies over all hops")
    func deadline() async throws {
        let server = try LoopbackServer(
            .routes([
                "/slow": HTTPReply(302, headers: ["Location: /slower"], delayMs: 300),
                "/slower": HTTPReply(delayMs: 30_000),
            ]))
        try await expectContract([
            ContractRow(
                "two slow hops", "http", ["url": "http://\(server.hostAndPort)/slow"], timeoutMs: 1000,
                is: .failed(.timeoutWait))
        ])
    }

    @Test("the legs of all hops add up")
    func legs() async throws {
        let server = try LoopbackServer(
            .routes([
                "/one": HTTPReply(302, headers: ["Location: /two"], delayMs: 60),
                "/two": HTTPReply(302, headers: ["Location: /three"], delayMs: 60),
                "/three": HTTPReply(delayMs: 60),
            ]))
        let row = ContractRow("three hops", "http", ["url": "http://\(server.hostAndPort)/one"], is: .up(200))
        let asking = try Asking([row], collectsFindings: true)
        defer { asking.reactor.stop() }
        let arrival = try #require(await asking.all().first)
        #expect(Seen(arrival.sample) == row.expected)
        #expect(arrival.sample.legs.waitUs >= 179_000)
        #expect(arrival.sample.findings?.http?.redirects == 2)
        #expect(server.connections == 3)
    }
}
