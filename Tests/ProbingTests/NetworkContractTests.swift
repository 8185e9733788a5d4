import Loopback
import Support
import Testing
import Vocabulary

/// What only a network does: packets dropped, refused on the way, or without a way.
@Suite(
    .timeLimit(.minutes(1)), .serialized,
    .enabled(if: NetworkPair.isPermitted, "this machine does not let us make network namespaces (ip netns add)"))
struct NetworkContractTests {
    /// Holds rows, asked from the near network, against what they say.
    private func expect(_ rows: [ContractRow], from network: NetworkPair, resolver: String? = nil) async throws {
        let asking = try network.inNear { try Asking(rows, resolver: resolver) }
        defer { asking.reactor.stop() }
        for (row, arrival) in zip(rows, await asking.all()) {
            let sample = arrival.sample
            #expect(Seen(sample) == row.expected, "\(row.name): \(sample.findings?.detail ?? "")")
            #expect(arrival.at - sample.start <= row.check.timeoutNs + Asking.graceNs, "\(row.name)")
        }
    }

    private func web(in network: NetworkPair) throws -> (server: Nginx, port: Int) {
        let server = try network.inFar {
            try Nginx([Nginx.Server("web", address: NetworkPair.farFour, "return 200 pong;")])
        }
        return (server, server.port("web"))
    }

    @Test("what a network does to packets is told by its cause, in both families")
    func filtered() async throws {
        let network = try NetworkPair()
        for (port, verdict) in [
            (1, "drop"), (2, "reject with icmpx type admin-prohibited"), (3, "reject with tcp reset"),
            (4, "reject with icmpx type port-unreachable"), (5, "reject with icmpx type host-unreachable"),
            (6, "reject with icmpx type no-route"),
        ] {
            try network.filter("tcp dport \(port) \(verdict)")
        }
        let rows = [
            (1, "dropped", Cause.timeoutConnect), (2, "prohibited", .unreachable), (3, "reset", .refused),
            (4, "port unreachable", .refused), (5, "host unreachable", .unreachable), (6, "no route", .unreachable),
            (7, "nobody listens", .refused),
        ].flatMap { port, name, cause in
            [NetworkPair.farFour, "[\(NetworkPair.farSix)]"].map {
                // IPv6's first refusal may go amiss while the neighbours find each other: the kernel asks again
                // after a second.
                ContractRow("\(name), \($0)", "tcp", ["address": "\($0):\(port)"], timeoutMs: 3500, is: .failed(cause))
            }
        }
        try await expect(rows, from: network)
    }

    @Test("no route of ours is our own fault; a neighbour that is not there is unreachable")
    func routes() async throws {
        let network = try NetworkPair()
        try await expect(
            [
                ContractRow("IPv4", "tcp", "10.99.0.1:80", is: .failed(.noRoute)),
                ContractRow("IPv6", "tcp", "[fd99::1]:80", is: .failed(.noRoute)),
                ContractRow("http", "http", "http://10.99.0.1/", is: .failed(.noRoute)),
                ContractRow("nobody there", "tcp", "10.77.0.99:80", timeoutMs: 8000, is: .failed(.unreachable)),
            ], from: network)
    }

    @Test("packets lost after the handshake end in the leg that waits for them")
    func lostLater() async throws {
        let network = try NetworkPair()
        let (server, port) = try web(in: network)
        try network.filter("tcp dport \(port) tcp flags & psh == psh drop")
        try await expect(
            [
                ContractRow(
                    "http", "http", ["url": "http://\(NetworkPair.farFour):\(port)/"], timeoutMs: 900,
                    is: .failed(.timeoutWait)),
                ContractRow(
                    "tls", "tls", ["address": "\(NetworkPair.farFour):\(port)"], timeoutMs: 900,
                    is: .failed(.timeoutHandshake)),
                ContractRow("tcp", "tcp", ["address": "\(NetworkPair.farFour):\(port)"], timeoutMs: 900, is: .up),
            ], from: network)
        withExtendedLifetime(server) {}
    }

    @Test("with one family dead the other is still up, whether packets are dropped or there is no way")
    func oneFamily() async throws {
        let network = try NetworkPair()
        let (server, port) = try web(in: network)
        try network.filter("ip6 daddr \(NetworkPair.farSix) tcp dport \(port) drop")
        let names = try network.inNear {
            try NameServer([
                "dropped.test": .addresses([NetworkPair.farSix, NetworkPair.farFour]),
                "routeless.test": .addresses(["fd99::1", NetworkPair.farFour]),
                "lonely.test": .addresses(["fd99::1", "10.99.0.1"]),
            ])
        }
        func row(_ name: String, _ seen: Seen, family: AddressFamily = .any) -> ContractRow {
            ContractRow(
                name, "http", ["url": "http://\(name).test:\(port)/"], timeoutMs: 1500, family: family, is: seen)
        }
        try await expect(
            [
                row("dropped", .up(200)), row("routeless", .up(200)), row("lonely", .failed(.noRoute)),
                row("dropped", .failed(.timeoutConnect), family: .ipv6),
                row("routeless", .failed(.noRoute), family: .ipv6),
            ], from: network, resolver: "127.0.0.1:\(names.port)")
        withExtendedLifetime(server) {}
    }

    @Test("an interface and a source address are the ways they are called")
    func ways() async throws {
        let network = try NetworkPair()
        let (server, port) = try web(in: network)
        let target = SettingLiteral.text("http://\(NetworkPair.farFour):\(port)/")
        try await expect(
            [
                ContractRow(
                    "interface", "http", target, route: Route(interface: NetworkPair.nearInterface), is: .up(200)),
                ContractRow(
                    "source", "http", target, route: Route(source: IPAddress(NetworkPair.nearFour)), is: .up(200)),
                ContractRow(
                    "both", "http", target,
                    route: Route(source: IPAddress(NetworkPair.nearFour), interface: NetworkPair.nearInterface),
                    is: .up(200)),
                ContractRow(
                    "another's address", "http", target, route: Route(source: IPAddress(NetworkPair.farFour)),
                    is: .failed(.sourceUnavailable)),
            ], from: network)
        withExtendedLifetime(server) {}
    }
}
