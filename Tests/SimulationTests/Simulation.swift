import Reporting
import Storage
import Support
import Testing
import Vocabulary

@testable import sonde

/// Runs the real pipeline, store included, through a world in virtual time.
struct Simulation {
    let world: World
    /// Every sample that was handed to the pipeline.
    private(set) var samples: [Sample] = []
    /// When each of them was.
    private(set) var handed: [Instant] = []
    /// Every probe that was asked for, and when.
    private(set) var asked: [(due: Due, at: Instant)] = []
    private(set) var counts = LiveFacts()
    let teller = Notebook()

    /// Writes down what it is told.
    final class Notebook: IncidentTeller {
        var told: [(change: Notification.Change, check: String)] = []
        /// The last incident of each check, as a ledger keeps it.
        var newest: [String: Incident] = [:]
        func tell(_ change: Notification.Change, of incident: Incident, at now: Instant) {
            told.append((change, incident.check))
            newest[incident.check] = incident
        }
        func keep(evidence: String, of incident: Incident, at now: Instant) {}
        func turn(at now: Instant) {}
    }

    init(world: World) { self.world = world }

    mutating func run(store path: String) throws {
        var now = world.span.start
        while now < world.span.end {
            if let stop = world.off.filter({ $0.contains(now) }).map(\.end).max() {
                now = stop
                continue
            }
            let end = world.off.map(\.start).filter { $0 > now }.min() ?? world.span.end
            now = try life(from: now, until: min(end, world.span.end), store: path)
        }
    }

    /// From a start of the process to its end.
    private mutating func life(from start: Instant, until end: Instant, store path: String) throws -> Instant {
        let store = try StoreWriter(
            path: path, options: .init(isThreaded: false, syncs: false, rules: StoreRules(plan: world.plan)))
        var pipeline = try Pipeline(
            plan: world.plan, store: DiskStore(store), teller: teller, newest: Array(teller.newest.values), now: start)
        var now = start
        var underWay: [(back: Instant, sample: Sample)] = []
        while now < end {
            let finished = underWay.filter { $0.back <= now }.map(\.sample)
            underWay.removeAll { $0.back <= now }
            samples += finished
            handed += finished.map { _ in now }
            for due in pipeline.turn(at: now, monotonicNs: now.nanoseconds, finished: finished) {
                asked.append((due, now))
                let sample = world.answer(due, at: now)
                underWay.append((now + Int64(sample.legs.totalUs) * Duration.microsecondNs, sample))
            }
            #expect(pipeline.facts.storeFaults == 0)
            _ = pipeline.takeNews()
            let next = [pipeline.next, underWay.map(\.back).min()].compactMap { $0 }.min() ?? end
            now = max(next, now + 1)
            if let freeze = world.frozen.filter({ $0.contains(now) }).map(\.end).max() { now = freeze }
        }
        counts = pipeline.facts
        // A stop drops the probes in flight.
        try store.sync()
        return now
    }
}
