import Loopback
import Probing
import Testing
import Vocabulary

@Suite(.timeLimit(.minutes(1))) struct ReactorTests {
    @Test("a region's source address is the one the target sees; one that is not ours is our own fault")
    func sources() async throws {
        let servers = try (0..<3).map { _ in try LoopbackServer(.http()) }
        let made = try Certificates()
        let secure = try LoopbackServer(.http(), identity: made.good())
        func rows(from source: String, is seen: (UInt16) -> Seen) -> [ContractRow] {
            [
                ContractRow(
                    "http", "http", ["url": "http://\(servers[0].hostAndPort)/"], source: source, is: seen(200)),
                ContractRow("tcp", "tcp", ["address": .text(servers[1].hostAndPort)], source: source, is: seen(0)),
                ContractRow(
                    "tls", "tls", ["address": .text(secure.hostAndPort), "tls": made.tls], source: source,
                    is: seen(0)),
            ]
        }
        try await expectContract(rows(from: "127.0.0.2") { .up($0) })
        #expect(servers[0].newestPeer == "127.0.0.2")
        #expect(servers[1].newestPeer == "127.0.0.2")
        #expect(secure.newestPeer == "127.0.0.2")
        try await expectContract(rows(from: "192.0.2.1") { _ in .failed(.sourceUnavailable) })
        #expect(servers[0].connections == 1)
    }

    @Test("a source address of the other family cannot reach the target, which is our own fault")
    func sourceFamily() async throws {
        // Not every machine has IPv6.
        guard let six = try? LoopbackServer(.http(), address: "::1") else { return }
        try await expectContract([
            ContractRow("ours", "http", ["url": "http://\(six.hostAndPort)/"], source: "::1", is: .up(200)),
            ContractRow(
                "the other family", "http", ["url": "http://\(six.hostAndPort)/"], source: "127.0.0.2",
                is: .failed(.sourceUnavailable)),
        ])
    }

    @Test("every probe is a connection of its own")
    func freshConnections() async throws {
        let server = try LoopbackServer(.http())
        let row = ContractRow("shop", "http", ["url": "http://\(server.hostAndPort)/"], is: .up(200))
        let asking = try Asking([row])
        defer { asking.reactor.stop() }
        for _ in 0..<3 {
            let seen = await asking.all().map { Seen($0.sample) }
            #expect(seen == [row.expected])
        }
        #expect(server.connections == 3)
    }

    @Test("a target that comes back is seen to be back")
    func recovery() async throws {
        let server = try LoopbackServer(.http())
        let asking = try Asking([
            ContractRow("shop", "http", ["url": "http://\(server.hostAndPort)/"], is: .up(200))
        ])
        defer { asking.reactor.stop() }
        var seen: [Seen] = []
        for behaviour in [Behaviour.http(), .refuse, .http(503), .http()] {
            try server.change(to: behaviour)
            seen += await asking.all().map { Seen($0.sample) }
        }
        #expect(seen == [.up(200), .failed(.refused), .failed(.status503, 503), .up(200)])
    }

    @Test("a hundred targets that hang do not hold up a hundred that answer")
    func hangingTargets() async throws {
        let silent = try LoopbackServer(.silent)
        let good = try LoopbackServer(.http())
        let rows = (0..<200).map { index in
            index % 2 == 0
                ? ContractRow(
                    "hangs \(index)", "http", ["url": "http://\(silent.hostAndPort)/"], timeoutMs: 2000,
                    is: .failed(.timeoutWait))
                : ContractRow(
                    "answers \(index)", "http", ["url": "http://\(good.hostAndPort)/"], timeoutMs: 2000,
                    is: .up(200))
        }
        let asking = try Asking(rows)
        defer { asking.reactor.stop() }
        asking.submitAll()
        // The good ones first, long before the others' deadline; then the rest.
        let first = await asking.receive(100)
        #expect(Set(first.map { Seen($0.sample) }.map(\.description)) == [Seen.up(200).description])
        let rest = await asking.receive(100)
        #expect(Set(rest.map { Seen($0.sample).description }) == [Seen.failed(.timeoutWait).description])
        for arrival in rest {
            #expect(arrival.at - arrival.sample.start <= 2000 * Duration.millisecondNs + Asking.graceNs)
        }
    }

    @Test("of many probes due at once the first are answered before the last are started")
    func burst() async throws {
        let server = try LoopbackServer(.http())
        let rows = (0..<300).map { index in
            ContractRow("probe \(index)", "tcp", ["address": .text(server.hostAndPort)], is: .up(0))
        }
        let asking = try Asking(rows)
        defer { asking.reactor.stop() }
        let samples = await asking.all().map(\.sample)
        #expect(samples.map { Seen($0) } == rows.map(\.expected))
        let ends = samples.map { $0.start + Int64($0.legs.totalUs) * Duration.microsecondNs }
        let firstEnd = try #require(ends.min())
        let lastStart = try #require(samples.map(\.start).max())
        #expect(firstEnd < lastStart)
    }

    @Test("reactors share one plan, each on its own thread")
    func sharedBook() async throws {
        let made = try Certificates()
        let secure = try LoopbackServer(.http(body: "pong"), identity: made.good())
        let rows = (0..<10).map { index in
            ContractRow(
                "probe \(index)", "http", ["url": "https://\(secure.hostAndPort)/", "tls": made.tls],
                expect: ["body": ["matches": "^p.ng$"]], is: .up(200))
        }
        let first = try Asking(rows)
        let others = try (0..<2).map { _ in try Asking(sharing: first) }
        let all = [first] + others
        for asking in all { asking.submitAll() }
        for asking in all {
            let seen = await asking.receive(rows.count).map { Seen($0.sample) }
            #expect(seen == rows.map(\.expected))
            asking.reactor.stop()
        }
        #expect(secure.connections == all.count * rows.count)
    }

    @Test("stop drops what is in flight at once, twice if asked, and nothing is delivered any more")
    func stop() async throws {
        let made = try Certificates()
        let silent = try LoopbackServer(.silent)
        let half = try LoopbackServer(.halfHandshake)
        let good = try LoopbackServer(.http())
        let asking = try Asking([
            ContractRow("http", "http", ["url": "http://\(silent.hostAndPort)/"], timeoutMs: 50_000, is: .up),
            ContractRow("https", "http", ["url": "https://\(half.hostAndPort)/"], timeoutMs: 50_000, is: .up),
            ContractRow(
                "tcp", "tcp", ["address": .text(silent.hostAndPort), "expect": "x"], timeoutMs: 50_000, is: .up),
            ContractRow(
                "tls", "tls", ["address": .text(half.hostAndPort), "tls": made.tls], timeoutMs: 50_000, is: .up),
            ContractRow("good", "http", ["url": "http://\(good.hostAndPort)/"], is: .up(200)),
        ])
        asking.submitAll()
        #expect(await asking.receive(1).map { Seen($0.sample) } == [.up(200)])
        let started = ContinuousClock.now
        asking.reactor.stop()
        asking.reactor.stop()
        #expect(ContinuousClock.now - started < .seconds(2))
    }
}
