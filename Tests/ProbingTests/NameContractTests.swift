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

    /// Name servers in their order.
    private func resolver(_ servers: NameServer...) -> Route {
        Route(resolver: servers.compactMap { NameServerAddress("127.0.0.1:\($0.port)") })
    }

    @Test("a name server that fails or is not there hands the question on to the next")
    func nextServer() async throws {
        let broken = try NameServer([
            "servfail.test": .serverFailure, "refused.test": .refused, "garbage.test": .garbage,
            "half.test": .byFamily(four: .serverFailure, six: .addresses([])),
        ])
        let gone = try NameServer([:])
        gone.stop()
        let good = try NameServer(
            Dictionary(
                uniqueKeysWithValues: ["servfail", "refused", "garbage", "half", "gone"].map {
                    ("\($0).test", .addresses(["127.0.0.1"]))
                }))
        let server = try LoopbackServer(.banner("hello"))
        let rows = ["servfail", "refused", "garbage", "half"].map { name in
            ContractRow(
                name, "tcp", ["address": "\(name).test:\(server.port)"], timeoutMs: 1500, route: resolver(broken, good),
                is: .up)
        }
        try await expectContract(
            rows + [
                ContractRow(
                    "gone", "tcp", ["address": "gone.test:\(server.port)"], timeoutMs: 1500,
                    route: resolver(gone, good), is: .up)
            ])
    }

    @Test("a silent name server costs 2 s, then the next is asked")
    func silentServer() async throws {
        let silent = try NameServer(["shop.test": .silence])
        let good = try NameServer(["shop.test": .addresses(["127.0.0.1"])])
        let server = try LoopbackServer(.banner("hello"))
        let asking = try Asking([
            ContractRow(
                "silent", "tcp", ["address": "shop.test:\(server.port)"], route: resolver(silent, good), is: .up)
        ])
        defer { asking.reactor.stop() }
        let sample = try #require(await asking.all().first).sample
        #expect(Seen(sample) == .up)
        #expect((1_900_000...3_500_000).contains(sample.legs.resolveUs))
    }

    @Test("when every name server fails, the most telling of what they said is the cause")
    func worst() async throws {
        let servfail = try NameServer(["shop.test": .serverFailure])
        let refused = try NameServer(["shop.test": .refused])
        let garbage = try NameServer(["shop.test": .garbage])
        let silent = try NameServer(["shop.test": .silence])
        let missing = try NameServer([:])
        let gone = try NameServer([:])
        gone.stop()
        func row(_ name: String, _ route: Route, _ cause: Cause) -> ContractRow {
            ContractRow(name, "tcp", "shop.test:25", timeoutMs: 10_000, route: route, is: .failed(cause))
        }
        try await expectContract([
            row("SERVFAIL, REFUSED", resolver(servfail, refused), .dnsServfail),
            row("REFUSED, SERVFAIL", resolver(refused, servfail), .dnsServfail),
            row("REFUSED, malformed", resolver(refused, garbage), .dnsRefused),
            row("malformed, nobody", resolver(garbage, gone), .dnsMalformed),
            row("silent, SERVFAIL", resolver(silent, servfail), .dnsServfail),
            row("nobody, silent", resolver(gone, silent), .dnsTimeout),
            row("SERVFAIL, then no such name", resolver(servfail, missing), .nameNotFound),
            row("four that are not there", resolver(gone, gone, gone, gone), .resolverUnreachable),
        ])
    }

    @Test("a name that one family has not is told by what the other says")
    func families() async throws {
        let names = try NameServer([
            "a.test": .byFamily(four: .addresses([]), six: .nameNotFound),
            "b.test": .byFamily(four: .serverFailure, six: .addresses([])),
            "c.test": .byFamily(four: .nameNotFound, six: .refused),
            "d.test": .byFamily(four: .addresses([]), six: .addresses([])),
        ])
        try await expectContract(
            [("a", Cause.nameNotFound), ("b", .dnsServfail), ("c", .nameNotFound), ("d", .dnsNoAddress)].map {
                ContractRow($0, "tcp", "\($0).test:25", is: .failed($1))
            }, resolver: "127.0.0.1:\(names.port)")
    }

    @Test("names in other scripts go out as IDNA has them, in every kind and in server_name")
    func international() async throws {
        let names = try NameServer([
            "xn--bcher-kva.test": .addresses(["127.0.0.1"]), "xn--strae-oqa.test": .addresses(["127.0.0.1"]),
        ])
        let made = try Certificates()
        let plain = try LoopbackServer(.httpEcho)
        let secure = try LoopbackServer(.http(), identity: made.good(host: "xn--bcher-kva.test"))
        try await expectContract(
            [
                ContractRow(
                    "http", "http", ["url": "http://bücher.test:\(plain.port)/"],
                    expect: ["body": ["contains": "Host: xn--bcher-kva.test:\(plain.port)\r\n"]], is: .up(200)),
                ContractRow("capitals", "tcp", ["address": "BÜCHER.test:\(plain.port)"], is: .up),
                ContractRow("no transitional ss", "tcp", ["address": "straße.test:\(plain.port)"], is: .up),
                ContractRow("a dot of another script", "tcp", ["address": "bücher。test:\(plain.port)"], is: .up),
                ContractRow(
                    "tls", "tls", ["address": "bücher.test:\(secure.port)", "tls": made.tls], is: .up),
                ContractRow(
                    "https", "http", ["url": "https://bücher.test:\(secure.port)/", "tls": made.tls], is: .up(200)),
                ContractRow(
                    "server_name", "tls",
                    ["address": "127.0.0.1:\(secure.port)", "server_name": "bücher.test", "tls": made.tls], is: .up),
            ], resolver: "127.0.0.1:\(names.port)")
    }

    @Test("localhost is this host, whatever name servers say")
    func localhost() async throws {
        let names = try NameServer(["localhost": .addresses(["127.0.0.9"])])
        let server = try LoopbackServer(.banner("hello"))
        try await expectContract(
            [
                ContractRow("any", "tcp", ["address": "localhost:\(server.port)"], is: .up),
                ContractRow("capitals", "tcp", ["address": "LocalHost:\(server.port)"], family: .ipv4, is: .up),
            ], resolver: "127.0.0.1:\(names.port)")
        #expect(names.questions == 0)
    }

    @Test("a name with a dot is never completed by a search domain: a typo leads nowhere")
    func absolute() async throws {
        let names = try NameServer(["shop.typo.test": .addresses(["127.0.0.1"])])
        try await expectContract(
            [ContractRow("typo", "tcp", ["address": "shop.typo:25"], is: .failed(.nameNotFound))],
            resolver: "127.0.0.1:\(names.port)")
        #expect(names.questions == 2)
    }

    @Test("the resolver's answers and each address's fate stand in the evidence")
    func evidence() async throws {
        let first = try NameServer(["shop.test": .byFamily(four: .serverFailure, six: .addresses([]))])
        let second = try NameServer(["shop.test": .addresses(["127.0.0.3", "127.0.0.4"])])
        let nobody = try LoopbackServer(.refuse)
        let asking = try Asking([
            ContractRow(
                "dead", "tcp", ["address": "shop.test:\(nobody.port)"], route: resolver(first, second),
                is: .failed(.refused))
        ])
        defer { asking.reactor.stop() }
        let evidence = try #require(await asking.all().first?.sample.findings?.evidence)
        #expect(
            evidence.resolver == [
                "127.0.0.3", "127.0.0.4", "A from 127.0.0.1:\(first.port): dns-servfail",
            ])
        #expect(
            evidence.addresses == ["127.0.0.3:\(nobody.port): refused", "127.0.0.4:\(nobody.port): refused"])
    }
}
