import Storage
import Vocabulary

/// A store under load in virtual time: what each slot holds follows from its place, so that whoever checks needs to
/// know only how far the writer came.
struct Workload: Sendable {
    /// 2026-11-22T00:00:00Z.
    static let begin = Instant(seconds: 1_795_305_600)
    /// Slots that are surely kept; a few hundred more are.
    static let keptSlots: Int64 = 7_200

    let checks: Int
    let regions: [String]
    let retention: Retention

    init(
        checks: Int = 4, regions: [String] = ["tw", "us"], slotsNs: Int64 = 2 * Duration.hourNs,
        hoursNs: Int64 = Duration.dayNs
    ) {
        self.checks = checks
        self.regions = regions
        retention = Retention(slotsNs: slotsNs, hoursNs: hoursNs)
    }

    static func check(_ number: Int) -> String { "check-\(number)" }

    func spec(_ number: Int) -> RingSpec {
        RingSpec(
            check: Workload.check(number), periodNs: Duration.secondNs, vote: .any, regions: regions,
            retention: retention)
    }

    /// The slot of a step: each step is a second.
    static func slotNumber(_ step: Int64) -> Int64 { begin.seconds + step }
    static func instant(_ step: Int64) -> Instant { begin + step * Duration.secondNs }

    /// What a series holds in a step; seldom nothing.
    static func slot(check: Int, region: Int, step: Int64) -> Slot? {
        var mixed =
            UInt64(bitPattern: step) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(check * 64 + region + 1)
            &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 30)) &* 0x94d0_49bb_1331_11eb
        mixed ^= mixed >> 31
        if mixed % 50 == 0 { return nil }
        let isDown = mixed % 97 == 0
        let total = UInt32(truncatingIfNeeded: mixed >> 32) & Slot.totalUsMax
        return Slot(
            verdict: isDown ? .down : .up, cause: isDown ? .refused : .ok, status: isDown ? 0 : 200, marks: [],
            startUnits: UInt32(truncatingIfNeeded: mixed >> 8) % 1_000, totalUs: total,
            legs: SlotLegs(Legs(connectUs: total / 4, waitUs: total / 2)))
    }

    /// Opens every ring.
    func open(_ store: StoreWriter, at step: Int64) throws -> [RingID] {
        try (0..<checks).map { try store.open(spec($0), now: Workload.instant(step)) }
    }

    /// Puts what a step has, in every series, and commits: at the step's instant unless told otherwise.
    func put(_ step: Int64, into store: StoreWriter, _ rings: [RingID], at now: Instant? = nil) throws {
        for (check, ring) in rings.enumerated() {
            let era = store.era(ring, at: Workload.instant(step))
            for region in regions.indices {
                guard let slot = Workload.slot(check: check, region: region, step: step) else { continue }
                try store.put(slot, ring: ring, region: region, slot: Workload.slotNumber(step), era: era)
            }
        }
        store.commit(at: now ?? Workload.instant(step))
    }

    /// What is wrong with the steps `sure` (all must be there) and those after them up to `last` (each may be there).
    /// Steps that are no longer kept are left out.
    func faults(in path: String, sure: Range<Int64>, last: Int64) throws -> [String] {
        var faults: [String] = []
        let first = max(sure.lowerBound, last - Workload.keptSlots + 1)
        let interval = Interval(start: Workload.instant(first), end: Workload.instant(last + 1))
        let reader = try StoreReader(path: path)
        for check in 0..<checks {
            guard let reading = try reader.history(Workload.check(check), in: interval) else {
                if !sure.isEmpty { faults.append("\(Workload.check(check)): no ring file") }
                continue
            }
            if reading.damagedCount > 0 {
                faults.append("\(Workload.check(check)): \(reading.damagedCount) damaged")
            }
            var seen = Set<Int64>()
            for stretch in reading.content.stretches {
                for (region, slots) in stretch.slots.enumerated() {
                    for (index, slot) in slots.enumerated() {
                        let step = stretch.firstSlot + Int64(index) - Workload.begin.seconds
                        if region == 0 { seen.insert(step) }
                        let expected = Workload.slot(check: check, region: region, step: step)
                        let isRight = slot.isWritten ? slot.facts == expected : expected == nil || !sure.contains(step)
                        if !isRight, faults.count < 20 {
                            faults.append(
                                "\(Workload.check(check))/\(region) step \(step): "
                                    + (slot.isWritten ? "wrong" : "missing"))
                        }
                    }
                }
            }
            // A history that ends early shows nothing of what is missing.
            for step in sure where step >= first && !seen.contains(step) {
                let isOwed = regions.indices.contains {
                    Workload.slot(check: check, region: $0, step: step) != nil
                }
                if isOwed, faults.count < 20 { faults.append("\(Workload.check(check)) step \(step): not shown") }
            }
        }
        return faults
    }
}

/// Votes, and an outage an hour: enough to fill every ring.
struct TortureRules: RollUpRules {
    func cells(_ stretch: History.Stretch) -> [VerdictCell] {
        (0..<stretch.count).map { index in
            let slots = stretch.slots.map { $0[index] }
            let result = stretch.era.vote.decide(
                known: slots.count { $0.verdict.isKnown }, down: slots.count { $0.verdict == .down }, degraded: 0)
            return result.verdict.isKnown
                ? VerdictCell(verdict: result.verdict, isPartial: result.isPartial) : .unwritten
        }
    }

    func outages(
        of check: String, endedIn interval: Interval, history: (Interval) throws -> History
    ) throws -> [OutageRecord] {
        let stretches = try history(interval).stretches
        return stretches.prefix(1).map { stretch in
            let first = stretch.era.sequence(slot: stretch.firstSlot)
            return OutageRecord(
                firstSequence: first, lastSequence: first + 10, start: interval.start, startEarliest: nil,
                end: interval.end, endEarliest: interval.start, cause: .refused, regions: stretch.era.regions,
                downNs: 11 * Duration.secondNs, unknownNs: 0)
        }
    }
}

/// SplitMix64: the same seed, the same course of things.
struct TortureRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
