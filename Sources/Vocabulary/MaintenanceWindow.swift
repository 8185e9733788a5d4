/// An announced interval, or a rule that gives many: excluded from counting and quiet.
package struct MaintenanceWindow: Hashable, Sendable {
    package let name: String
    /// Names of checks.
    package let checks: [String]
    package let rule: Rule

    package init(name: String, checks: [String], rule: Rule) {
        self.name = name
        self.checks = checks
        self.rule = rule
    }

    package enum Rule: Hashable, Sendable {
        case once(Interval)
        /// `since` and `until` bound the starts of its occurrences.
        case recurring(Recurrence, zone: Zone, since: Instant?, until: Instant?)
    }

    /// Those that touch `interval`, oldest first, as announced: not cut at its edges.
    package func occurrences(in interval: Interval) -> [Interval] {
        switch rule {
        case .once(let once): once.overlaps(interval) && !once.isEmpty ? [once] : []
        case .recurring(let recurrence, let zone, let since, let until):
            recurrence.occurrences(in: interval, zone: zone).filter { occurrence in
                (since.map { $0 <= occurrence.start } ?? true) && (until.map { occurrence.start < $0 } ?? true)
            }
        }
    }
}

/// What makes the occurrences of a window come back. Source: docs/uptime.md, rule 3.
package enum Recurrence: Hashable, Sendable {
    /// Each edge is a local time of its own.
    case hours(LocalHours)
    /// Begins when the line fires and lasts as long as it says, whatever the clocks do meanwhile.
    case cron(CronLine, forNs: Int64)

    /// Those that touch `interval`, oldest first, not cut at its edges; none twice.
    package func occurrences(in interval: Interval, zone: Zone) -> [Interval] {
        guard !interval.isEmpty else { return [] }
        var occurrences: [Interval] = []
        // From two days early: an occurrence of the evening before reaches over midnight, and clocks may go back.
        var date = zone.date(interval.start - longestNs).adding(days: -2)
        let last = zone.date(interval.end).adding(days: 1)
        while date <= last {
            for occurrence in self.occurrences(on: date, zone: zone)
            where occurrence.overlaps(interval) && !occurrence.isEmpty {
                occurrences.append(occurrence)
            }
            date = date.adding(days: 1)
        }
        // Times in a gap of the clocks move over later ones, and onto them.
        occurrences.sort { $0.start < $1.start }
        return occurrences.enumerated().filter { $0.offset == 0 || occurrences[$0.offset - 1] != $0.element }.map(
            \.element)
    }

    /// Longer than a day, as far as it is known beforehand.
    private var longestNs: Int64 {
        switch self {
        case .hours: 0
        case .cron(_, let forNs): forNs
        }
    }

    private func occurrences(on date: CivilDate, zone: Zone) -> [Interval] {
        switch self {
        case .hours(let hours):
            guard hours.days.contains(date) else { return [] }
            let endDate = hours.endMinute > hours.startMinute ? date : date.adding(days: 1)
            return [
                Interval(
                    start: zone.instant(CivilTime(date: date, secondOfDay: hours.startMinute * 60)),
                    end: zone.instant(CivilTime(date: endDate, secondOfDay: hours.endMinute * 60)))
            ]
        case .cron(let line, let forNs):
            guard line.fires(on: date) else { return [] }
            return line.minutesOfDay.map { minute in
                let start = zone.instant(CivilTime(date: date, secondOfDay: minute * 60))
                return Interval(start: start, end: start + forNs)
            }
        }
    }
}

/// Hours of some days in local time: `Sat,Sun 23:00-01:00`, `Mon-Fri 09:00-18:00`, `1st 03:00-04:00`,
/// `last Sun 02:00-04:00`. An end not after its start falls on the next day.
package struct LocalHours: Hashable, Sendable {
    package let days: Days
    /// Minutes since local midnight, 0...1439.
    package let startMinute: Int
    /// Minutes since local midnight, 0...1440; not after the start: on the next day.
    package let endMinute: Int
    /// As it stands in the configuration.
    package let text: String

    package init(days: Days, startMinute: Int, endMinute: Int, text: String) {
        self.days = days
        self.startMinute = startMinute
        self.endMinute = endMinute
        self.text = text
    }

    /// `days`: at least one.
    package init(days: Set<Weekday>, startMinute: Int, endMinute: Int, text: String) {
        self.init(days: .weekdays(days), startMinute: startMinute, endMinute: endMinute, text: text)
    }

    package enum Days: Hashable, Sendable {
        /// At least one.
        case weekdays(Set<Weekday>)
        /// 1...31, in the months that have it; nil: the last day of each.
        case ofMonth(Int?)
        /// The first to the fifth of its sort in a month; nil: the last.
        case weekdayOfMonth(Weekday, nth: Int?)

        package func contains(_ date: CivilDate) -> Bool {
            let length = CivilDate.days(inMonth: date.month, of: date.year)
            switch self {
            case .weekdays(let days): return days.contains(date.weekday)
            case .ofMonth(let day): return date.day == day ?? length
            case .weekdayOfMonth(let day, let nth):
                guard date.weekday == day else { return false }
                return nth.map { (date.day + 6) / 7 == $0 } ?? (date.day > length - 7)
            }
        }
    }
}

package enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case monday = 0, tuesday, wednesday, thursday, friday, saturday, sunday

    /// `Mon`.
    package var shortName: String { Weekday.shortNames[rawValue] }
    private static let shortNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    package init?(shortName: String) {
        guard let day = Weekday.allCases.first(where: { $0.shortName == shortName }) else { return nil }
        self = day
    }
}
