import Loopback
import Support
import Testing
import Vocabulary

@testable import Probing

@Suite(.timeLimit(.minutes(1))) struct HTTPCookieTests {
    /// What a request to `url` sends after the `lines` came from `from`.
    private func sent(
        _ lines: [String], from: String = "https://a.test/shop/cart", to url: String = "https://a.test/shop/cart",
        nowSeconds: Int64 = 1_800_000_000
    ) throws -> String? {
        var jar = CookieJar()
        for line in lines { jar.add(line, from: try URLText(from), nowSeconds: nowSeconds) }
        return jar.header(for: try URLText(url))
    }

    @Test("a cookie goes back where it may, in the order of RFC 6265")
    func jar() throws {
        #expect(try sent(["a=1"]) == "a=1")
        #expect(try sent(["a=1; Path=/", "b=2", "c=3; Path=/shop"]) == "b=2; c=3; a=1")
        #expect(try sent(["a=1", "a=2"]) == "a=2")
        #expect(try sent([" a = 1 ; HttpOnly; SameSite=Lax"]) == "a=1")
        #expect(try sent(["a=\"1 2\""]) == "a=\"1 2\"")
        #expect(try sent(["a="]) == "a=")
        for nothing in ["", "a", "=1", "; Path=/", "a=1\u{1}"] { #expect(try sent([nothing]) == nil, "\(nothing)") }
    }

    @Test("paths")
    func paths() throws {
        #expect(try sent(["a=1"], to: "https://a.test/shop/other") == "a=1")
        #expect(try sent(["a=1"], to: "https://a.test/shop") == "a=1")
        #expect(try sent(["a=1"], to: "https://a.test/shopping") == nil)
        #expect(try sent(["a=1"], to: "https://a.test/") == nil)
        #expect(try sent(["a=1; Path=/"], to: "https://a.test/?q=1") == "a=1")
        #expect(try sent(["a=1; Path=/x"]) == nil)
        #expect(try sent(["a=1; Path=nonsense"]) == "a=1")
    }

    @Test("domains: none but its own host gets a cookie, whatever it says; one for a stranger is refused")
    func domains() throws {
        #expect(try sent(["a=1; Domain=test"]) == "a=1")
        #expect(try sent(["a=1; Domain=.A.TEST"]) == "a=1")
        #expect(try sent(["a=1; Domain=b.test"]) == nil)
        #expect(try sent(["a=1; Domain=x.a.test"]) == nil)
        #expect(try sent(["a=1; Domain=est"]) == nil)
        #expect(try sent(["a=1; Domain=test"], to: "https://b.test/shop/") == nil)
        #expect(try sent(["a=1; Domain=a.test"], to: "https://x.a.test/shop/") == nil)
        #expect(try sent(["a=1"], to: "https://a.test:8443/shop/") == nil)
        #expect(try sent(["a=1"], to: "http://a.test/shop/") == nil)
        #expect(try sent(["a=1; Domain=0.0.1"], from: "http://127.0.0.1/", to: "http://127.0.0.1/") == nil)
    }

    @Test("Secure needs https; Max-Age and Expires end a cookie, Max-Age first")
    func ends() throws {
        #expect(try sent(["a=1; Secure"]) == "a=1")
        #expect(try sent(["a=1; Secure"], from: "http://a.test/", to: "http://a.test/") == nil)
        #expect(try sent(["a=1; Max-Age=0"]) == nil)
        #expect(try sent(["a=1; Max-Age=-5"]) == nil)
        #expect(try sent(["a=1; Max-Age=5"]) == "a=1")
        #expect(try sent(["a=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT"]) == nil)
        #expect(try sent(["a=1; Expires=Fri, 01 Jan 2100 00:00:00 GMT"]) == "a=1")
        #expect(try sent(["a=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=5"]) == "a=1")
        #expect(try sent(["a=1", "a=; Max-Age=0"]) == nil)
    }

    @Test("bounds: as many cookies and as long a line as may be, and one more")
    func bounds() throws {
        let many = (0...CookieJar.cookiesMax).map { "c\($0)=1" }
        #expect(try sent(many.dropLast())?.split(separator: ";").count == CookieJar.cookiesMax)
        #expect(try sent(many)?.split(separator: ";").count == CookieJar.cookiesMax)
        let long = "a=" + String(repeating: "x", count: CookieJar.lineMax - 2)
        #expect(try sent([long]) == long)
        #expect(try sent([long + "x"]) == nil)
    }

    @Test("cookies are kept across the redirects of one probe, and of no other")
    func redirects() async throws {
        let echo = try LoopbackServer(.httpEcho)
        let server = try LoopbackServer(
            .requests { head, _ in
                func cookie(_ path: String, _ cookies: [String] = ["id=42; Path=/"]) -> HTTPReply {
                    HTTPReply(302, headers: ["Location: \(path)"] + cookies.map { "Set-Cookie: \($0)" })
                }
                return switch String(head.split(separator: " ")[1]) {
                case "/login": cookie("/echo")
                case "/two": cookie("/echo", ["a=1", "b=2; Path=/"])
                case "/out": cookie("/logout")
                case "/logout": cookie("/echo", ["id=; Path=/; Max-Age=0"])
                case "/again": head.contains("id=42") ? .echo : cookie("/again")
                case "/endless": cookie("/endless")
                case "/away": cookie("http://\(echo.hostAndPort)/")
                default: .echo
                }
            })
        func row(
            _ name: String, _ path: String, _ more: [(String, SettingLiteral)] = [], sees: String = "GET",
            not: String = "nothing", is seen: Seen = .up(200)
        ) -> ContractRow {
            ContractRow(
                name, "http", .map(([("url", "http://\(server.hostAndPort)\(path)")] + more).map { ($0.0, $0.1) }),
                expect: seen.cause == .ok
                    ? ["body": ["contains": .text(sees), "not_contains": .text(not)]] : nil, is: seen)
        }
        let own: [(String, SettingLiteral)] = [("headers", ["Cookie": "mine=1"])]
        let rows = [
            row("kept", "/login", sees: "Cookie: id=42\r\n"),
            row("two of them", "/two", sees: "Cookie: a=1; b=2\r\n"),
            row("taken back", "/out", not: "Cookie:"),
            row("beside one of the check's own", "/login", own, sees: "Cookie: mine=1; id=42\r\n"),
            row("to the same URL, which then answers", "/again", sees: "Cookie: id=42"),
            row("a loop all the same", "/endless", is: .failed(.redirectLoop, 302)),
            row("not to another port", "/away", own, not: "Cookie:"),
            row("none when they are off", "/login", [("cookies", "false")], not: "Cookie:"),
            row("a loop when they are off", "/again", [("cookies", "false")], is: .failed(.redirectLoop, 302)),
            row("none at the start of the next probe", "/echo", not: "Cookie:"),
        ]
        try await expectContract(rows)
        let asking = try Asking([rows[9], rows[0]])
        defer { asking.reactor.stop() }
        for _ in 0..<3 { #expect(await asking.all().map { Seen($0.sample) } == [.up(200), .up(200)]) }
    }
}
