import Accounting
import Foundation
import Scheduling
import Storage
import Support
import Testing
import Vocabulary

@testable import sonde

@Suite("The whole pipeline in virtual time, against a naive count")
struct PipelineSimulationTests {
    static let start = Instant(rfc3339: "2026-10-01T00:00:00Z")!

    /// A month, then shorter worlds with other seeds; SONDE_SEEDS asks for more of them.
    static let worlds: [(seed: UInt64, days: Int64)] = {
        let more = ProcessInfo.processInfo.environment["SONDE_SEEDS"].flatMap { UInt64($0) } ?? 6
        return [(2026, 30)] + (1...more).map { ($0, 2) }
    }()

    @Test("counts what the samples say: sums, regions, outages", arguments: worlds)
    func agrees(seed: UInt64, days: Int64) throws {
        let folder = try TemporaryFolder()
        let world = World(seed: seed, days: days, start: Self.start)
        var simulation = Simulation(world: world)
        try simulation.run(store: folder.path)
        let oracle = Oracle(world: world, samples: simulation.samples)
        let store = try StoreReader(path: folder.path)
        let now = world.span.end
        for (number, check) in world.plan.checks.enumerated() {
            let history = try #require(try store.history(check.name, in: world.span)).content
            let figures = Count.figures(
                CountingInput(check: check, history: history, window: world.span, zone: .utc, now: now))
            let expected = oracle.answer(number, now: now)
            let actual = Oracle.Answer(
                up: figures.sums.up, degraded: figures.sums.degraded, down: figures.sums.down,
                unknown: figures.sums.unknown,
                outages: figures.outages.map {
                    Oracle.Run(first: check.grid.slot(at: $0.slots.start), last: check.grid.slot(at: $0.slots.end) - 1)
                },
                regions: figures.regions.map { [$0.sums.up, $0.sums.down, $0.sums.unknown] })
            #expect(actual == expected, "seed \(seed), \(days) days, check \(check.name)")
            #expect(figures.sums.down > 0 && figures.sums.unknown > 0, "seed \(seed): a world worth simulating")
            #expect(figures.days.map(\.sums.down).reduce(0, +) == figures.sums.down)
        }
    }

    @Test("asks every slot once at its phase while the prober is there", arguments: worlds.dropFirst())
    func asksEverySlot(seed: UInt64, days: Int64) throws {
        let folder = try TemporaryFolder()
        let world = World(seed: seed, days: days, start: Self.start)
        var simulation = Simulation(world: world)
        try simulation.run(store: folder.path)
        let idle = world.off + world.frozen
        var asked: [Oracle.Key: Int] = [:]
        for sample in simulation.samples {
            asked[
                Oracle.Key(
                    check: Int(sample.due.series.check), place: Int(sample.due.series.region), slot: sample.due.slot),
                default: 0] += 1
        }
        #expect(asked.values.allSatisfy { $0 == 1 }, "seed \(seed): no slot is asked twice")
        for timing in SeriesPhase.all(of: world.plan) {
            for slot in timing.grid.slots(in: world.span).dropFirst().dropLast() {
                let around = Interval(
                    start: timing.due(in: slot) - Duration.secondNs, end: timing.due(in: slot) + 2 * Duration.secondNs)
                guard !idle.contains(where: { $0.overlaps(around) }) else { continue }
                let key = Oracle.Key(check: Int(timing.index.check), place: Int(timing.index.region), slot: slot)
                #expect(asked[key] == 1, "seed \(seed): \(timing.index) in slot \(slot)")
            }
        }
    }

    @Test(
        "tells of every outage of a check with one region, once opened and once closed", arguments: worlds.dropFirst())
    func tells(seed: UInt64, days: Int64) throws {
        let folder = try TemporaryFolder()
        let world = World(seed: seed, days: days, start: Self.start)
        var simulation = Simulation(world: world)
        try simulation.run(store: folder.path)
        let runs = Oracle(world: world, samples: simulation.samples).answer(0, now: world.span.end + Duration.hourNs)
            .outages
        let told = simulation.teller.told.filter { $0.check == "alone" }
        // A stop in the middle of an outage forgets the incident here (nobody hands it back), and opens it again.
        let opened = told.count { $0.change == .opened }
        #expect(opened >= runs.count && opened <= runs.count + world.off.count, "seed \(seed)")
        #expect(told.count { $0.change == .closed } <= opened, "seed \(seed)")
    }
}
