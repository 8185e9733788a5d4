import Accounting
import Foundation
import Reporting
import Storage
import Support
import Testing
import Vocabulary

@testable import sonde

/// One seed, run and counted.
struct SeedRun {
    let random: RandomScript
    let world: VirtualWorld
    let run: VirtualRun
    let handed: [VirtualWorld.Handed]
    let store: MemoryStore
    let plan: Plan
    let now: Instant
    let histories: [History]

    init(seed: UInt64) throws {
        random = RandomScript(seed: seed)
        world = VirtualWorld(random.script, faults: random.faults, seed: seed)
        store = MemoryStore()
        let box = Box()
        world.watch = { box.handed.append($0) }
        var run = VirtualRun(random.script, store: store, answers: world)
        try run.run()
        self.run = run
        handed = box.handed
        plan = random.script.plans[random.script.plans.count - 1].plan
        now = random.script.wall(random.script.span.end)
        let (store, now) = (store, now)
        histories = plan.checks.map { store.history($0.name, until: now)! }
    }

    private final class Box { var handed: [VirtualWorld.Handed] = [] }

    func input(_ number: Int) -> CountingInput {
        let check = plan.checks[number]
        let window = Interval(start: random.script.span.start - 3 * Duration.hourNs, end: now + Duration.hourNs)
        return CountingInput(
            check: check, history: histories[number], window: window, zone: random.zone, now: now,
            exclusions: random.exclusions[number], corrections: random.corrections[number])
    }

    func oracle(_ number: Int) -> TruthOracle {
        TruthOracle(
            number, plan.checks[number], handed: handed, world: world, script: random.script,
            eras: store.eras(ofCheck: plan.checks[number].name), lives: run.lives,
            exclusions: random.exclusions[number], corrections: random.corrections[number], now: now)
    }

    /// Everything that a reader could see, as bytes.
    var bytes: [UInt8] {
        let figures = Figures(
            window: Interval(start: random.script.span.start, end: now), zone: random.zone, now: now,
            checks: plan.checks.indices.map { Count.figures(input($0)) })
        let words = histories.flatMap(\.stretches).flatMap(\.slots).flatMap { $0 }.flatMap { [$0.word0, $0.word1] }
        let told = run.told.map { "\($0.change) \($0.incident.id) \($0.wall.rfc3339Exact)" }.joined(separator: "\n")
        return Array((ReportJSON.render(figures) + told).utf8) + words.withUnsafeBytes { Array($0) }
    }
}

@Suite("The pipeline in a world of faults, against the truth")
struct FaultPropertyTests {
    /// SONDE_SEEDS asks for more; one is new in every run, and printed.
    static let seeds: [UInt64] = {
        let count = ProcessInfo.processInfo.environment["SONDE_SEEDS"].flatMap { UInt64($0) } ?? 25
        if let one = ProcessInfo.processInfo.environment["SONDE_SEED"].flatMap({ UInt64($0) }) { return [one] }
        let new = UInt64.random(in: 1_000_000..<1 << 40)
        print("simulation: seeds 1 to \(count), and \(new); SONDE_SEED=\(new) runs that one alone")
        return Array(1...count) + [new]
    }()

    @Test(
        "every figure is the oracle's, the truth lies in its bounds, the same seed gives the same bytes",
        arguments: seeds)
    func properties(seed: UInt64) throws {
        let run = try SeedRun(seed: seed)
        for number in run.plan.checks.indices {
            let figures = Count.figures(run.input(number))
            let oracle = run.oracle(number)
            if figures.sums != oracle.sums(oracle.cells) { tell(run, number, oracle) }
            expectOracle(figures, oracle, "seed \(seed), \(figures.check)")
            expectIdentities(figures, oracle, "seed \(seed), \(figures.check)")
            expectTruth(run, number, figures, oracle, "seed \(seed), \(figures.check)")
        }
        for check in run.plan.checks.map(\.name) {
            let told = run.run.told.filter { $0.incident.check == check }.map(\.change)
            let expected = told.indices.map { $0 % 2 == 0 ? Notification.Change.opened : .closed }
            #expect(told == expected, "seed \(seed), \(check): opened and closed in turn")
        }
        #expect(try SeedRun(seed: seed).bytes == run.bytes, "seed \(seed): the same bytes twice")
    }

    private func expectOracle(_ figures: CheckFigures, _ oracle: TruthOracle, _ name: Comment) {
        #expect(figures.sums == oracle.sums(oracle.cells), name)
        if let plain = figures.uncorrected { #expect(plain == oracle.sums(oracle.cells, isCorrected: false), name) }
        for region in figures.regions { #expect(region.sums == oracle.sums(of: region.region), name) }
        let response = figures.response.map { [$0.meanUs, $0.p95Us, $0.maxUs] } ?? []
        #expect(response == oracle.response, name)
        let outages = figures.outages.map {
            TruthOracle.Run(
                slots: $0.slots, start: $0.start, startEarliest: $0.startEarliest, end: $0.end,
                endEarliest: $0.endEarliest, downNs: $0.downNs, unknownNs: $0.unknownNs, regions: Set($0.regions))
        }
        #expect(outages == oracle.outages, name)
        func covered(_ spells: [Spell]) -> Int64 { spells.reduce(0) { $0 + $1.interval.durationNs } }
        let partialNs = oracle.cells.filter(\.isPartial).reduce(Int64(0)) { $0 + $1.era.periodNs }
        let blipNs = oracle.cells.filter(\.isBlip).reduce(Int64(0)) { $0 + $1.era.periodNs }
        #expect(covered(figures.partials) == partialNs && covered(figures.blips) == blipNs, name)
        for day in figures.days {
            #expect(day.sums == oracle.sums(oracle.cells.filter { day.interval.contains($0.start) }), name)
        }
    }

    /// What is needed to understand a seed that fails.
    private func tell(_ run: SeedRun, _ number: Int, _ oracle: TruthOracle) {
        let script = run.random.script
        let start = script.span.start
        func minutes(_ instant: Instant) -> String { "\(Double((instant - start) / 1_000_000) / 60_000)" }
        func texts(_ intervals: [Interval]) -> String {
            intervals.map { "\(minutes($0.start))-\(minutes($0.end))" }.joined(separator: " ")
        }
        print("seed \(run.random.seed), check \(run.plan.checks[number].name), in minutes from the start:")
        print("  off \(texts(script.off)); frozen \(texts(script.frozen)); broken \(texts(script.broken))")
        print("  steps \(script.clockSteps.map { "\(minutes($0.at)) by \($0.byNs / 60_000_000_000)" })")
        print(
            "  reloads \(script.plans.map { "\(minutes($0.from)) \($0.plan.checks[number].periodNs / 1_000_000_000) s" })"
        )
        for stretch in run.histories[number].stretches {
            for place in 0..<stretch.count {
                let slot = stretch.firstSlot + Int64(place)
                let cell = oracle.cells.first {
                    $0.start == stretch.era.grid.start(of: slot) && $0.era.from == stretch.era.from
                }
                let stored = stretch.slots.map { $0[place].verdict }
                guard let cell, stored != cell.words.map({ $0?.verdict ?? .unknown }) else { continue }
                print("  slot at \(minutes(cell.start)): stored \(stored), oracle \(cell.words)")
            }
        }
    }

    private func expectIdentities(_ figures: CheckFigures, _ oracle: TruthOracle, _ name: Comment) {
        let sums = figures.sums
        #expect(
            sums.up + sums.down + sums.unknown + sums.excluded == oracle.cells.reduce(0) { $0 + $1.era.periodNs }, name)
        for share in [sums.uptime, sums.coverage, sums.worst, sums.best] where share.isDefined {
            let shown = Int64(share.percentText!.filter { $0 != "." })!
            #expect(shown <= 100_000, name)
            #expect(Int128(shown) * Int128(share.denominator) <= Int128(share.numerator) * 100_000, name)
            #expect(Int128(shown + 1) * Int128(share.denominator) > Int128(share.numerator) * 100_000, name)
        }
        #expect((sums.uptime.percentText == "100.000") == (sums.uptime.isDefined && sums.down == 0), name)
    }

    private func expectTruth(
        _ run: SeedRun, _ number: Int, _ figures: CheckFigures, _ oracle: TruthOracle, _ name: Comment
    ) {
        let raw = figures.uncorrected ?? figures.sums
        let owed = oracle.cells.filter { cell in !oracle.exclusions.contains { $0.interval.contains(cell.start) } }
        let truthNs = owed.filter { $0.truth == .down }.reduce(Int64(0)) { $0 + $1.era.periodNs }
        #expect(raw.down <= truthNs && truthNs <= raw.down + raw.unknown, name)
        // Under majority one region alone makes no outage while another is known.
        for cell in oracle.cells where cell.era.vote == .majority && cell.verdict == .down {
            let down = cell.known.count { $0.verdict == .down }
            #expect(down > 1 || cell.known.count == 1, name)
        }
        guard run.random.script.clockSteps.isEmpty else { return }
        for fault in run.random.faults
        where fault.what.isDown && fault.region == nil && (fault.check ?? number) == number {
            expectFound(fault.interval, run, number, figures, oracle, name)
        }
    }

    /// A true outage of all regions together, with nothing else around it, that covers two whole slots in a row in
    /// which all regions are known.
    private func expectFound(
        _ truth: Interval, _ run: SeedRun, _ number: Int, _ figures: CheckFigures, _ oracle: TruthOracle,
        _ name: Comment
    ) {
        let periodNs = oracle.cells.map(\.era.periodNs).max() ?? 0
        let around = Interval(start: truth.start - 3 * periodNs, end: truth.end + 3 * periodNs)
        let isAlone = !run.random.faults.contains {
            $0.interval != truth && $0.interval.overlaps(around) && ($0.check ?? number) == number
        }
        let inside = oracle.cells.filter {
            truth.start <= $0.start && $0.end <= truth.end && $0.known.count == $0.words.count
        }
        guard isAlone, zip(inside, inside.dropFirst()).contains(where: { $0.end == $1.start }) else { return }
        let found = figures.outages.first { outage in outage.slots.contains(inside[0].start) }
        #expect(found != nil, name)
        guard let found else { return }
        // null = open. The starts that slots keep are cut to milliseconds.
        #expect((found.startEarliest ?? truth.start) <= truth.start, name)
        #expect(truth.start <= (found.start ?? truth.start) + Duration.millisecondNs, name)
        #expect((found.endEarliest ?? truth.end) <= truth.end, name)
        #expect(truth.end <= (found.end ?? truth.end) + Duration.millisecondNs, name)
    }
}
