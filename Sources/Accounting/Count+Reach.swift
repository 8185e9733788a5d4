import Vocabulary

/// Whether a history must be loaded further for the figures of its window to be whole.
package struct Reach: Hashable, Sendable {
    /// An outage of the window may have begun, or been good last, before the first loaded slot.
    package let isMissingBefore: Bool
    /// An outage of the window may have ended after the last loaded slot.
    package let isMissingAfter: Bool
    package var isWhole: Bool { !isMissingBefore && !isMissingAfter }
}

extension Count {
    /// Outages are never cut at the window (docs/uptime.md, rule 6), so one at its edge asks for more history. A caller
    /// loads the window and a margin, asks, and loads again with a larger margin (doubled, say) until it is whole.
    package static func reach(of input: CountingInput) -> Reach { Count(input).reach() }

    func reach() -> Reach {
        guard let first = course.pieces.first, let birth = input.history.birth else {
            return Reach(isMissingBefore: false, isMissingAfter: false)
        }
        var edges = OutageEdges(course)
        let runs = listedRuns()
        let isWholeBefore = first.era.grid.firstSlot(from: birth) >= first.slots.lowerBound
        let isMissingBefore = !isWholeBefore && runs.contains { edges.start(of: $0).earliest == nil }
        let isOpen = runs.last.map { edges.end(of: $0).at == nil } ?? false
        return Reach(isMissingBefore: isMissingBefore, isMissingAfter: isOpen && !endsSettled())
    }

    /// The newest settled slot is loaded.
    private func endsSettled() -> Bool {
        guard let last = Extent.all(of: input).last, let piece = course.pieces.last else { return true }
        return piece.slots.upperBound >= last.firstUnsettled(input)
    }
}
