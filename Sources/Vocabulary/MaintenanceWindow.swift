/// An announced interval, or a weekly rule of them: excluded from counting and quiet.
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
        case weekly(WeeklyHours, zone: Zone, since: Instant?, until: Instant?)
    }
}

/// Hours of some days of the week in local time: `Sat,Sun 23:00-01:00`, `Mon-Fri 09:00-18:00`.
package struct WeeklyHours: Hashable, Sendable {
    /// At least one.
    package let days: Set<Weekday>
    /// Minutes since local midnight, 0...1439.
    package let startMinute: Int
    /// Minutes since local midnight, 0...1440; not after the start: on the next day.
    package let endMinute: Int
    /// As it stands in the configuration.
    package let text: String

    package init(days: Set<Weekday>, startMinute: Int, endMinute: Int, text: String) {
        self.days = days
        self.startMinute = startMinute
        self.endMinute = endMinute
        self.text = text
    }
}

package enum Weekday: Int, Hashable, Sendable, CaseIterable {
    case monday = 0, tuesday, wednesday, thursday, friday, saturday, sunday

    /// `Mon`.
    package var shortName: String { String("\(self)".prefix(3)).capitalizedFirst }
    package init?(shortName: String) {
        guard let day = Weekday.allCases.first(where: { $0.shortName == shortName }) else { return nil }
        self = day
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
