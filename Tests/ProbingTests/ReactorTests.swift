import Dispatch
import Glibc
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

    /// What one check of one reactor sees of a target that behaves so, one probe after the other.
    private static func seen(of behaviours: [Behaviour]) async throws -> [Seen] {
        let server = try LoopbackServer(.http())
        let asking = try Asking([
            ContractRow("shop", "http", ["url": "http://\(server.hostAndPort)/"], is: .up(200))
        ])
        defer { asking.reactor.stop() }
        var seen: [Seen] = []
        for behaviour in behaviours {
            try server.change(to: behaviour)
            seen += await asking.all().map { Seen($0.sample) }
        }
        return seen
    }

    @Test("a target that comes back is seen to be back")
    func recovery() async throws {
        let seen = try await Self.seen(of: [.http(), .refuse, .http(503), .http()])
        #expect(seen == [.up(200), .failed(.refused), .failed(.status503, 503), .up(200)])
    }

    @Test("what broke one request says nothing of the next")
    func nextRequest() async throws {
        let seen = try await Self.seen(
            of: [.resetAfterRequest, .wrongChunk, .resetAtOnce, .garbage, .wrongChunk, .http()])
        #expect(
            seen == [
                .failed(.reset), .failed(.chunkMalformed, 200), .failed(.reset), .failed(.notHTTP),
                .failed(.chunkMalformed, 200), .up(200),
            ])
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

    @Test("an answer is measured by when it arrived, not by when a busy reactor came round to it")
    func busy() async throws {
        // Every target but one answers 100 ms after it was asked. That one answers once all have been asked; then the
        // reactor sees to nothing for 600 ms.
        let (waitMs, busyMs) = (100, 600)
        let asked = DispatchSemaphore(value: 0)
        let later = Behaviour.requests { _, _ in
            asked.signal()
            return HTTPReply(body: "pong", delayMs: waitMs)
        }
        let made = try Certificates()
        let plain = try LoopbackServer(later)
        let secure = try LoopbackServer(later, identity: made.good())
        let text: SettingLiteral = "GET / HTTP/1.0\r\n\r\n"
        let rows = [
            ContractRow("http", "http", ["url": "http://\(plain.hostAndPort)/"], is: .up(200)),
            ContractRow("body", "http", ["url": "http://\(plain.hostAndPort)/", "body": "ping"], is: .up(200)),
            ContractRow("https", "http", ["url": "https://\(secure.hostAndPort)/", "tls": made.tls], is: .up(200)),
            ContractRow(
                "tcp", "tcp", ["address": .text(plain.hostAndPort), "send": text, "expect": "pong"], is: .up(0)),
            ContractRow(
                "tls", "tcp",
                ["address": .text(secure.hostAndPort), "send": text, "expect": "pong", "tls": made.tls], is: .up(0)),
        ]
        let quick = try LoopbackServer(
            .requests { _, _ in
                for _ in rows { _ = asked.wait(timeout: .now() + 5) }
                return HTTPReply()
            })
        let first = ContractRow("first", "http", ["url": "http://\(quick.hostAndPort)/"], is: .up(200))
        let asking = try Asking(Asking.plan([first] + rows)) { samples in
            if samples.contains(where: { $0.due.series.check == 0 }) { poll(nil, 0, Int32(busyMs)) }
        }
        defer { asking.reactor.stop() }
        let seen = await asking.all().dropFirst()
        #expect(seen.map { Seen($0.sample) } == rows.map(\.expected))
        for arrival in seen {
            let heldMs = Int(arrival.at - arrival.sample.start) / Int(Duration.millisecondNs)
            let totalMs = Int(arrival.sample.legs.totalUs) / 1000
            #expect(heldMs >= busyMs)
            #expect(totalMs >= waitMs && totalMs < heldMs - 300)
        }
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
