import Accounting
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
            throw Failure(
                .usage, "--zone: there is no zone \"\(escaped(zone))\"; IANA names such as Asia/Taipei are known")
        }
        return loaded
    }

    /// Throws `Failure`, code 64, for a window that cannot be understood.
    func window(in zone: Zone, now: Instant) throws -> Interval {
        let given = [day, week, month, quarter, year, last, from ?? to].compactMap { $0 }
        guard given.count <= 1 else {
            throw Failure(.usage, "give one of --day, --week, --month, --quarter, --year, --last, or --from with --to")
        }
        for (sort, text) in [
            (CalendarWindow.Sort.day, day), (.week, week), (.month, month), (.quarter, quarter), (.year, year),
        ] {
            if let text { return try WindowOptions.named(sort, text, in: zone) }
        }
        if let last {
            guard let lengthNs = Duration.parse(last), lengthNs > 0 else {
                throw Failure(.usage, "--last: \"\(escaped(last))\" is not a duration such as 30d or 12h")
            }
            return Interval(start: now - lengthNs, end: now)
        }
        if from != nil || to != nil { return try span(zone, now: now) }
        return WindowOptions.month(of: now, in: zone)
    }

    private func span(_ zone: Zone, now: Instant) throws -> Interval {
        guard let from else { throw Failure(.usage, "--to needs --from") }
        return try WindowOptions.span(from: from, to: to, in: zone, else: now)
    }

    /// `end`: where no other is given.
    static func span(from: String, to: String?, in zone: Zone, else end: Instant? = nil) throws -> Interval {
        let start = try instant("--from", from, zone)
        guard let end = try to.map({ try instant("--to", $0, zone) }) ?? end, start < end else {
            throw Failure(.usage, "--to must be after --from")
        }
        return Interval(start: start, end: end)
    }

    static func instant(_ option: String, _ text: String, _ zone: Zone) throws -> Instant {
        if let date = CivilDate(text: text) { return zone.midnight(date) }
        if let instant = Instant(rfc3339: text, zone: zone) { return instant }
        throw Failure(
            .usage,
            "\(option): \"\(escaped(text))\" is neither a day (2026-11-22) nor a time (2026-11-22T08:00:00+08:00)")
    }

    /// The present month.
    static func month(of now: Instant, in zone: Zone) -> Interval {
        // A month that holds an instant exists.
        CalendarWindow.month(of: now, in: zone).interval(in: zone).unsafelyUnwrapped
    }

    /// A window of the calendar, by its option and text.
    static func named(_ sort: CalendarWindow.Sort, _ text: String, in zone: Zone) throws -> Interval {
        guard let window = CalendarWindow(text: text), window.sort == sort, let interval = window.interval(in: zone)
        else {
            throw Failure(
                .usage, "--\(sort.rawValue): there is no \"\(escaped(text))\"; write it like \(sort.example)")
        }
        return interval
    }
}

extension CalendarWindow {
    /// The options that name a window of the calendar.
    enum Sort: String {
        case day, week, month, quarter, year

        var example: String {
            switch self {
            case .day: "2026-11-22"
            case .week: "2026-W47"
            case .month: "2026-11"
            case .quarter: "2026-Q4"
            case .year: "2026"
            }
        }
    }

    var sort: Sort {
        switch self {
        case .day: .day
        case .week: .week
        case .month: .month
        case .quarter: .quarter
        case .year: .year
        }
    }
}
