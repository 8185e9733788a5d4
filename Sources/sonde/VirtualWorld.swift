import Vocabulary

/// What really happens in a virtual run: when targets, regions and probes fail. The ground truth; what the program
/// makes of it is counted from its samples.
final class VirtualWorld: VirtualAnswers {
    /// In true time. `check`, `region`: places in the first plan, which later plans keep; nil for all.
    struct Fault: Hashable {
        var check: Int?
        var region: Int?
        let interval: Interval
        let what: What
    }

    enum What: String, Hashable, CaseIterable {
        /// The target refuses at once.
        case refused
        /// It takes the connection and says nothing: the probe times out.
        case hanging
        /// It answers slowly: degraded.
        case slow
        /// The region has no route: its own trouble.
        case partition
        /// The region is gone: nothing ever comes back.
        case lost
        /// The region starts its probes late, by a quarter of the period.
        case late

        /// The target itself is down.
        var isDown: Bool { self == .refused || self == .hanging }
    }

    let faults: [Fault]
    private let script: VirtualRun.Script
    private let seed: UInt64
    private let regionCount: Int
    /// Of each series.
    private var timelines: [Timeline<What>]
    /// Called for every sample that reaches the pipeline.
    var watch: ((Handed) -> Void)?

    struct Handed {
        let sample: Sample
        let plan: Plan
        let at: Instant
        let wall: Instant
        let isKept: Bool
        /// When the probe began, in true time.
        let trueStart: Instant
    }

    /// Of the probes under way, while somebody watches.
    private var trueStarts: [Due: Instant] = [:]

    init(_ script: VirtualRun.Script, faults: [Fault], seed: UInt64) {
        self.script = script
        self.faults = faults
        self.seed = seed
        let checks = script.plans.map(\.plan.checks.count).max() ?? 0
        regionCount = script.plans.map(\.plan.regions.count).max() ?? 0
        var own = [[(interval: Interval, thing: What)]](repeating: [], count: checks * regionCount)
        for fault in faults {
            for check in fault.check.map({ $0...$0 }) ?? 0...max(0, checks - 1) {
                for region in fault.region.map({ $0...$0 }) ?? 0...max(0, regionCount - 1) {
                    own[check * regionCount + region].append((fault.interval, fault.what))
                }
            }
        }
        timelines = own.map { Timeline($0) }
    }

    /// The target as it is seen from the region is down.
    func isDown(check: Int, region: Int, at instant: Instant) -> Bool {
        timelines[check * regionCount + region].things(at: instant).contains(where: \.isDown)
    }

    var isWatched: Bool { watch != nil }

    func handed(_ sample: Sample, _ plan: Plan, at now: Instant, wall: Instant, isKept: Bool) {
        guard let watch else { return }
        let trueStart = trueStarts.removeValue(forKey: sample.due) ?? now
        watch(Handed(sample: sample, plan: plan, at: now, wall: wall, isKept: isKept, trueStart: trueStart))
    }

    func answer(_ due: Due, _ plan: Plan, at now: Instant, wall: Instant) -> (sample: Sample, tookNs: Int64)? {
        // A sentinel always answers: regions that doubt themselves are simulated by `partition`.
        guard Int(due.series.check) < plan.checks.count else { return good(due, wall, delayNs: 0) }
        let series = Int(due.series.check) * regionCount + Int(due.series.region)
        if timelines[series].pass(to: now) {
            return answer(due, plan.checks[Int(due.series.check)], timelines[series], at: now)
        }
        if watch != nil { trueStarts[due] = now }
        return good(due, wall, delayNs: 0)
    }

    /// While there are faults.
    private func answer(
        _ due: Due, _ check: Check, _ faults: Timeline<What>, at now: Instant
    ) -> (sample: Sample, tookNs: Int64)? {
        if faults.present.contains(.lost) { return nil }
        let delayNs = faults.present.contains(.late) ? check.periodNs / 4 : 0
        if watch != nil { trueStarts[due] = now + delayNs }
        // A probe that starts late sees the world as it is then.
        let start = script.wall(now + delayNs)
        if faults.present.contains(.partition) {
            return bad(due, start, .noRoute, Legs(connectUs: 50), delayNs: delayNs)
        }
        let then = delayNs > 0 ? faults.things(at: now + delayNs) : faults.present
        if then.contains(.refused) { return bad(due, start, .refused, Legs(connectUs: 1_500), delayNs: delayNs) }
        if then.contains(.hanging) {
            let timeoutUs = UInt32(check.timeoutNs / Duration.microsecondNs)
            return bad(due, start, .timeoutWait, Legs(connectUs: 500, waitUs: timeoutUs - 500), delayNs: delayNs)
        }
        if then.contains(.slow) {
            let legs = Legs(connectUs: 20_000, waitUs: 900_000)
            return (
                Sample(due: due, start: start, legs: legs, cause: .totalOver, unmet: .degrade),
                delayNs + Int64(legs.totalUs) * Duration.microsecondNs
            )
        }
        return good(due, start, delayNs: delayNs)
    }

    private func good(_ due: Due, _ start: Instant, delayNs: Int64) -> (sample: Sample, tookNs: Int64) {
        // A time of its own for every sample, the same in every run.
        var mixed = seed ^ UInt64(bitPattern: due.slot) &* 0x9e37_79b9_7f4a_7c15
        mixed = (mixed ^ UInt64(due.series.check) << 32 ^ UInt64(due.series.region)) &* 0xbf58_476d_1ce4_e5b9
        let waitUs = 20_000 + 10_000 * UInt32(due.series.region) + UInt32(truncatingIfNeeded: mixed >> 50)
        let legs = Legs(connectUs: 8_000, waitUs: waitUs)
        return (
            Sample(due: due, start: start, legs: legs, cause: .ok, unmet: nil),
            delayNs + Int64(legs.totalUs) * Duration.microsecondNs
        )
    }

    private func bad(
        _ due: Due, _ start: Instant, _ cause: Cause, _ legs: Legs, delayNs: Int64
    ) -> (sample: Sample, tookNs: Int64) {
        (
            Sample(due: due, start: start, legs: legs, cause: cause, unmet: .fail),
            delayNs + Int64(legs.totalUs) * Duration.microsecondNs
        )
    }
}
