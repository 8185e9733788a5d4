import Vocabulary

extension Count {
    /// Whether more history is needed around the window. Outages are never cut at it (docs/uptime.md, rule 6), so one
    /// at its edge may have begun before the first loaded slot, or ended after the last. A caller loads the window and
    /// a margin, asks, and loads again with a larger margin until the answer is false.
    package func reachesBeyond() -> Bool {
        let runs = listedRuns()
        guard let first = runs.first, let last = runs.last else { return false }
        return isCutBefore(first) || isCutAfter(last)
    }

    /// The last good sample before it is not loaded, but may be stored.
    private func isCutBefore(_ run: ClosedRange<Int>) -> Bool {
        guard let loaded = course.pieces.first, let birth = input.history.birth,
            loaded.era.grid.firstSlot(from: birth) < loaded.slots.lowerBound
        else { return false }
        var edges = OutageEdges(course)
        if edges.start(of: run).earliest != nil { return false }
        // Of slots that are gone there is no sample to be found: any good slot before will do.
        return !(course.hasSummary(until: run.lowerBound) && course.votes[..<run.lowerBound].contains(where: \.isGood))
    }

    /// It goes on to the last loaded slot, and later ones have settled.
    private func isCutAfter(_ run: ClosedRange<Int>) -> Bool {
        let isOver = course.votes[(run.upperBound + 1)...].contains(where: \.isGood)
        guard !isOver, let newest = input.history.stretches.last else { return false }
        let extent = Extent(era: newest.era, slots: 0..<0, stretch: newest)
        return newest.firstSlot + Int64(newest.count) < extent.firstUnsettled(input)
    }
}

extension Course {
    /// Of some slot at `place` or before only the verdict is left.
    fileprivate func hasSummary(until place: Int) -> Bool {
        pieces.contains { $0.isSummary && $0.places.lowerBound <= place }
    }
}

extension VerdictCell {
    fileprivate var isGood: Bool { verdict.isGood }
}
