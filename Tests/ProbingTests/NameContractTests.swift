import Loopback
import Support
import Testing
import Vocabulary

/// Names, looked up at a name server of the test's own.
@Suite(.timeLimit(.minutes(1))) struct NameContractTests {
    @Test("each answer of a name server is told by its cause, the same in every kind")
    func causes() async throws {
        let names = try NameServer([
            "servfail.test": .serverFailure, "refused.test": .refused, "silent.test": .silence,
            "garbage.test": .garbage, "empty.test": .addresses([]), "four.test": .addresses(["127.0.0.1"]),
        ])
        let rows = [
            ("missing.test", AddressFamily.any, Cause.nameNotFound), ("servfail.test", .any, .dnsServfail),
            ("refused.test", .any, .dnsRefused), ("silent.test", .any, .timeoutResolve),
            ("garbage.test", .any, .dnsMalformed), ("empty.test", .any, .dnsNoAddress),
            ("four.test", .ipv6, .dnsNoAddress),
        ].flatMap { name, family, cause in
            [
                ContractRow(
                    "\(name) (http)", "http", ["url": "http://\(name)/"], timeoutMs: 1000, family: family,
                    is: .failed(cause)),
                ContractRow(
                    "\(name) (tcp)", "tcp", ["address": "\(name):25"], timeoutMs: 1000, family: family,
                    is: .failed(cause)),
                ContractRow(
                    "\(name) (tls)", "tls", ["address": "\(name):443"], timeoutMs: 1000, family: family,
                    is: .failed(cause)),
            ]
        }
        try await expectContract(rows, resolver: "127.0.0.1:\(names.port)")
    }

    @Test("a name server that stays silent is told apart from a slow target, under the default deadline")
    func silence() async throws {
        let names = try NameServer(["silent.test": .silence])
        try await expectContract(
            [ContractRow("silent", "tcp", "silent.test:25", timeoutMs: 10_000, is: .failed(.dnsTimeout))],
            resolver: "127.0.0.1:\(names.port)")
    }

    @Test("a name server that is not there is our own fault")
    func unreachable() async throws {
        let nobody = try LoopbackServer(.refuse)
        try await expectContract(
            [ContractRow("nobody", "tcp", "shop.test:25", is: .failed(.resolverUnreachable))],
            resolver: "127.0.0.1:\(nobody.port)")
    }

    @Test("a name's addresses are tried until one answers, on every hop, and the certificate is held against the name")
    func addresses() async throws {
        let made = try Certificates()
        let plain = try LoopbackServer(.httpEcho)
        let secure = try LoopbackServer(.http(), identity: made.good(host: "shop.test"))
        let names = try NameServer([
            "shop.test": .addresses(["127.0.0.1"]), "other.test": .addresses(["127.0.0.1"]),
            "two.test": .addresses(["127.0.0.3", "127.0.0.1"]), "dead.test": .addresses(["127.0.0.3", "127.0.0.4"]),
        ])
        try plain.change(
            to: .routes(["/": .echo, "/away": .redirect(to: "http://other.test:\(plain.port)/")]))
        try await expectContract(
            [
                ContractRow(
                    "one address", "http", ["url": "http://shop.test:\(plain.port)/"],
                    expect: ["body": ["contains": "Host: shop.test:\(plain.port)\r\n"]], is: .up(200)),
                ContractRow("the second address", "http", ["url": "http://two.test:\(plain.port)/"], is: .up(200)),
                ContractRow("the second address", "tcp", ["address": "two.test:\(plain.port)"], is: .up),
                ContractRow("no address", "http", ["url": "http://dead.test:\(plain.port)/"], is: .failed(.refused)),
                ContractRow(
                    "a redirect to another name", "http", ["url": "http://shop.test:\(plain.port)/away"],
                    expect: ["body": ["contains": "Host: other.test:\(plain.port)\r\n"]], is: .up(200)),
                ContractRow(
                    "the certificate's name", "http",
                    ["url": "https://shop.test:\(secure.port)/", "tls": made.tls], is: .up(200)),
                ContractRow(
                    "another name than the certificate's", "http",
                    ["url": "https://other.test:\(secure.port)/", "tls": made.tls],
                    is: .failed(.certificateWrongHost)),
                ContractRow(
                    "the certificate's name", "tls",
                    ["address": "shop.test:\(secure.port)", "tls": made.tls], is: .up),
                ContractRow(
                    "another name, but the right one asked for", "tls",
                    ["address": "other.test:\(secure.port)", "server_name": "shop.test", "tls": made.tls], is: .up),
            ], resolver: "127.0.0.1:\(names.port)")
    }

    @Test("a name is looked up afresh for every probe, and the look-up is the resolve leg")
    func freshLookups() async throws {
        let names = try NameServer(["shop.test": .addresses(["127.0.0.1"])])
        let server = try LoopbackServer(.http())
        let row = ContractRow("shop", "http", ["url": "http://shop.test:\(server.port)/"], family: .ipv4, is: .up(200))
        let asking = try Asking([row], resolver: "127.0.0.1:\(names.port)")
        defer { asking.reactor.stop() }
        for questions in 1...3 {
            let arrival = try #require(await asking.all().first)
            #expect(Seen(arrival.sample) == row.expected)
            #expect(arrival.sample.legs.resolveUs > 0)
            #expect(names.questions == questions)
        }
    }
}
