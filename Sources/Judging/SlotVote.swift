import Vocabulary

/// The check verdict of one slot: the era's vote over its regions' slots. Source: docs/uptime.md, rule 2.
package struct SlotVote: Hashable, Sendable {
    package let verdict: Verdict
    package let isPartial: Bool
    /// Some region's slot saw good and bad.
    package let isMixed: Bool

    package init(_ slots: some Sequence<Slot>, vote: Vote) {
        var known = 0
        var down = 0
        var degraded = 0
        var isMixed = false
        for slot in slots {
            if slot.marks.contains(.mixed) { isMixed = true }
            switch slot.verdict {
            case .unknown: continue
            case .up: break
            case .degraded: degraded += 1
            case .down: down += 1
            }
            known += 1
        }
        let result = vote.decide(known: known, down: down, degraded: degraded)
        verdict = result.verdict
        isPartial = result.isPartial
        self.isMixed = isMixed
    }
}
