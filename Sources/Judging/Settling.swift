import Vocabulary

/// Tells which slots of which checks have settled since it was last asked: each once, in order, none left out.
/// Checks with the same period and timeout settle together. Source: docs/uptime.md, rule 1.
package struct Settling: Sendable {
    private var groups: [Group]

    /// One slot of one check that can no longer change in the normal course.
    package struct Settled: Hashable, Sendable {
        package let check: Int
        package let slot: Int64
    }

    /// Starts with the slots that have not settled at `now`.
    package init(checks: [Check], now: Instant) {
        var groups: [Group] = []
        for (index, check) in checks.enumerated() where !check.isPaused {
            let timing = Group(grid: check.grid, settlingNs: check.settlingNs, checks: [index], next: 0)
            if let same = groups.firstIndex(where: { $0.grid == timing.grid && $0.settlingNs == timing.settlingNs }) {
                groups[same].checks.append(index)
            } else {
                groups.append(timing)
            }
        }
        for index in groups.indices { groups[index].next = groups[index].firstUnsettled(at: now) }
        self.groups = groups
    }

    /// When the next slot settles; nil without checks.
    package var next: Instant? { groups.map(\.settlesAt).min() }

    /// At most `bound` slots a group a call, so that a long stop never blocks the loop: the rest comes with the next.
    package mutating func advance(to now: Instant, bound: Int64 = 1_000) -> [Settled] {
        var settled: [Settled] = []
        for index in groups.indices where groups[index].settlesAt <= now {
            let first = groups[index].next
            let end = min(groups[index].firstUnsettled(at: now), first + bound)
            for slot in first..<end {
                for check in groups[index].checks { settled.append(Settled(check: check, slot: slot)) }
            }
            groups[index].next = end
        }
        return settled
    }

    private struct Group: Sendable {
        let grid: SlotGrid
        let settlingNs: Int64
        var checks: [Int]
        var next: Int64

        var settlesAt: Instant { grid.start(of: next) + settlingNs }
        func firstUnsettled(at now: Instant) -> Int64 { grid.slot(at: now - settlingNs) + 1 }
    }
}
