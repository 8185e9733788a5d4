import Loopback
import Support
import Testing
import Vocabulary

/// Names, looked up as this host's /etc/resolv.conf says: one of the test's own, with a name server at port 53 of a
/// network of its own.
@Suite(
    .timeLimit(.minutes(1)),
    .enabled(if: ThreadApart.isPermitted, "this machine does not let us have mounts of our own (unshare)"))
struct NameSearchContractTests {
    /// What answers, and whoever asks it.
    private struct Place: Sendable {
        let names: NameServer
        let server: LoopbackServer
        let rows: [ContractRow]
        let asking: Asking
    }

    /// `rows`: those of a target at the given port.
    private static func place(
        resolvConf: String, _ answers: [String: NameServer.Answer], _ rows: @escaping @Sendable (Int) -> [ContractRow]
    ) async throws -> Place {
        try await ThreadApart.run(network: true) {
            let folder = try TemporaryFolder()
            let file = try folder.file("resolv.conf", resolvConf)
            try ChildProgram.run(["mount", "--bind", file, "/etc/resolv.conf"], in: folder.path)
            let names = try NameServer(answers, port: 53)
            let server = try LoopbackServer(.banner("hello"))
            let rows = rows(server.port)
            return Place(names: names, server: server, rows: rows, asking: try Asking(rows))
        }
    }

    private func expect(_ place: Place) async throws {
        defer { place.asking.reactor.stop() }
        for (row, arrival) in zip(place.rows, await place.asking.all()) {
            #expect(Seen(arrival.sample) == row.expected, "\(row.name): \(arrival.sample.findings?.detail ?? "")")
        }
    }

    private static let here = NameServer.Answer.addresses(["127.0.0.1"])
    /// Nobody listens there.
    private static let elsewhere = NameServer.Answer.addresses(["127.0.0.9"])

    @Test("a name of one label is looked up in each search domain in turn, then as it stands; one with a dot only so")
    func search() async throws {
        let place = try await Self.place(
            resolvConf: "nameserver 127.0.0.1\nsearch first.test second.test. .\noptions ndots:5\n",
            [
                "shop.second.test": Self.here, "both.first.test": Self.here, "both.second.test": Self.elsewhere,
                "known.first.test": Self.here, "known": Self.elsewhere, "bare": Self.here,
                "four.first.test": .addresses([]), "four.second.test": Self.here,
                "broken.first.test": .serverFailure, "broken.second.test": Self.here,
                "shop.typo.first.test": Self.here, "rooted.first.test": Self.here,
            ]
        ) { port in
            func row(_ name: String, _ host: String, route: Route = Route(), _ seen: Seen) -> ContractRow {
                ContractRow(name, "tcp", ["address": .text("\(host):\(port)")], route: route, is: seen)
            }
            let named = Route(resolver: NameServerAddress("127.0.0.1").map { [$0] })
            return [
                row("in the second domain", "shop", .up), row("in both: the first", "both", .up),
                row("in a domain and by itself: the domain's", "known", .up),
                row("in no domain: by itself", "bare", .up),
                row("without an address in the first domain", "four", .up),
                row("nowhere", "nobody", .failed(.nameNotFound)),
                // What the first domain would have said is not known: another one's answer may be another host.
                row("the first domain's server fails", "broken", .failed(.dnsServfail)),
                row("a dot inside: never completed, whatever ndots says", "shop.typo", .failed(.nameNotFound)),
                row("a dot at the end", "rooted.", .failed(.nameNotFound)),
                row("a resolver of the check's own has no domains", "shop", route: named, .failed(.nameNotFound)),
                ContractRow("http", "http", ["url": .text("http://nobody/")], is: .failed(.nameNotFound)),
                ContractRow("tls", "tls", ["address": .text("shop:\(port)")], is: .failed(.tlsProtocol)),
            ]
        }
        try await expect(place)
    }

    @Test("where the root is the only search domain a name of one label is looked up as it stands")
    func root() async throws {
        // As systemd-resolved writes it.
        let place = try await Self.place(
            resolvConf: "nameserver 127.0.0.1\nsearch .\n", ["bare": Self.here, "shop.test": Self.here]
        ) { port in
            [
                ContractRow("bare", "tcp", ["address": .text("bare:\(port)")], is: .up),
                ContractRow("shop", "tcp", ["address": .text("shop:\(port)")], is: .failed(.nameNotFound)),
            ]
        }
        try await expect(place)
    }
}
