import Vocabulary

/// Whether a region can be believed. Source: docs/uptime.md, "Self-suspicion".
///
/// When at least three checks and half of a region's checks turn bad within a period, its sentinels are asked at once
/// and the bad samples wait, at most two seconds. All sentinels fail: the samples become unknown, and the region is in
/// doubt until one answers. Any answers, or there are none: the samples stand. Nothing else ever becomes unknown here.
package struct Suspicion: Sendable {
    /// Longest that a sample waits for the sentinels.
    package static let waitNsMax = 2 * Duration.secondNs
    /// Most samples that wait, of all regions together; at one more, those of its region stand.
    package static let heldMax = 10_000
    /// A region with fewer checks never doubts itself.
    static let checksMin = 3
    /// How long an answer is as good as a new one.
    static let answerHoldsNs = Duration.secondNs
    /// A region in doubt asks again after so long even if nothing is bad any more.
    static let lookAgainNs = 10 * Duration.secondNs

    private let periodsNs: [Int64]
    private var regions: [SuspectRegion]
    /// Samples that wait.
    package private(set) var heldCount = 0
    /// When `advance` has something to do; nil while nobody waits and no region is in doubt.
    package private(set) var next: Instant?
    private let heldMax: Int

    package init(plan: Plan, heldMax: Int = heldMax) {
        periodsNs = plan.checks.map(\.periodNs)
        var sentinel = plan.checks.count
        regions = plan.regions.map { region in
            defer { sentinel += region.sentinels.count }
            let count = plan.checks.count { !$0.isPaused && $0.regions.contains(region.name) }
            return SuspectRegion(
                sentinels: sentinel..<sentinel + region.sentinels.count,
                needed: max(Suspicion.checksMin, (count + 1) / 2), checks: plan.checks.count)
        }
        self.heldMax = heldMax
    }

    /// What is to be done.
    package enum Action: Sendable {
        /// So many checks turned bad: ask the sentinels.
        case ask([Due], bad: Int)
        /// So many checks turned bad and there is no sentinel to ask: their samples stand.
        case unasked(bad: Int, Sample)
        /// The samples that waited, in the order they came, as they are to be judged.
        case decided(Decision, [Sample])
    }

    package enum Decision: Hashable, Sendable {
        /// A sentinel answered: the samples stand.
        case answered
        /// None did: the bad ones are unknown.
        case failed
        /// Too many wait: the samples stand.
        case overfull
        /// The program stops: the samples stand.
        case stopped
    }

    package typealias RegionAction = (region: Int, what: Action)

    package func isInDoubt(_ region: Int) -> Bool { regions[region].isInDoubt }

    /// A sample came back. nil: it is to be judged at once. Else it waits, and this is to be done.
    package mutating func take(_ sample: Sample, _ verdict: Verdict, at now: Instant) -> [RegionAction]? {
        let region = Int(sample.due.series.region)
        let check = Int(sample.due.series.check)
        switch verdict {
        case .unknown: return nil
        case .up, .degraded:
            // Mostly it was good before, and nothing is to be written.
            if regions[region].turned[check] != SuspectRegion.good {
                regions[region].turned[check] = SuspectRegion.good
            }
            // In its series' order.
            guard next != nil, regions[region].holds(sample.due.series) else { return nil }
            return hold(sample, isBad: false, region, at: now)
        case .down:
            let isTurn = regions[region].turned[check] == SuspectRegion.good
            if isTurn { regions[region].turned[check] = now.nanoseconds }
            if regions[region].asking != nil { return hold(sample, isBad: true, region, at: now) }
            let bad = isTurn ? regions[region].turnedLately(periodsNs, at: now) : 0
            guard regions[region].isInDoubt || bad >= regions[region].needed else { return nil }
            if regions[region].sentinels.isEmpty {
                // Said once, not for every check that follows.
                return bad == regions[region].needed ? [(region, .unasked(bad: bad, sample))] : nil
            }
            guard !regions[region].answeredLately(at: now) else { return nil }
            let ask = ask(region, at: now)
            return [(region, .ask(ask, bad: bad))] + hold(sample, isBad: true, region, at: now)
        }
    }

    /// A sentinel's probe came back.
    package mutating func answered(_ sample: Sample, at now: Instant) -> [RegionAction] {
        let region = Int(sample.due.series.region)
        guard regions[region].asking?.number == sample.due.slot else { return [] }
        if sample.unmet != .fail { return decide(region, .answered, at: now) }
        regions[region].asking?.silent -= 1
        return regions[region].asking?.silent == 0 ? decide(region, .failed, at: now) : []
    }

    /// Decides where two seconds have passed, and asks again where a region is in doubt.
    package mutating func advance(to now: Instant) -> [RegionAction] {
        guard next != nil else { return [] }
        var actions: [RegionAction] = []
        for region in regions.indices {
            if regions[region].hasWaited(at: now) { actions += decide(region, .failed, at: now) }
            if regions[region].looksAgain(at: now) {
                actions.append((region, .ask(ask(region, at: now), bad: 0)))
            }
        }
        return actions
    }

    /// The program stops: what waits is judged as it stands.
    package mutating func stop(at now: Instant) -> [RegionAction] {
        regions.indices.filter { regions[$0].asking != nil }.flatMap { decide($0, .stopped, at: now) }
    }

    private mutating func hold(_ sample: Sample, isBad: Bool, _ region: Int, at now: Instant) -> [RegionAction] {
        regions[region].asking?.held.append((sample, isBad))
        heldCount += 1
        return heldCount > heldMax ? decide(region, .overfull, at: now) : []
    }

    private mutating func ask(_ region: Int, at now: Instant) -> [Due] {
        defer { next = regions.compactMap(\.next).min() }
        return regions[region].ask(Int32(region), at: now)
    }

    private mutating func decide(_ region: Int, _ decision: Decision, at now: Instant) -> [RegionAction] {
        let held = regions[region].decided(decision, at: now)
        next = regions.compactMap(\.next).min()
        heldCount -= held.count
        let samples = held.map { sample, isBad in
            guard decision == .failed, isBad else { return sample }
            var doubted = sample
            doubted.cause = .sentinelsFailed
            return doubted
        }
        return [(region, .decided(decision, samples))]
    }
}
