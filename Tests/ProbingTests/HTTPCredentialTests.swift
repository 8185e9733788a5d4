import CNet
import Loopback
import Support
import Testing
import Vocabulary

@testable import Probing

@Suite(.timeLimit(.minutes(1))) struct HTTPCredentialTests {
    static let password: SettingLiteral = .secret("open-sesame", shown: "${P}", secrets: ["open-sesame"])
    static let user: SettingLiteral = ["user": "ali", "password": password]
    static let wrong: SettingLiteral = ["user": "ali", "password": "open-barley"]

    @Test("a real server lets basic_auth in with the right password, and nobody else")
    func basic() async throws {
        let folder = try TemporaryFolder()
        let users = try folder.file("users", "ali:{PLAIN}open-sesame\n")
        // `return` would answer before nginx looks at the password.
        let page = try folder.file("page", "in\n")
        let checked = try Nginx([
            .init(
                "web",
                "location /page { auth_basic \"cave\"; auth_basic_user_file \(users); alias \(page); }")
        ])
        let url: SettingLiteral = "http://127.0.0.1:\(checked.port("web"))/page"
        try await expectContract([
            ContractRow("right", "http", ["url": url, "basic_auth": Self.user], is: .up(200)),
            ContractRow("wrong", "http", ["url": url, "basic_auth": Self.wrong], is: .failed(.status401, 401)),
            ContractRow("none", "http", ["url": url], is: .failed(.status401, 401)),
            ContractRow(
                "digest where only Basic is offered", "http", ["url": url, "digest_auth": Self.user],
                is: .failed(.digestUnsupported, 401)),
        ])
    }

    /// Lets in who answers the challenge; gives the client nonces it has seen to nobody twice.
    static func digestServer(
        algorithm: String, quality: String? = "auth", more: String = ""
    ) throws -> LoopbackServer {
        let offered = quality.map { ", qop=\"\($0)\"" } ?? ""
        let name = algorithm.isEmpty ? "" : ", algorithm=\(algorithm)"
        let challenge = "Digest realm=\"the cave\", nonce=\"n0nce\"\(offered)\(name), opaque=\"0paque\"\(more)"
        return try LoopbackServer(
            .requests { head, body in
                let line = head.split(separator: "\r\n").first { $0.hasPrefix("Authorization: Digest ") }
                guard let line, let sent = HTTPChallenge.all(in: String(line.dropFirst(15))).first?.parameters else {
                    return HTTPReply(401, headers: ["WWW-Authenticate: \(challenge)"], body: "who is there?")
                }
                func hash(_ text: String) -> String { Self.hash(text, isSHA: algorithm.hasPrefix("SHA")) }
                let method = String(head.prefix { $0 != " " })
                var secret = hash("ali:the cave:open-sesame")
                let client = sent["cnonce"] ?? ""
                if algorithm.hasSuffix("sess") { secret = hash("\(secret):n0nce:\(client)") }
                let request = hash("\(method):\(sent["uri"] ?? "")")
                let wanted =
                    quality == nil
                    ? hash("\(secret):n0nce:\(request)")
                    : hash("\(secret):n0nce:\(sent["nc"] ?? ""):\(client):auth:\(request)")
                let isIn = sent["response"] == wanted && sent["opaque"] == "0paque" && sent["username"] == "ali"
                return HTTPReply(isIn ? 200 : 403, body: "\(head)\(body)")
            })
    }

    static func hash(_ text: String, isSHA: Bool) -> String {
        let bytes = Array(text.utf8)
        var hash = [UInt8](repeating: 0, count: 64)
        var count: UInt32 = 0
        EVP_Digest(bytes, bytes.count, &hash, &count, isSHA ? EVP_sha256() : EVP_md5(), nil)
        return hash.prefix(Int(count)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("digest_auth answers what can be answered, with the method, query and body of the request")
    func digest() async throws {
        var servers: [LoopbackServer] = []
        func row(
            _ name: String, _ server: LoopbackServer, user: SettingLiteral = Self.user,
            _ more: [(String, SettingLiteral)] = [], sees: SettingLiteral = "GET /a?b=c&d HTTP", is seen: Seen
        ) -> ContractRow {
            servers.append(server)
            let settings: [(String, SettingLiteral)] = [
                ("url", "http://\(server.hostAndPort)/a?b=c&d"), ("digest_auth", user),
            ]
            return ContractRow(
                name, "http", .map((settings + more).map { ($0.0, $0.1) }),
                expect: seen.cause == .ok ? ["body": ["contains": sees]] : nil, is: seen)
        }
        try await expectContract([
            row("MD5", try Self.digestServer(algorithm: "MD5"), is: .up(200)),
            row("MD5 that is not named", try Self.digestServer(algorithm: ""), is: .up(200)),
            row("SHA-256", try Self.digestServer(algorithm: "SHA-256"), is: .up(200)),
            row("MD5-sess", try Self.digestServer(algorithm: "MD5-sess"), is: .up(200)),
            row("SHA-256-sess", try Self.digestServer(algorithm: "SHA-256-sess"), is: .up(200)),
            row("the old form without qop", try Self.digestServer(algorithm: "MD5", quality: nil), is: .up(200)),
            row("auth among others", try Self.digestServer(algorithm: "MD5", quality: "auth-int,auth"), is: .up(200)),
            row(
                "a stronger one first, a weaker behind it",
                try Self.digestServer(
                    algorithm: "SHA-256", more: ", Basic realm=\"x\", Digest realm=\"y\", nonce=\"z\""),
                is: .up(200)),
            row(
                "POST with its body", try Self.digestServer(algorithm: "SHA-256"),
                [("method", "POST"), ("body", "q=open")], sees: ["POST /a?b=c&d", "q=open"], is: .up(200)),
            row(
                "a wrong password", try Self.digestServer(algorithm: "MD5"), user: Self.wrong,
                is: .failed(.status403, 403)),
            row(
                "auth-int alone", try Self.digestServer(algorithm: "MD5", quality: "auth-int"),
                is: .failed(.digestUnsupported, 401)),
            row(
                "an algorithm nobody knows", try Self.digestServer(algorithm: "SHA-512-256"),
                is: .failed(.digestUnsupported, 401)),
            row(
                "401 whatever is sent",
                try LoopbackServer(
                    .http(401, headers: ["WWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\""])),
                is: .failed(.status401, 401)),
            row("401 without a challenge", try LoopbackServer(.http(401)), is: .failed(.digestUnsupported, 401)),
        ])
        #expect(servers[0].connections == 2)
    }

    @Test("what is sent leaves neither the first origin nor comes back to it")
    func home() async throws {
        let back = try LoopbackServer(.httpEcho)
        let home = try LoopbackServer(.httpEcho)
        try back.change(to: .http(.redirect(to: "http://\(home.hostAndPort)/echo")))
        let away = "http://\(back.hostAndPort)/"
        try home.change(
            to: .routes([
                "/stay": .redirect(to: "/echo"), "/away": .redirect(to: away), "/echo": .echo,
            ]))
        func row(_ name: String, _ path: String, _ key: String, _ value: SettingLiteral, sees: String, not: String)
            -> ContractRow
        {
            ContractRow(
                name, "http", ["url": "http://\(home.hostAndPort)\(path)", key: value],
                expect: ["body": ["contains": .text(sees), "not_contains": .text(not)]], is: .up(200))
        }
        try await expectContract([
            row("basic stays", "/stay", "basic_auth", Self.user, sees: "Authorization: Basic YWxp", not: "nothing"),
            row("bearer stays", "/stay", "bearer", "t0ken", sees: "Authorization: Bearer t0ken", not: "nothing"),
            row("basic went away", "/away", "basic_auth", Self.user, sees: "GET /echo", not: "Authorization"),
            row("bearer went away", "/away", "bearer", "t0ken", sees: "GET /echo", not: "Authorization"),
        ])
    }

    @Test("digest_auth does not answer another origin's challenge, nor its own once a redirect has led away")
    func digestHome() async throws {
        let guarded = try Self.digestServer(algorithm: "MD5")
        let away = try LoopbackServer(.http(.redirect(to: "http://\(guarded.hostAndPort)/in")))
        try await expectContract([
            ContractRow(
                "led to it", "http", ["url": "http://\(away.hostAndPort)/", "digest_auth": Self.user],
                is: .failed(.status401, 401))
        ])
    }

    @Test("the answers of RFC 7616, 3.9.1")
    func vectors() throws {
        let challenge =
            "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=MD5, "
            + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
        let strong = challenge.split(separator: "MD5").joined(separator: "SHA-256")
        let user = DigestChallenge.User(name: "Mufasa", password: "Circle of Life")
        func response(_ values: [String]) throws -> String? {
            let answer = try #require(DigestChallenge.strongest(in: values)).answer(
                user, method: "GET", target: "/dir/index.html",
                clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ")
            return HTTPChallenge.all(in: answer).first?.parameters["response"]
        }
        #expect(try response([challenge]) == "8ca523f5e9506fed4657c9700eebdbec")
        let sha = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
        #expect(try response([strong]) == sha)
        #expect(try response([challenge, strong]) == sha)
        #expect(try response([strong, challenge]) == sha)
    }

    @Test("any WWW-Authenticate is read to its end, and what it asks for is found")
    func challenges() {
        #expect(HTTPChallenge.all(in: "") == [])
        #expect(
            HTTPChallenge.all(
                in: "Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"")
                == [
                    HTTPChallenge(
                        scheme: "newauth", parameters: ["realm": "apps", "type": "1", "title": "Login to \"apps\""]),
                    HTTPChallenge(scheme: "basic", parameters: ["realm": "simple"]),
                ])
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let letters = Array("ab=\", \\\t")
        for _ in 0..<5000 {
            let text = String(
                (0..<Int.random(in: 0...30, using: &random)).map { _ in letters.randomElement(using: &random)! })
            #expect(HTTPChallenge.all(in: text).count <= text.count, "seed \(seed)")
        }
    }

    @Test("passwords and tokens are blanked wherever a target sends them back, also in base64")
    func secrets() async throws {
        let server = try LoopbackServer(.httpEcho)
        let rows = [
            ContractRow(
                "basic", "http",
                ["url": "http://\(server.hostAndPort)/", "basic_auth": ["user": "ali", "password": "open-sesame"]],
                is: .up),
            ContractRow(
                "bearer", "http", ["url": "http://\(server.hostAndPort)/", "bearer": "t0ken-of-mine"], is: .up),
        ]
        let asking = try Asking(rows, collectsFindings: true)
        defer { asking.reactor.stop() }
        for arrival in await asking.all() {
            let body = try #require(arrival.sample.findings?.evidence?.body)
            #expect(body.contains("***") && !body.contains("t0ken-of-mine") && !body.contains("YWxpOm9wZW4tc2VzYW1l"))
        }
    }
}
