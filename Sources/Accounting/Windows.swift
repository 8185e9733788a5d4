import Vocabulary

/// What maintenance windows and business hours exclude. Source: docs/uptime.md, rule 3.
package enum Windows {
    /// What the configured windows of `check` exclude around `interval`, oldest first.
    /// `wasAnnounced`: whether an occurrence of the window of that name was known before it began.
    package static func exclusions(
        for check: String, in interval: Interval, windows: [MaintenanceWindow],
        wasAnnounced: (_ window: String, Interval) -> Bool = { _, _ in true }
    ) -> [Exclusion] {
        windows.filter { $0.checks.contains(check) }.flatMap { window in
            window.occurrences(in: interval).map {
                Exclusion(
                    interval: $0, source: .maintenance(window.name), isAfterTheFact: !wasAnnounced(window.name, $0))
            }
        }.sorted { $0.interval.start < $1.interval.start }
    }

    /// The stretches between business hours that touch `interval`, oldest first.
    static func outside(_ hours: LocalHours, zone: Zone, in interval: Interval) -> [Interval] {
        guard !interval.isEmpty else { return [] }
        // Business hours come back within a week; nine days leave room for the one that clocks took away.
        let margin = 9 * Duration.dayNs
        let around = Interval(start: interval.start - margin, end: interval.end + margin)
        var outside: [Interval] = []
        var free = around.start
        for occurrence in Recurrence.hours(hours).occurrences(in: around, zone: zone) {
            if free < occurrence.start { outside.append(Interval(start: free, end: occurrence.start)) }
            free = max(free, occurrence.end)
        }
        if free < around.end { outside.append(Interval(start: free, end: around.end)) }
        return outside.filter { $0.overlaps(interval) }
    }
}
