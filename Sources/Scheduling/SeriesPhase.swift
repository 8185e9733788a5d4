import Vocabulary

/// When one series is due.
package struct SeriesPhase: Hashable, Sendable {
    package let index: SeriesIndex
    package let grid: SlotGrid
    /// Offset inside each slot.
    package let phaseNs: Int64

    package func due(in slot: Int64) -> Instant { grid.start(of: slot) + phaseNs }

    /// Every series of the plan that is not paused, check by check.
    package static func all(of plan: Plan) -> [SeriesPhase] {
        var all: [SeriesPhase] = []
        for (check, plannedCheck) in plan.checks.enumerated() where !plannedCheck.isPaused {
            for (place, name) in plannedCheck.regions.enumerated() {
                guard let region = plan.regions.firstIndex(where: { $0.name == name }) else { continue }
                all.append(
                    SeriesPhase(
                        index: SeriesIndex(check: check, region: region), grid: plannedCheck.grid,
                        phaseNs: phaseNs(
                            check: plannedCheck.name, place: place, of: plannedCheck.regions.count,
                            periodNs: plannedCheck.periodNs)))
            }
        }
        return all
    }

    /// Probes that are due close together start together: to wake an idle machine for each of them costs as much as the
    /// probe itself (docs/performance.md). Their start instants are measured as ever.
    package static let stepNs = 50 * Duration.millisecondNs

    /// The fixed offset of a check's series inside its slots: a hash of the check's name spreads checks over the
    /// period, and its regions stand evenly apart, so that they take turns. Clear of the last twentieth of the slot, so
    /// that a probe that starts a little late still starts in its own; a multiple of `stepNs`.
    /// `place`: of the region among the check's `count` regions.
    package static func phaseNs(check: String, place: Int, of count: Int, periodNs: Int64) -> Int64 {
        let usableNs = periodNs / 20 * 19
        let shareNs = usableNs / Int64(count)
        let hashed = Int64(truncatingIfNeeded: fnv1a(check) >> 1)
        let phaseNs = (hashed % usableNs + shareNs * Int64(place)) % usableNs
        return phaseNs - phaseNs % stepNs
    }

    /// FNV-1a with 64 bits and a final mix: plain FNV-1a differs little for names that differ only at the end.
    private static func fnv1a(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
        return hash ^ (hash >> 33)
    }
}
