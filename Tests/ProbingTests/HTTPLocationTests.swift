import Loopback
import Testing

@testable import Probing

/// Where a Location leads, and where not. Source: RFC 9110, 10.2.2 and 15.4; RFC 3986, 5.2.
@Suite(.timeLimit(.minutes(1))) struct HTTPLocationTests {
    /// Answers at `/` with `reply`, at the paths with 200, elsewhere with 404.
    private static func row(
        _ name: String, _ reply: HTTPReply, paths: [String] = ["/there"],
        _ settings: [(key: String, value: SettingLiteral)] = [], is seen: Seen
    ) -> Opponent {
        var replies = Dictionary(uniqueKeysWithValues: paths.map { ($0, HTTPReply(body: "there\n")) })
        replies["/"] = reply
        return Opponent(name, .routes(replies), settings, is: seen)
    }

    @Test("a Location is resolved as RFC 3986 says")
    func resolving() async throws {
        let six = try LoopbackServer(.http(), address: "::1")
        let four = try LoopbackServer(.http())
        func row(_ location: String, at path: String = "/there") -> Opponent {
            Self.row(location, .redirect(to: location), paths: [path], is: .up(200))
        }
        try await expectContract(with: [
            row("there"), row("./there"), row("../../there"), row("/a/./b/../../there"), row("/there#part"),
            row("there#a?b"), row("  /there  "), row("?q=1", at: "/?q=1"), row("/with space", at: "/with%20space"),
            row("/m\u{fc}nchen", at: "/m%c3%bcnchen"), row("/a@b:c", at: "/a@b:c"), row("/100%", at: "/100%"),
            row("/a//b", at: "/a//b"), row("/there?to=http://127.0.0.1/", at: "/there?to=http://127.0.0.1/"),
            row("http://\(six.hostAndPort)/"), row("http://\(four.hostAndPort)"), row("//\(four.hostAndPort)?q"),
            row("HtTp://\(four.hostAndPort)/#part"),
        ])
    }

    @Test("a Location that leads nowhere, or where a probe must not go, is refused")
    func refusing() async throws {
        let other = try LoopbackServer(.http())
        func row(_ location: String) -> Opponent {
            Self.row(location.debugDescription, .redirect(to: location), is: .failed(.redirectRefused, 302))
        }
        let schemes = [
            "javascript:alert(1)", "data:text/html,ok", "mailto:a@b.test", "about:blank", "gopher://127.0.0.1/",
            "ws://127.0.0.1/", "ldap://127.0.0.1/", "dict://127.0.0.1/", "x-own://127.0.0.1/",
        ]
        let users = [
            "http://user:sesame@\(other.hostAndPort)/", "http://user@\(other.hostAndPort)/",
            "//user:sesame@\(other.hostAndPort)/", "http://:sesame@\(other.hostAndPort)/",
        ]
        let malformed = [
            "http://127.0.0.1:0/", "http://127.0.0.1:65536/", "http://127.0.0.1:-80/", "http://127.0.0.1:http/",
            "http://", "http://:80/", "http://[::1/", "http://[::1]x/", "http://[1.2.3]/", "http://exa mple.test/",
            "http://a..b.test/", "http://a%00b.test/", "http://<host>/", "/a\u{1}b", "/a\u{7f}b",
            "http://\(String(repeating: "a", count: 64)).test/", "http://\(String(repeating: "a.", count: 200))test/",
        ]
        try await expectContract(with: (schemes + users + malformed).map(row))
        #expect(other.connections == 0)
    }

    @Test("a Location may be as long as its bound, and not one past it")
    func bounds() async throws {
        let server = try LoopbackServer(.http())
        let start = "http://\(server.hostAndPort)/"
        func row(_ name: String, bytes: Int, is seen: Seen) -> Opponent {
            let path = String(repeating: "x", count: bytes - start.utf8.count)
            return Self.row(name, .redirect(to: start + path), is: seen)
        }
        try await expectContract(with: [
            row("at the bound", bytes: RequestRoute.locationMax, is: .up(200)),
            row("one past it", bytes: RequestRoute.locationMax + 1, is: .failed(.redirectRefused, 302)),
            row("90000 bytes", bytes: 90_000, is: .failed(.redirectRefused, 302)),
            row("1 MiB", bytes: 1 << 20, is: .failed(.headerTooLarge, 302)),
        ])
    }

    @Test("only a redirect's Location is followed")
    func statuses() async throws {
        func row(_ status: Int, is seen: Seen) -> Opponent {
            Self.row("\(status)", .redirect(to: "/there", status: status), is: seen)
        }
        try await expectContract(with: [
            row(200, is: .up(200)), row(201, is: .up(201)), row(300, is: .failed(.status3xx, 300)),
            row(304, is: .failed(.status304, 304)), row(305, is: .failed(.status3xx, 305)),
            row(306, is: .failed(.status3xx, 306)), row(399, is: .failed(.status3xx, 399)),
            row(404, is: .failed(.status404, 404)), row(503, is: .failed(.status503, 503)),
            Self.row("empty", HTTPReply(302, headers: ["Location:"]), is: .failed(.redirectWithoutLocation, 302)),
            Self.row("blank", HTTPReply(307, headers: ["Location:   "]), is: .failed(.redirectWithoutLocation, 307)),
            Self.row("itself, by a fragment", .redirect(to: "#part"), is: .failed(.redirectLoop, 302)),
            Self.row("itself, by dots", .redirect(to: "./a/.."), is: .failed(.redirectLoop, 302)),
            Self.row(
                "expected, and not followed", .redirect(to: "/there"), [("follow", false)], is: .failed(.status302, 302)
            ),
        ])
    }

    @Test("redirects end at their limit, wherever it stands")
    func limits() async throws {
        // `/9` leads to `/8`, and so on; `/0` is there. Without a number each leads to one that was never seen.
        let chain = try LoopbackServer(
            .requests { head, _ in
                let path = head.split(separator: " ")[1].dropFirst()
                guard let left = Int(path) else { return .redirect(to: "/\(path)x") }
                return left == 0 ? HTTPReply(body: "there\n") : .redirect(to: "/\(left - 1)")
            })
        func row(_ path: String, most: Int? = nil, is seen: Seen) -> ContractRow {
            let url: SettingLiteral = "http://\(chain.hostAndPort)/\(path)"
            let settings: SettingLiteral = most.map { ["url": url, "max_redirects": .text("\($0)")] } ?? ["url": url]
            return ContractRow("\(path) of \(most ?? 10)", "http", settings, is: seen)
        }
        let tooMany = Seen.failed(.tooManyRedirects, 302)
        try await expectContract([
            row("0", most: 0, is: .up(200)), row("1", most: 0, is: tooMany), row("1", most: 1, is: .up(200)),
            row("10", is: .up(200)), row("11", is: tooMany), row("50", most: 50, is: .up(200)),
            row("51", most: 50, is: tooMany), row("ever-longer", is: tooMany),
            row("ever-longer", most: 50, is: tooMany),
        ])
    }

    @Test("the next hop has causes of its own, and a redirect that breaks off is not followed")
    func hops() async throws {
        let broken: [(name: String, behaviour: Behaviour, cause: Seen)] = [
            ("refuses", .refuse, .failed(.refused)), ("closes at once", .closeAtOnce, .failed(.closedEarly)),
            ("resets at once", .resetAtOnce, .failed(.reset)), ("sends garbage", .garbage, .failed(.notHTTP)),
            ("is silent", .silent, .failed(.timeoutWait)), ("is deaf", .deaf, .failed(.timeoutConnect)),
            ("is missing", .http(404), .failed(.status404, 404)),
        ]
        let servers = try broken.map { try LoopbackServer($0.behaviour) }
        let leading = zip(broken, servers).map { broken, server in
            Opponent(
                "the next one \(broken.name)", .http(.redirect(to: "http://\(server.hostAndPort)/")), timeoutMs: 500,
                is: broken.cause)
        }
        let found = "HTTP/1.1 302 Found\r\nLocation: /there\r\n"
        try await expectContract(
            with: leading + [
                Opponent(
                    "a body without end", says: found + "\r\n", then: [.repeatEndlessly("x")],
                    is: .failed(.bodyTooLarge, 302)),
                Opponent(
                    "a body that does not come", says: found + "Content-Length: 9\r\n\r\n", then: Behaviour.Act.hang,
                    timeoutMs: 300, is: .failed(.timeoutTransfer, 302)),
                Opponent(
                    "a body that breaks off", says: found + "Content-Length: 9\r\n\r\n", is: .failed(.closedEarly, 302)),
                Opponent("a header that breaks off", says: found, is: .failed(.closedEarly, 302)),
                Opponent(
                    "a header without end", says: found, then: [.repeatEndlessly("X: y\r\n")],
                    is: .failed(.headerTooLarge, 302)),
            ])
        for server in servers { server.stop() }
    }

    @Test("http may lead to https, where the certificate counts")
    func secure() async throws {
        let made = try Certificates()
        let good = try LoopbackServer(.http(), identity: made.good())
        let own = try LoopbackServer(.http(), identity: made.selfSigned())
        let back = try LoopbackServer(.http(.redirect(to: "https://\(good.hostAndPort)/")), identity: made.good())
        let tls: (key: String, value: SettingLiteral) = ("tls", made.tls)
        func row(_ name: String, to server: LoopbackServer, is seen: Seen) -> Opponent {
            Opponent(name, .http(.redirect(to: "https://\(server.hostAndPort)/")), [tls], is: seen)
        }
        try await expectContract(with: [
            row("good", to: good, is: .up(200)), row("self-signed", to: own, is: .failed(.certificateSelfSigned)),
            row("good, and on", to: back, is: .up(200)),
        ])
    }

    @Test("each status keeps or changes the method and the body as RFC 9110 says")
    func methods() async throws {
        // The answer's status says what came: its last digit the method, its tens whether there was a body.
        let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
        let server = try LoopbackServer(
            .requests { head, body in
                let words = head.split(separator: " ")
                if let status = Int(words[1].dropFirst()) { return .redirect(to: "/seen", status: status) }
                return HTTPReply(220 + (methods.firstIndex { $0 == words[0] } ?? 9) + (body.isEmpty ? 0 : 10))
            })
        func row(_ status: Int, _ method: String, becomes next: String, body: Bool = false) -> ContractRow {
            let settings: [(key: String, value: SettingLiteral)] =
                [("url", "http://\(server.hostAndPort)/\(status)"), ("method", .text(method))]
                + (["GET", "HEAD", "DELETE", "OPTIONS"].contains(method) ? [] : [("body", "the body")])
            let seen = 220 + (methods.firstIndex(of: next) ?? 9) + (body ? 10 : 0)
            return ContractRow("\(status) to \(method)", "http", .map(settings), is: .up(UInt16(seen)))
        }
        try await expectContract([
            row(301, "HEAD", becomes: "HEAD"), row(301, "POST", becomes: "GET"),
            row(301, "OPTIONS", becomes: "OPTIONS"),
            row(301, "PUT", becomes: "PUT", body: true), row(302, "HEAD", becomes: "HEAD"),
            row(302, "PUT", becomes: "PUT", body: true), row(302, "DELETE", becomes: "DELETE"),
            row(303, "HEAD", becomes: "HEAD"), row(303, "PUT", becomes: "GET"), row(303, "PATCH", becomes: "GET"),
            row(303, "DELETE", becomes: "GET"), row(307, "HEAD", becomes: "HEAD"),
            row(307, "PATCH", becomes: "PATCH", body: true), row(308, "PUT", becomes: "PUT", body: true),
            row(308, "DELETE", becomes: "DELETE"),
        ])
    }
}
