import Vocabulary

/// When maintenance windows and business hours hold. Source: docs/uptime.md, rule 3.
package enum Windows {
    /// The occurrences that touch `interval`, oldest first, as announced: not cut at its edges.
    package static func occurrences(of window: MaintenanceWindow, in interval: Interval) -> [Interval] {
        switch window.rule {
        case .once(let once): once.overlaps(interval) && !once.isEmpty ? [once] : []
        case .weekly(let hours, let zone, let since, let until):
            occurrences(of: hours, zone: zone, in: interval).filter { occurrence in
                (since.map { $0 <= occurrence.start } ?? true) && (until.map { occurrence.start < $0 } ?? true)
            }
        }
    }

    /// Each edge is converted by itself; an end not after its start falls on the next day; when the clocks leave
    /// nothing of an occurrence there is none that day.
    package static func occurrences(of hours: WeeklyHours, zone: Zone, in interval: Interval) -> [Interval] {
        guard !interval.isEmpty else { return [] }
        var occurrences: [Interval] = []
        // From two days early: an occurrence of the evening before reaches over midnight, and clocks may go back.
        var date = zone.date(interval.start).adding(days: -2)
        let last = zone.date(interval.end).adding(days: 1)
        while date <= last {
            defer { date = date.adding(days: 1) }
            guard hours.days.contains(date.weekday) else { continue }
            let endDate = hours.endMinute > hours.startMinute ? date : date.adding(days: 1)
            let occurrence = Interval(
                start: zone.instant(CivilTime(date: date, secondOfDay: hours.startMinute * 60)),
                end: zone.instant(CivilTime(date: endDate, secondOfDay: hours.endMinute * 60)))
            if !occurrence.isEmpty && occurrence.overlaps(interval) { occurrences.append(occurrence) }
        }
        return occurrences
    }

    /// What the configured windows of `check` exclude around `interval`, oldest first.
    package static func exclusions(
        for check: String, in interval: Interval, windows: [MaintenanceWindow]
    ) -> [Exclusion] {
        windows.filter { $0.checks.contains(check) }.flatMap { window in
            occurrences(of: window, in: interval).map {
                Exclusion(interval: $0, source: .maintenance(window.name))
            }
        }.sorted { $0.interval.start < $1.interval.start }
    }

    /// The stretches between business hours that touch `interval`, oldest first.
    static func outside(_ hours: WeeklyHours, zone: Zone, in interval: Interval) -> [Interval] {
        guard !interval.isEmpty else { return [] }
        // Business hours come back within a week; nine days leave room for the one that clocks took away.
        let margin = 9 * Duration.dayNs
        let around = Interval(start: interval.start - margin, end: interval.end + margin)
        var outside: [Interval] = []
        var free = around.start
        for occurrence in occurrences(of: hours, zone: zone, in: around) {
            if free < occurrence.start { outside.append(Interval(start: free, end: occurrence.start)) }
            free = max(free, occurrence.end)
        }
        if free < around.end { outside.append(Interval(start: free, end: around.end)) }
        return outside.filter { $0.overlaps(interval) }
    }
}
