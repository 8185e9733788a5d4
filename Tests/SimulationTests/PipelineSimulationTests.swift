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
        for sample in simulation.samples where !sample.due.isReprobe {
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
        let opened = told.count { $0.change == .opened }
        #expect(opened == runs.count, "seed \(seed): no stop tells twice, and none leaves one out")
        #expect((opened - 1...opened).contains(told.count { $0.change == .closed }), "seed \(seed)")
    }

    @Test("sends the rounds that a naive reading of the rules sends, and no other", arguments: worlds.dropFirst())
    func rounds(seed: UInt64, days: Int64) throws {
        let folder = try TemporaryFolder()
        let world = World(seed: seed, days: days, start: Self.start, isSteady: true)
        var simulation = Simulation(world: world)
        try simulation.run(store: folder.path)
        let expected = RoundOracle(world: world, samples: simulation.samples, handed: simulation.handed)
        let sent = Set(simulation.asked.filter(\.due.isReprobe).map(\.due))
        #expect(sent.isSubset(of: expected.members), "seed \(seed)")
        #expect(expected.members.count - sent.count == simulation.counts.reprobesLapsed, "seed \(seed)")
        #expect(simulation.counts.roundsStarted == expected.started && expected.started > 5, "seed \(seed)")
        #expect(simulation.counts.roundsDropped == expected.dropped && expected.dropped > 0, "seed \(seed)")
        for (due, at) in simulation.asked where due.isReprobe {
            let grid = world.plan.checks[Int(due.series.check)].grid
            #expect(grid.slot(at: at) == due.slot && at >= due.at, "seed \(seed): in its own slot")
        }
    }
}
