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
        return edges.start(of: run).earliest == nil
    }

    /// It goes on to the last loaded slot, and later ones have settled.
    private func isCutAfter(_ run: ClosedRange<Int>) -> Bool {
        guard OutageEdges(course).end(of: run).at == nil, let newest = input.history.stretches.last else {
            return false
        }
        let extent = Extent(era: newest.era, slots: 0..<0, stretch: newest)
        return newest.firstSlot + Int64(newest.count) < extent.firstUnsettled(input)
    }
}
