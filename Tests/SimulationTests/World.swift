import Support
import Vocabulary

/// What really happened, made from a seed: when targets were down or slow, when the prober was off or stood still.
struct World {
    let plan: Plan
    let span: Interval
    /// By check and region: when the target did not answer.
    let down: [[[Interval]]]
    /// By check: when it answered slowly.
    let slow: [[Interval]]
    /// The process was not there.
    let off: [Interval]
    /// The process was there and did nothing.
    let frozen: [Interval]

    /// `isSteady`: the process is always there. `slotDays`: how long slots are kept.
    init(seed: UInt64, days: Int64, start: Instant, isSteady: Bool = false, slotDays: Int64 = 40) {
        var random = SeededRandom(seed: seed)
        span = Interval(start: start, end: start + days * Duration.dayNs)
        let regions = ["tw", "jp", "us"].map { Region(name: $0) }
        let votes: [Vote] = [.any, .majority, .all, .atLeast(2)]
        func check(_ name: String, _ regions: [String], periodNs: Int64, vote: Vote) -> Check {
            Check(
                name: name, kind: "tcp", settings: .text("127.0.0.1:1"), periodNs: periodNs,
                timeoutNs: min(10 * Duration.secondNs, periodNs / 2), regions: regions, vote: vote,
                retention: Retention(slotsNs: slotDays * Duration.dayNs, hoursNs: 60 * Duration.dayNs))
        }
        let checks = [
            check("alone", ["tw"], periodNs: Duration.minuteNs, vote: .majority),
            check(
                "many", ["tw", "jp", "us"], periodNs: 5 * Duration.minuteNs, vote: votes.randomElement(using: &random)!),
        ]
        plan = Plan(
            store: StorePlan(path: ""), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc, regions: regions,
            checks: checks)

        let span = span
        func some(_ count: Int, upToNs longestNs: Int64, _ random: inout SeededRandom) -> [Interval] {
            (0..<count).map { _ in
                let at = span.start + Int64.random(in: 0..<span.durationNs, using: &random)
                return Interval(start: at, end: at + Int64.random(in: 1...longestNs, using: &random))
            }
        }
        func some(_ count: Int, upToMinutes: Int64, _ random: inout SeededRandom) -> [Interval] {
            some(count, upToNs: upToMinutes * Duration.minuteNs, &random)
        }
        let perDay = max(1, Int(days) / 2)
        let long = checks.map { check in
            let shared = some(perDay, upToMinutes: 40, &random)
            return check.regions.map { _ in shared + some(perDay, upToMinutes: 15, &random) }
        }
        slow = checks.map { _ in some(perDay, upToMinutes: 60, &random) }
        off = isSteady ? [] : some(perDay / 2 + 1, upToMinutes: 120, &random)
        frozen = some(perDay / 2 + 1, upToMinutes: 12, &random)
        // Some are so short that a re-probe is good again.
        let flickers = checks.map { _ in
            some((isSteady ? 2_000 : 40) * perDay, upToNs: 12 * Duration.secondNs, &random)
        }
        down = zip(long, flickers).map { regions, flickers in regions.map { $0 + flickers } }
    }

    /// What a probe that starts at `instant` brings back.
    func answer(_ due: Due, at instant: Instant) -> Sample {
        let check = Int(due.series.check)
        let place = plan.checks[check].regions.firstIndex(of: plan.regions[Int(due.series.region)].name)!
        if down[check][place].contains(where: { $0.contains(instant) }) {
            return Sample(due: due, start: instant, legs: Legs(connectUs: 150), cause: .refused, unmet: .fail)
        }
        let isSlow = slow[check].contains { $0.contains(instant) }
        let legs = Legs(connectUs: 20_000, waitUs: isSlow ? 900_000 : 30_000 + UInt32(due.slot % 1_000))
        return Sample(
            due: due, start: instant, legs: legs, cause: isSlow ? .totalOver : .ok, unmet: isSlow ? .degrade : nil)
    }
}
