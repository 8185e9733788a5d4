import Accounting
import Support
import Vocabulary

@testable import sonde

/// A small world of one seed: hours of three checks with everything that can go wrong.
struct RandomScript {
    let seed: UInt64
    let script: VirtualRun.Script
    let faults: [VirtualWorld.Fault]
    /// By check.
    let exclusions: [[Exclusion]]
    let corrections: [[Correction]]
    let zone: Zone

    static let zones = [
        Zone.utc,
        // 45 minutes east of the hour.
        Zone(name: "Asia/Kathmandu", firstOffset: 20_700, transitions: []),
        // Changes its clocks by half an hour, in the middle of the first day.
        Zone(
            name: "Australia/Lord_Howe", firstOffset: 37_800,
            transitions: [Zone.Transition(at: RandomScript.start.seconds + 5 * 3_600, offset: 39_600)]),
        Zone(
            name: "Europe/Paris", firstOffset: 7_200,
            transitions: [Zone.Transition(at: RandomScript.start.seconds + 7 * 3_600, offset: 3_600)]),
    ]
    static let start = Instant(seconds: 1_777_000_000 / 86_400 * 86_400 + 79_200)

    init(seed: UInt64) {
        self.seed = seed
        var random = SeededRandom(seed: seed)
        let hours = Int64.random(in: 2...6, using: &random)
        let span = Interval(start: RandomScript.start, end: RandomScript.start + hours * Duration.hourNs)
        zone = RandomScript.zones.randomElement(using: &random) ?? .utc
        let plan = RandomScript.plan(&random)
        var plans = [(from: span.start, plan: plan)]
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let at = RandomScript.instant(in: span, &random)
            plans.append((at, RandomScript.edited(plan, &random)))
        }
        plans.sort { $0.from < $1.from }
        var script = VirtualRun.Script(span: span, plans: plans)
        func some(_ upTo: Int, _ longestNs: Int64, _ random: inout SeededRandom) -> [Interval] {
            (0..<Int.random(in: 0...upTo, using: &random)).map { _ in
                let at = RandomScript.instant(in: span, &random)
                return Interval(start: at, end: at + Int64.random(in: 1...longestNs, using: &random))
            }
        }
        script.off = some(2, 30 * Duration.minuteNs, &random)
        script.frozen = some(2, 8 * Duration.minuteNs, &random)
        script.broken = some(1, 10 * Duration.minuteNs, &random)
        var faults: [VirtualWorld.Fault] = []
        func add(_ what: VirtualWorld.What, _ upTo: Int, _ longestNs: Int64, _ random: inout SeededRandom) {
            for interval in some(upTo, longestNs, &random) {
                let check = Int.random(in: 0...3, using: &random)
                let region = Int.random(in: 0...3, using: &random)
                faults.append(
                    VirtualWorld.Fault(
                        check: check == 3 ? nil : check, region: region == 3 ? nil : region, interval: interval,
                        what: what))
            }
        }
        add(.refused, 4, 20 * Duration.minuteNs, &random)
        add(.hanging, 3, 20 * Duration.minuteNs, &random)
        // Flapping: some are so short that a re-probe is good again.
        add(.refused, 30, 40 * Duration.secondNs, &random)
        add(.slow, 2, 60 * Duration.minuteNs, &random)
        add(.partition, 2, 15 * Duration.minuteNs, &random)
        add(.lost, 1, 15 * Duration.minuteNs, &random)
        add(.late, 1, 10 * Duration.minuteNs, &random)
        script.clockSteps = RandomScript.steps(script, faults, &random)
        self.script = script
        self.faults = faults
        // Windows and corrections are by the wall clock, which may be a day ahead.
        let walls = Interval(start: span.start, end: script.wall(span.end))
        exclusions = plan.checks.map { _ in
            some(2, 40 * Duration.minuteNs, &random).map {
                Exclusion(interval: $0, source: Bool.random(using: &random) ? .pause : .maintenance("w"))
            }
        }
        corrections = plan.checks.map { _ in
            some(2, 20 * Duration.minuteNs, &random).map {
                Correction(
                    interval: Interval(start: $0.start, end: min($0.end, walls.end)),
                    verdict: CorrectedVerdict.allCases.randomElement(using: &random) ?? .up, why: "seen otherwise")
            }
        }
    }

    private static func instant(in span: Interval, _ random: inout SeededRandom) -> Instant {
        span.start + Int64.random(in: 0..<span.durationNs, using: &random)
    }

    private static func plan(_ random: inout SeededRandom) -> Plan {
        let regions = ["tw", "jp", "us"]
        func check(_ name: String, _ regions: [String], _ periodNs: Int64, _ random: inout SeededRandom) -> Check {
            Check(
                name: name, kind: "tcp", settings: .text("127.0.0.1:1"), periodNs: periodNs,
                timeoutNs: min(10 * Duration.secondNs, periodNs / 2), regions: regions,
                vote: vote(of: regions.count, &random), confirm: Int.random(in: 1...3, using: &random),
                recover: Int.random(in: 1...2, using: &random))
        }
        return Plan(
            store: StorePlan(path: ""), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
            regions: regions.map { Region(name: $0) },
            checks: [
                check("alone", ["tw"], Duration.minuteNs, &random),
                check("many", regions, [1, 5].randomElement(using: &random)! * Duration.minuteNs, &random),
                check("quick", ["tw", "us"], 30 * Duration.secondNs, &random),
            ])
    }

    private static func vote(of regions: Int, _ random: inout SeededRandom) -> Vote {
        [.any, .majority, .majority, .all, .atLeast(min(2, regions))].randomElement(using: &random) ?? .majority
    }

    /// As people edit: another vote, period or set of regions of one check.
    private static func edited(_ plan: Plan, _ random: inout SeededRandom) -> Plan {
        var plan = plan
        let place = Int.random(in: 0..<plan.checks.count, using: &random)
        switch Int.random(in: 0...3, using: &random) {
        case 0: plan.checks[place].vote = vote(of: plan.checks[place].regions.count, &random)
        case 1: plan.checks[place].periodNs = [1, 2, 3].randomElement(using: &random)! * Duration.minuteNs
        case 2 where plan.checks[place].regions.count > 1: plan.checks[place].regions.removeLast()
        default: break
        }
        return plan
    }

    /// Where the program sees them at once: nothing else is the matter around them.
    private static func steps(
        _ script: VirtualRun.Script, _ faults: [VirtualWorld.Fault], _ random: inout SeededRandom
    ) -> [VirtualRun.Script.ClockStep] {
        let trouble =
            script.off + script.frozen + script.broken
            + faults.filter { [.lost, .late, .partition].contains($0.what) }.map(\.interval)
            + script.plans.map { Interval(start: $0.from, end: $0.from + 1) }
        let sizes: [Int64] = [-Duration.hourNs, Duration.hourNs, Duration.dayNs, -90 * Duration.secondNs]
        var steps: [VirtualRun.Script.ClockStep] = []
        for _ in 0..<Int.random(in: 0...2, using: &random) {
            let at = instant(in: script.span, &random)
            let size = sizes.randomElement(using: &random)!
            let around = Interval(start: at - 15 * Duration.minuteNs, end: at + 15 * Duration.minuteNs)
            let isQuiet = !trouble.contains { $0.overlaps(around) } && !steps.contains { around.contains($0.at) }
            if isQuiet { steps.append(VirtualRun.Script.ClockStep(at: at, byNs: size)) }
        }
        return steps.sorted { $0.at < $1.at }
    }
}
