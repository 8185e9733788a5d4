import Vocabulary

/// A window named by the calendar, as people ask for it. Source: docs/uptime.md, rule 8.
package enum CalendarWindow: Hashable, Sendable {
    case day(CivilDate)
    /// Weeks begin on Monday; week 1 holds the year's first Thursday (ISO 8601).
    case week(year: Int, week: Int)
    case month(year: Int, month: Int)
    case quarter(year: Int, quarter: Int)
    case year(Int)

    /// Reads `2026-11-22`, `2026-W47`, `2026-11`, `2026-Q4`, `2026`; nil for anything else, for what does not exist,
    /// and for years outside `CivilDate.readableYears`.
    package init?(text: String) {
        if let date = CivilDate(text: text) {
            self = .day(date)
            return
        }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let year = CalendarWindow.number(parts[0], digits: 4),
            CivilDate.readableYears.contains(year)
        else { return nil }
        guard parts.count == 2 else {
            self = .year(year)
            return
        }
        let rest = parts[1]
        if rest.first == "W" {
            guard let week = CalendarWindow.number(rest.dropFirst(), digits: 2), week >= 1,
                week <= CalendarWindow.weeks(of: year)
            else { return nil }
            self = .week(year: year, week: week)
        } else if rest.first == "Q" {
            guard let quarter = CalendarWindow.number(rest.dropFirst(), digits: 1), (1...4).contains(quarter) else {
                return nil
            }
            self = .quarter(year: year, quarter: quarter)
        } else {
            guard let month = CalendarWindow.number(rest, digits: 2), (1...12).contains(month) else { return nil }
            self = .month(year: year, month: month)
        }
    }

    /// The month that `instant` lies in, told by the clocks of `zone`.
    package static func month(of instant: Instant, in zone: Zone) -> CalendarWindow {
        let date = zone.date(instant)
        return .month(year: date.year, month: date.month)
    }

    /// As `init(text:)` reads it.
    package var text: String {
        switch self {
        case .day(let date): date.description
        case .week(let year, let week): "\(padded(year, 4))-W\(padded(week, 2))"
        case .month(let year, let month): "\(padded(year, 4))-\(padded(month, 2))"
        case .quarter(let year, let quarter): "\(padded(year, 4))-Q\(quarter)"
        case .year(let year): padded(year, 4)
        }
    }

    /// From midnight to midnight in `zone`; nil for a week, month or quarter that does not exist.
    package func interval(in zone: Zone) -> Interval? {
        switch self {
        case .day(let date): return zone.interval(of: date)
        case .week(let year, let week):
            guard week >= 1, week <= CalendarWindow.weeks(of: year) else { return nil }
            guard let monday = CalendarWindow.firstMonday(of: year)?.adding(days: 7 * (week - 1)) else { return nil }
            return Interval(start: zone.midnight(monday), end: zone.midnight(monday.adding(days: 7)))
        case .month(let year, let month): return zone.interval(year: year, month: month)
        case .quarter(let year, let quarter): return CalendarWindow.months(year, 3 * quarter - 2, count: 3, in: zone)
        case .year(let year): return CalendarWindow.months(year, 1, count: 12, in: zone)
        }
    }

    private static func months(_ year: Int, _ first: Int, count: Int, in zone: Zone) -> Interval? {
        guard let start = zone.interval(year: year, month: first)?.start,
            let end = zone.interval(year: year, month: first + count - 1)?.end
        else { return nil }
        return Interval(start: start, end: end)
    }

    /// The Monday of the week that holds 4 January: week 1.
    private static func firstMonday(of year: Int) -> CivilDate? {
        guard let fourth = CivilDate(year: year, month: 1, day: 4) else { return nil }
        return fourth.adding(days: -fourth.weekday.rawValue)
    }

    /// 52 or 53.
    private static func weeks(of year: Int) -> Int {
        guard let first = firstMonday(of: year), let next = firstMonday(of: year + 1) else { return 0 }
        return (next.daysSinceEpoch - first.daysSinceEpoch) / 7
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return Int(text)
    }
}
