import Vocabulary

/// Why one slot of a check counts as it does: everything that had a say. Source: docs/uptime.md, rules 1 to 3.
package struct Explanation: Sendable {
    package let check: String
    package let title: String
    package let periodNs: Int64
    package let slot: Interval
    /// The samples are gone: the verdict is what the store kept of them, and no region has a word.
    package let isSummary: Bool
    /// In the order of the slot's era.
    package let regions: [RegionWord]
    /// Of the slot's era.
    package let vote: Vote
    /// Regions that vote, those of them that are down, and that are degraded.
    package let known: Int
    package let down: Int
    package let degraded: Int
    /// What the vote says, whatever windows and corrections make of it.
    package let verdict: Verdict
    package let isPartial: Bool
    package let isBlip: Bool
    /// Windows and pauses that hold the slot's start.
    package let exclusions: [Exclusion]
    /// In the order of the ledger; the last one wins.
    package let corrections: [Correction]
    package let standing: Standing
    /// What it counts as; nil unless it is settled.
    package let counted: BarState?
    /// The one it lies in; nil for none.
    package let outage: Outage?

    package struct RegionWord: Hashable, Sendable {
        package let region: String
        /// `unwritten`: nobody asked, or nothing was kept.
        package let slot: Slot
        /// When the sample started.
        package let start: Instant
    }

    package enum Standing: String, Hashable, Sendable {
        case settled
        /// Not settled yet.
        case running
        /// Before the check's birth: nothing is owed.
        case unborn
    }
}

extension Count {
    /// The slot that holds `instant`. The history reaches as far as `reachesBeyond` asks for, with the window on it.
    package func explanation(at instant: Instant) -> Explanation? {
        guard let extent = extent(at: instant) else { return nil }
        let era = extent.era
        let number = era.grid.slot(at: instant)
        let interval = era.grid.interval(of: number)
        let single = extent.limited(to: number..<number + 1)
        let piece = Piece(single, first: 0)
        let words = era.regions.indices.map { region in
            let slot = piece.slot(region: region, at: 0)
            return Explanation.RegionWord(
                region: era.regions[region], slot: slot, start: piece.sampleStart(slot, at: 0))
        }
        let voting = words.filter { $0.slot.verdict.isKnown }
        let down = voting.count { $0.slot.verdict == .down }
        let degraded = voting.count { $0.slot.verdict == .degraded }
        let result = era.vote.decide(known: voting.count, down: down, degraded: degraded)
        let kept = piece.verdicts?[piece.offset]
        let place = course.places(startingIn: Interval(start: interval.start, end: interval.start + 1)).first
        let isBorn = input.history.birth.map { $0 <= interval.start } ?? false
        return Explanation(
            check: input.check.name, title: input.check.title, periodNs: era.periodNs, slot: interval,
            isSummary: piece.isSummary, regions: words, vote: era.vote, known: voting.count, down: down,
            degraded: degraded, verdict: kept?.verdict ?? result.verdict,
            isPartial: kept?.isPartial ?? result.isPartial,
            isBlip: kept?.isBlip
                ?? (result.verdict.isGood
                    && words.contains { $0.slot.verdict.isGood && $0.slot.marks.contains(.mixed) }),
            exclusions: input.exclusions.filter { $0.interval.contains(interval.start) },
            corrections: input.corrections.filter { $0.interval.contains(interval.start) },
            standing: place != nil ? .settled : isBorn ? .running : .unborn,
            counted: place.map { states[$0] }, outage: place.flatMap { outage(around: $0) })
    }

    private func extent(at instant: Instant) -> Extent? {
        Extent.all(of: input).last { $0.slots.contains($0.era.grid.slot(at: instant)) }
    }

    private func outage(around place: Int) -> Outage? {
        guard let run = outageRuns.first(where: { $0.contains(place) }) else { return nil }
        var edges = OutageEdges(course)
        return outage(run, &edges)
    }
}
