import Glibc
import Loopback
import Testing
import Vocabulary

/// How packets leave, whereto they may go, and which of several addresses wins.
@Suite(.timeLimit(.minutes(1))) struct RouteContractTests {
    /// A server on ::1 and one on 127.0.0.1, at the same port.
    private func pair(_ six: Behaviour, _ four: Behaviour) throws -> (six: LoopbackServer, four: LoopbackServer) {
        let first = try LoopbackServer(four)
        return (try LoopbackServer(six, address: "::1", port: first.port), first)
    }

    /// The samples of rows, each of which must be as it says.
    private func samples(_ rows: [ContractRow], resolver: String? = nil) async throws -> [Sample] {
        let asking = try Asking(rows, collectsFindings: true, resolver: resolver)
        defer { asking.reactor.stop() }
        let samples = await asking.all().map(\.sample)
        for (row, sample) in zip(rows, samples) {
            #expect(Seen(sample) == row.expected, "\(row.name): \(sample.findings?.detail ?? "")")
        }
        return samples
    }

    // MARK: Source and interface

    @Test("an interface is asked through without privilege; one that is not there is our own fault, in every kind")
    func interfaces() async throws {
        let made = try Certificates()
        let plain = try LoopbackServer(.http())
        let secure = try LoopbackServer(.http(), identity: made.good())
        let lo = Route(interface: "lo")
        let none = Route(interface: "no-such-if")
        for (route, http, other) in [
            (lo, Seen.up(200), Seen.up), (none, .failed(.sourceUnavailable), .failed(.sourceUnavailable)),
        ] {
            try await expectContract([
                ContractRow("http", "http", ["url": "http://\(plain.hostAndPort)/"], route: route, is: http),
                ContractRow("tcp", "tcp", .text(plain.hostAndPort), route: route, is: other),
                ContractRow(
                    "tls", "tls", ["address": .text(secure.hostAndPort), "tls": made.tls], route: route, is: other),
            ])
        }
    }

    @Test("a region's own name servers are asked from its source address, and from nowhere else")
    func resolverSource() async throws {
        let names = try NameServer(["shop.test": .addresses(["127.0.0.1"])])
        let server = try LoopbackServer(.banner("hello"))
        let servers = [try #require(NameServerAddress("127.0.0.1:\(names.port)"))]
        try await expectContract([
            ContractRow(
                "ours", "tcp", ["address": "shop.test:\(server.port)"],
                route: Route(source: IPAddress("127.0.0.7"), resolver: servers), is: .up),
            ContractRow(
                "not ours", "tcp", ["address": "shop.test:\(server.port)"],
                route: Route(source: IPAddress("192.0.2.77"), resolver: servers), is: .failed(.resolverUnreachable)),
        ])
        #expect(names.newestPeer == "127.0.0.7")
    }

    @Test("a source address chooses its family among a name's addresses")
    func sourceFamily() async throws {
        let (six, four) = try pair(.banner("6"), .banner("4"))
        let names = try NameServer(["both.test": .addresses(["::1", "127.0.0.1"])])
        try await expectContract(
            [
                ContractRow(
                    "IPv4", "tcp", ["address": "both.test:\(six.port)", "expect": "4"], source: "127.0.0.1", is: .up),
                ContractRow(
                    "IPv6", "tcp", ["address": "both.test:\(six.port)", "expect": "6"], source: "::1", is: .up),
            ], resolver: "127.0.0.1:\(names.port)")
        #expect(four.connections == 1)
    }

    // MARK: Racing

    @Test("IPv6 goes first where both families answer")
    func sixFirst() async throws {
        let (six, four) = try pair(.banner("6"), .banner("4"))
        let names = try NameServer(["both.test": .addresses(["127.0.0.1", "::1"])])
        try await expectContract(
            [
                ContractRow("any", "tcp", ["address": "both.test:\(six.port)", "expect": "6"], is: .up),
                ContractRow(
                    "family 4", "tcp", ["address": "both.test:\(six.port)", "expect": "4"], family: .ipv4, is: .up),
                ContractRow(
                    "family 6", "tcp", ["address": "both.test:\(six.port)", "expect": "6"], family: .ipv6, is: .up),
            ], resolver: "127.0.0.1:\(names.port)")
        #expect(four.connections == 1)
    }

    @Test("an address that stays silent gets a head start of 250 ms, and one that refuses none")
    func headStart() async throws {
        let (silent, first) = try pair(.deaf, .banner("4"))
        let (refusing, second) = try pair(.refuse, .banner("4"))
        let names = try NameServer(["both.test": .addresses(["127.0.0.1", "::1"])])
        let samples = try await samples(
            [
                ContractRow("silent", "tcp", ["address": "both.test:\(silent.port)", "expect": "4"], is: .up),
                ContractRow("refusing", "tcp", ["address": "both.test:\(refusing.port)", "expect": "4"], is: .up),
            ], resolver: "127.0.0.1:\(names.port)")
        #expect((250_000...1_000_000).contains(samples[0].legs.connectUs))
        #expect(samples[1].legs.connectUs < 200_000)
        #expect(
            samples[1].findings?.evidence?.addresses == [
                "[::1]:\(refusing.port): refused", "127.0.0.1:\(refusing.port)",
            ])
        #expect([first, second].map(\.connections) == [1, 1])
    }

    @Test("the same holds within one family")
    func oneFamily() async throws {
        let good = try LoopbackServer(.banner("hello"))
        let silent = try LoopbackServer(.deaf, address: "127.0.0.5", port: good.port)
        let names = try NameServer(["two.test": .addresses(["127.0.0.5", "127.0.0.1"])])
        let samples = try await samples(
            [ContractRow("4", "tcp", ["address": "two.test:\(silent.port)"], family: .ipv4, is: .up)],
            resolver: "127.0.0.1:\(names.port)")
        #expect((250_000...1_000_000).contains(samples[0].legs.connectUs))
        #expect(samples[0].findings?.address == good.hostAndPort)
    }

    @Test("an IPv4 answer waits 50 ms for a slow IPv6 one, and no longer")
    func resolutionDelay() async throws {
        let server = try LoopbackServer(.banner("hello"))
        let names = try NameServer([
            "slow6.test": .byFamily(four: .addresses(["127.0.0.1"]), six: .silence),
            "slow4.test": .byFamily(four: .silence, six: .addresses(["::1"])),
            "bad6.test": .byFamily(four: .addresses(["127.0.0.1"]), six: .nameNotFound),
        ])
        let samples = try await samples(
            ["slow6", "bad6"].map { ContractRow($0, "tcp", ["address": "\($0).test:\(server.port)"], is: .up) },
            resolver: "127.0.0.1:\(names.port)")
        #expect((50_000...500_000).contains(samples[0].legs.resolveUs))
        #expect(samples[1].legs.resolveUs < 50_000)
    }

    @Test("an IPv6 answer waits for nobody; refused there, the IPv4 answer is still waited for")
    func lateFour() async throws {
        let (six, four) = try pair(.refuse, .banner("4"))
        let names = try NameServer([
            "late.test": .byFamily(four: .silence, six: .addresses(["::1"]))
        ])
        try await expectContract(
            [
                ContractRow(
                    "refused", "tcp", ["address": "late.test:\(six.port)"], timeoutMs: 7000, is: .failed(.refused))
            ], resolver: "127.0.0.1:\(names.port)")
        #expect(four.connections == 0)
    }

    @Test("all silent is a timeout of connecting; what one said goes before what we could not do")
    func allFail() async throws {
        let silent = try LoopbackServer(.deaf)
        let names = try NameServer(["dead.test": .addresses(["127.0.0.1", "127.0.0.6"])])
        try await expectContract(
            [
                ContractRow(
                    "silent and refused", "tcp", ["address": "dead.test:\(silent.port)"], timeoutMs: 800,
                    is: .failed(.timeoutConnect))
            ], resolver: "127.0.0.1:\(names.port)")
    }

    @Test("sixteen addresses are tried, and no seventeenth")
    func bound() async throws {
        let server = try LoopbackServer(.banner("hello"))
        let dead = (2...17).map { "127.0.1.\($0)" }
        let names = try NameServer([
            "sixteen.test": .addresses(dead.dropLast() + ["127.0.0.1"]),
            "seventeen.test": .addresses(dead + ["127.0.0.1"]),
        ])
        try await expectContract(
            [
                ContractRow("the 16th", "tcp", ["address": "sixteen.test:\(server.port)"], is: .up),
                ContractRow("the 17th", "tcp", ["address": "seventeen.test:\(server.port)"], is: .failed(.refused)),
            ], resolver: "127.0.0.1:\(names.port)")
    }

    // MARK: Addresses that stand fixed, and zones

    @Test("`resolve` stands in for the look-up of its host and port alone")
    func resolve() async throws {
        let made = try Certificates()
        let plain = try LoopbackServer(.httpEcho)
        let secure = try LoopbackServer(.http(), identity: made.good(host: "shop.test"))
        let names = try NameServer(["other.test": .addresses(["127.0.0.1"])])
        func settings(_ url: String, _ key: String, _ addresses: SettingLiteral) -> SettingLiteral {
            .map([
                (key: "url", value: .text(url)), (key: "resolve", value: .map([(key: key, value: addresses)])),
                (key: "tls", value: made.tls),
            ])
        }
        try await expectContract(
            [
                ContractRow(
                    "plain", "http",
                    settings("http://shop.test:\(plain.port)/", "shop.test:\(plain.port)", ["127.0.0.1"]),
                    expect: ["body": ["contains": "Host: shop.test:\(plain.port)\r\n"]], is: .up(200)),
                ContractRow(
                    "capitals", "http",
                    settings("http://shop.test:\(plain.port)/", "SHOP.test:\(plain.port)", "127.0.0.1"), is: .up(200)),
                ContractRow(
                    "the second address", "http",
                    settings("http://shop.test:\(plain.port)/", "shop.test:\(plain.port)", ["127.0.0.8", "127.0.0.1"]),
                    is: .up(200)),
                ContractRow(
                    "https", "http",
                    settings("https://shop.test:\(secure.port)/", "shop.test:\(secure.port)", ["127.0.0.1"]),
                    is: .up(200)),
                ContractRow(
                    "another port", "http", settings("http://shop.test:\(plain.port)/", "shop.test:1", ["127.0.0.1"]),
                    is: .failed(.nameNotFound)),
                ContractRow(
                    "another family", "http",
                    settings("http://shop.test:\(plain.port)/", "shop.test:\(plain.port)", ["127.0.0.1"]),
                    family: .ipv6, is: .failed(.dnsNoAddress)),
            ], resolver: "127.0.0.1:\(names.port)")
    }

    @Test("a zone names the interface of an address; one that is not there is our own fault")
    func zones() async throws {
        guard let six = try? LoopbackServer(.http(), address: "::1") else { return }
        try await expectContract([
            ContractRow("tcp", "tcp", ["address": "[::1%lo]:\(six.port)"], is: .up),
            ContractRow("by number", "tcp", ["address": "[::1%1]:\(six.port)"], is: .up),
            ContractRow("http", "http", ["url": "http://[::1%25lo]:\(six.port)/"], is: .up(200)),
            ContractRow(
                "no such interface", "tcp", ["address": "[fe80::1%no-such-if]:\(six.port)"],
                is: .failed(.sourceUnavailable)),
            ContractRow(
                "no such interface", "http", ["url": "http://[fe80::1%25no-such-if]:\(six.port)/"],
                is: .failed(.sourceUnavailable)),
        ])
    }

    // MARK: Private addresses

    @Test("block_private is judged on the address connected to, in every kind and for every form of it")
    func blocked() async throws {
        let server = try LoopbackServer(.http())
        let names = try NameServer([
            "inside.test": .addresses(["127.0.0.1"]), "mapped.test": .addresses(["::ffff:127.0.0.1"]),
            "nat64.test": .addresses(["64:ff9b::10.0.0.1"]), "6to4.test": .addresses(["2002:a00:1::1"]),
        ])
        let blocked = Seen.failed(.addressBlocked)
        var rows = ["inside", "mapped", "nat64", "6to4"].map {
            ContractRow($0, "tcp", ["address": "\($0).test:\(server.port)"], allow: [], is: blocked)
        }
        rows += [
            ContractRow("literal", "tcp", .text(server.hostAndPort), allow: [], is: blocked),
            ContractRow("http", "http", ["url": "http://inside.test:\(server.port)/"], allow: [], is: blocked),
            ContractRow("tls", "tls", ["address": "inside.test:\(server.port)"], allow: [], is: blocked),
            ContractRow("localhost", "tcp", ["address": "localhost:\(server.port)"], allow: [], is: blocked),
            ContractRow(
                "resolve", "http",
                .map([
                    (key: "url", value: "http://shop.test/"),
                    (key: "resolve", value: .map([(key: "shop.test:80", value: "10.0.0.1")])),
                ]), allow: [], is: blocked),
        ]
        try await expectContract(rows, resolver: "127.0.0.1:\(names.port)")
        #expect(server.connections == 0)
    }

    @Test("`allow` makes exceptions, and an address that is not blocked is taken among others that are")
    func allowed() async throws {
        let server = try LoopbackServer(.http())
        let names = try NameServer([
            "inside.test": .addresses(["127.0.0.1"]), "two.test": .addresses(["127.0.0.5", "127.0.0.1"]),
        ])
        func row(_ name: String, allow: [String], is seen: Seen) -> ContractRow {
            ContractRow(name, "http", ["url": "http://\(name).test:\(server.port)/"], allow: allow, is: seen)
        }
        try await expectContract(
            [
                row("inside", allow: ["127.0.0.0/8"], is: .up(200)),
                row("inside", allow: ["127.0.0.2/32", "127.0.0.1"], is: .up(200)),
                row("inside", allow: ["10.0.0.0/8"], is: .failed(.addressBlocked)),
                row("two", allow: ["127.0.0.1/32"], is: .up(200)),
            ], resolver: "127.0.0.1:\(names.port)")
    }

    @Test("block_private holds on every hop of a redirect")
    func blockedHop() async throws {
        let inner = try LoopbackServer(.http(), address: "127.0.0.9")
        let outer = try LoopbackServer(.routes(["/": .redirect(to: "http://\(inner.hostAndPort)/")]))
        try await expectContract([
            ContractRow(
                "away", "http", ["url": "http://\(outer.hostAndPort)/"], allow: ["127.0.0.1"],
                is: .failed(.addressBlocked)),
            ContractRow(
                "allowed", "http", ["url": "http://\(outer.hostAndPort)/"], allow: ["127.0.0.0/8"], is: .up(200)),
        ])
        #expect(inner.connections == 1)
    }
}
