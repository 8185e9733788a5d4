import Glibc
import Probing
import Testing
import Vocabulary

/// A sample and the wall time at which it was handed over.
struct Arrival: Sendable {
    let sample: Sample
    let at: Instant
}

/// A reactor over the checks of a test, and what it has delivered.
struct Asking {
    /// The verdict stands at most 250 ms after the timeout, whatever the target does; as much again is for the machine,
    /// on whose cores other suites run.
    static let graceNs = (250 + 250) * Duration.millisecondNs

    let plan: Plan
    let reactor: Reactor
    private let book: ProbeBook
    private let arrivals: AsyncStream<[Arrival]>

    /// `delivered`: called on the reactor's own thread.
    init(
        _ plan: Plan, collectsFindings: Bool = false, delivered: @escaping @Sendable ([Sample]) -> Void = { _ in }
    ) throws {
        var mistakes = Mistakes()
        let book = ProbeBook.compile(plan, collectsFindings: collectsFindings, &mistakes)
        #expect(mistakes.all.map(\.description) == [])
        try self.init(plan, #require(book), delivered)
    }

    /// One more reactor over the same compiled plan.
    init(sharing other: Asking) throws { try self.init(other.plan, other.book) }

    private init(
        _ plan: Plan, _ book: ProbeBook, _ delivered: @escaping @Sendable ([Sample]) -> Void = { _ in }
    ) throws {
        let (stream, continuation) = AsyncStream.makeStream(of: [Arrival].self)
        self.plan = plan
        self.book = book
        arrivals = stream
        reactor = try Reactor(book: book, name: "test") { samples in
            let now = Asking.wallNow()
            continuation.yield(samples.map { Arrival(sample: $0, at: now) })
            delivered(samples)
        }
    }

    /// `resolver`: the name server to ask in place of the system's.
    init(_ rows: [ContractRow], collectsFindings: Bool = false, resolver: String? = nil) throws {
        try self.init(Asking.plan(rows, resolver: resolver), collectsFindings: collectsFindings)
    }

    /// Starts a probe of every check at once, each from its own region.
    func submitAll() {
        let now = Asking.wallNow()
        reactor.submit(
            plan.checks.indices.map { index in
                let region = plan.regions.firstIndex { $0.name == plan.checks[index].regions[0] } ?? 0
                return Due(series: SeriesIndex(check: index, region: region), slot: 0, at: now)
            })
    }

    /// The next `count` samples, in the order of the checks.
    func receive(_ count: Int) async -> [Arrival] {
        var received: [Arrival] = []
        for await batch in arrivals {
            received += batch
            if received.count >= count { break }
        }
        return received.sorted { $0.sample.due.series.check < $1.sample.due.series.check }
    }

    /// One probe of every check.
    func all() async -> [Arrival] {
        submitAll()
        return await receive(plan.checks.count)
    }

    static func wallNow() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * Duration.secondNs + Int64(time.tv_nsec))
    }

    /// A plan with a check for each row, and a region for each way in which packets leave. `resolver`: of every region
    /// that names none.
    static func plan(_ rows: [ContractRow], resolver: String? = nil) -> Plan {
        let names = resolver.flatMap { NameServerAddress($0) }.map { [$0] }
        var regions = [Region(name: "local", route: Route(resolver: names))]
        var checks: [Check] = []
        for row in rows {
            var check = row.check
            let route = row.route.or(Route(resolver: names))
            if let known = regions.first(where: { $0.route == route }) {
                check.regions = [known.name]
            } else {
                check.regions = ["r\(regions.count)"]
                regions.append(Region(name: check.regions[0], route: route))
            }
            checks.append(check)
        }
        return Plan(
            store: StorePlan(path: "unused"), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
            regions: regions, checks: checks)
    }
}

extension Cause {
    /// The one deadline ended the probe.
    fileprivate var isTimeout: Bool {
        switch self {
        case .timeoutResolve, .timeoutConnect, .timeoutHandshake, .timeoutWait, .timeoutTransfer: true
        default: false
        }
    }
}

/// Asks every row at once and holds each sample against its row and against what every kind promises: a verdict in
/// time, no timeout before its time, legs within the time that passed, and findings exactly when something is wrong.
func expectContract(
    _ rows: [ContractRow], resolver: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let asking = try Asking(rows, resolver: resolver)
    defer { asking.reactor.stop() }
    let arrivals = await asking.all()
    try #require(arrivals.count == rows.count, sourceLocation: sourceLocation)
    for (row, arrival) in zip(rows, arrivals) {
        let sample = arrival.sample
        let comment: Comment = "\(row.name): \(sample.findings?.detail ?? "no findings")"
        #expect(Seen(sample) == row.expected, comment, sourceLocation: sourceLocation)
        #expect(
            arrival.at - sample.start <= row.check.timeoutNs + Asking.graceNs, comment, sourceLocation: sourceLocation)
        #expect(
            Int64(sample.legs.totalUs) * Duration.microsecondNs <= arrival.at - sample.start + Duration.millisecondNs,
            comment, sourceLocation: sourceLocation)
        if sample.cause.isTimeout {
            // Never before its time; legs are whole microseconds, each rounded down.
            #expect(
                Int64(sample.legs.totalUs) * Duration.microsecondNs >= row.check.timeoutNs - Duration.millisecondNs,
                comment, sourceLocation: sourceLocation)
        }
        #expect((sample.findings == nil) == (sample.cause == .ok), comment, sourceLocation: sourceLocation)
        #expect(sample.findings?.detail != "", comment, sourceLocation: sourceLocation)
    }
}
