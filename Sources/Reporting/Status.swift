import Accounting
import Vocabulary

/// What `status` and the status page show: the live verdicts, and the month's figures for the page.
package struct Status: Sendable {
    package let lines: [StatusLine]
    package let now: Instant
    package let zone: Zone
    /// The present month of the same checks, found by name; nil where only the lines are asked for.
    package let month: Figures?
    /// Why the running program's samples wait in memory; nil while the store takes them, or nobody runs.
    package let storeFault: String?

    package init(
        lines: [StatusLine], now: Instant, zone: Zone, month: Figures? = nil, storeFault: String? = nil
    ) {
        self.storeFault = storeFault
        self.lines = lines
        self.now = now
        self.zone = zone
        self.month = month
    }

    /// The checks that are asked: those that are not paused.
    package var judged: [StatusLine] { lines.filter { !$0.isPaused } }
    package var isAllPaused: Bool { !lines.isEmpty && judged.isEmpty }

    /// Down before unknown before degraded before up; unknown when there are no checks.
    package var worst: Verdict { judged.map(\.verdict).max { $0.badness < $1.badness } ?? .unknown }

    /// Regions that doubt themselves: their newest bad samples are unknown because no sentinel answered.
    package var doubting: [String] {
        var names: [String] = []
        for region in lines.flatMap(\.regions) where region.cause == .sentinelsFailed {
            if !names.contains(region.region) { names.append(region.region) }
        }
        return names
    }
}
