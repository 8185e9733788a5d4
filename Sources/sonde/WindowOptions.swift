import ArgumentParser
import Config
import Vocabulary

/// The window that figures are computed over; this month when nothing is given.
struct WindowOptions: ParsableArguments {
    @Option(help: "A day, 2026-11-22.")
    var day: String?
    @Option(help: "An ISO week, 2026-W47.")
    var week: String?
    @Option(help: "A month, 2026-11.")
    var month: String?
    @Option(help: "A quarter, 2026-Q4.")
    var quarter: String?
    @Option(help: "A year, 2026.")
    var year: String?
    @Option(help: "The time until now, 30d or 12h.")
    var last: String?
    @Option(help: "The start, inclusive: 2026-11-01 or 2026-11-01T08:00:00+08:00.")
    var from: String?
    @Option(help: "The end, exclusive.")
    var to: String?
    @Option(help: "The IANA zone of days and months (default: the configuration's).")
    var zone: String?

    func zone(of plan: Plan) throws -> Zone {
        guard let zone else { return plan.zone }
        guard let loaded = Zone.load(zone) else {
            throw Failure(.usage, "--zone: there is no zone \"\(escaped(zone))\"; IANA names such as Asia/Taipei are known")
        }
        return loaded
    }

    /// Throws `Failure`, code 64, for a window that cannot be understood.
    func window(in zone: Zone, now: Instant) throws -> Interval {
        let given = [day, week, month, quarter, year, last, from ?? to].compactMap { $0 }
        guard given.count <= 1 else {
            throw Failure(.usage, "give one of --day, --week, --month, --quarter, --year, --last, or --from with --to")
        }
        if let day { return try named("--day", day, "2026-11-22", WindowText.day(day, zone)) }
        if let week { return try named("--week", week, "2026-W47", WindowText.week(week, zone)) }
        if let month { return try named("--month", month, "2026-11", WindowText.month(month, zone)) }
        if let quarter { return try named("--quarter", quarter, "2026-Q4", WindowText.quarter(quarter, zone)) }
        if let year { return try named("--year", year, "2026", WindowText.year(year, zone)) }
        if let last {
            guard let lengthNs = Duration.parse(last), lengthNs > 0 else {
                throw Failure(.usage, "--last: \"\(escaped(last))\" is not a duration such as 30d or 12h")
            }
            return Interval(start: now - lengthNs, end: now)
        }
        if from != nil || to != nil { return try span(zone, now: now) }
        let today = zone.date(now)
        return zone.interval(year: today.year, month: today.month) ?? Interval(start: now, end: now)
    }

    private func span(_ zone: Zone, now: Instant) throws -> Interval {
        guard let from else { throw Failure(.usage, "--to needs --from") }
        let start = try WindowOptions.instant("--from", from, zone)
        let end = try to.map { try WindowOptions.instant("--to", $0, zone) } ?? now
        guard start < end else { throw Failure(.usage, "--to must be after --from") }
        return Interval(start: start, end: end)
    }

    static func instant(_ option: String, _ text: String, _ zone: Zone) throws -> Instant {
        if let date = CivilDate(text: text) { return zone.midnight(date) }
        if let instant = Instant(rfc3339: text, zone: zone) { return instant }
        throw Failure(
            .usage, "\(option): \"\(escaped(text))\" is neither a day (2026-11-22) nor a time (2026-11-22T08:00:00+08:00)")
    }

    private func named(_ option: String, _ text: String, _ example: String, _ interval: Interval?) throws -> Interval {
        guard let interval else {
            throw Failure(.usage, "\(option): there is no \"\(escaped(text))\"; write it like \(example)")
        }
        return interval
    }
}

/// Reads the names of calendar stretches; nil for what there is not.
enum WindowText {
    static func day(_ text: String, _ zone: Zone) -> Interval? { CivilDate(text: text).map { zone.interval(of: $0) } }

    static func month(_ text: String, _ zone: Zone) -> Interval? {
        guard let (year, month) = pair(text, "-"), text.utf8.count == 7 else { return nil }
        return zone.interval(year: year, month: month)
    }

    /// ISO 8601: weeks begin on Monday; week 1 holds the year's first Thursday.
    static func week(_ text: String, _ zone: Zone) -> Interval? {
        guard let (year, week) = pair(text, "-W"), week >= 1, let fourth = CivilDate(year: year, month: 1, day: 4) else {
            return nil
        }
        let monday = fourth.adding(days: -fourth.weekday.rawValue + 7 * (week - 1))
        // The week belongs to the year of its Thursday.
        guard monday.adding(days: 3).year == year else { return nil }
        return Interval(start: zone.midnight(monday), end: zone.midnight(monday.adding(days: 7)))
    }

    static func quarter(_ text: String, _ zone: Zone) -> Interval? {
        guard let (year, quarter) = pair(text, "-Q"), (1...4).contains(quarter),
            let first = zone.interval(year: year, month: quarter * 3 - 2),
            let last = zone.interval(year: year, month: quarter * 3)
        else { return nil }
        return Interval(start: first.start, end: last.end)
    }

    static func year(_ text: String, _ zone: Zone) -> Interval? {
        guard text.utf8.count == 4, let year = Int(text), let first = zone.interval(year: year, month: 1),
            let last = zone.interval(year: year, month: 12)
        else { return nil }
        return Interval(start: first.start, end: last.end)
    }

    private static func pair(_ text: String, _ separator: String) -> (Int, Int)? {
        guard text.utf8.count > 4 + separator.utf8.count, text.dropFirst(4).hasPrefix(separator),
            let year = Int(text.prefix(4)), let number = Int(text.dropFirst(4 + separator.count))
        else { return nil }
        return (year, number)
    }
}
