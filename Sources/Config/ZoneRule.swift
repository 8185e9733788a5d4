import Vocabulary

/// The rule by which a zone goes on for ever: `CET-1CEST,M3.5.0,M10.5.0/3`. Source: RFC 9636, section 3.3.1, and
/// POSIX, environment variable TZ.
struct ZoneRule {
    /// Seconds east of UTC.
    private let standardOffset: Int
    /// nil: the zone has no summer time.
    private let summer: Summer?

    private struct Summer {
        let offset: Int
        let start: Change
        let end: Change
    }

    /// A day of each year and a local time, in seconds from that day's midnight (it may lie on other days).
    private struct Change {
        let day: Day
        let secondOfDay: Int
    }

    private enum Day {
        /// The `week`-th `weekday` (0 is Sunday) of a month; week 5 is the last.
        case weekday(month: Int, week: Int, weekday: Int)
        /// 1...365, the 29th of February never counted.
        case julian(Int)
        /// 0...365, counting it.
        case ordinal(Int)
    }

    /// nil when the text is not such a rule.
    init?(text: String) {
        var scanner = Scanner(rest: Array(text.utf8)[...])
        guard scanner.skipName(), let west = scanner.time() else { return nil }
        standardOffset = -west
        guard !scanner.isAtEnd else {
            summer = nil
            return
        }
        guard scanner.skipName() else { return nil }
        var summerOffset = -west + 3600
        if !scanner.isNext(",") {
            guard let summerWest = scanner.time() else { return nil }
            summerOffset = -summerWest
        }
        guard let start = scanner.change(), let end = scanner.change(), scanner.isAtEnd else { return nil }
        summer = Summer(offset: summerOffset, start: start, end: end)
    }

    /// The changes of one year, oldest first.
    func transitions(year: Int) -> [Zone.Transition] {
        guard let summer else { return [] }
        // Each change is told in the local time that holds until then.
        let start = Zone.Transition(at: local(summer.start, year) - Int64(standardOffset), offset: summer.offset)
        let end = Zone.Transition(at: local(summer.end, year) - Int64(summer.offset), offset: standardOffset)
        return start.at < end.at ? [start, end] : [end, start]
    }

    private func local(_ change: Change, _ year: Int) -> Int64 {
        Int64(days(change.day, year)) * 86_400 + Int64(change.secondOfDay)
    }

    /// Days since the epoch.
    private func days(_ day: Day, _ year: Int) -> Int {
        func first(_ month: Int) -> Int { CivilDate(year: year, month: month, day: 1)?.daysSinceEpoch ?? 0 }
        switch day {
        case .weekday(let month, let week, let weekday):
            let firstDay = first(month)
            // 1970-01-01 was a Thursday.
            let firstWeekday = ((firstDay + 4) % 7 + 7) % 7
            let date = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            return firstDay + (date < CivilDate.days(inMonth: month, of: year) ? date : date - 7)
        case .julian(let number):
            let isAfterLeapDay = number >= 60 && CivilDate.days(inMonth: 2, of: year) == 29
            return first(1) + number - 1 + (isAfterLeapDay ? 1 : 0)
        case .ordinal(let number):
            return first(1) + number
        }
    }

    private struct Scanner {
        var rest: ArraySlice<UInt8>
        var isAtEnd: Bool { rest.isEmpty }

        func isNext(_ character: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: character) }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            guard isNext(character) else { return false }
            rest = rest.dropFirst()
            return true
        }

        /// `CET` or `<+0330>`.
        mutating func skipName() -> Bool {
            if take("<") {
                guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
                rest = rest[(end + 1)...]
                return true
            }
            let name = rest.prefix { isLetterOrDigit($0) && $0 > UInt8(ascii: "9") }
            rest = rest.dropFirst(name.count)
            return name.count >= 3
        }

        mutating func number() -> Int? {
            let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard (1...3).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            return digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        }

        /// Seconds of `[+-]h[:m[:s]]`.
        mutating func time() -> Int? {
            let sign = take("-") ? -1 : 1
            if sign == 1 { _ = take("+") }
            guard var seconds = number().map({ $0 * 3600 }) else { return nil }
            for unit in [60, 1] where take(":") {
                guard let part = number() else { return nil }
                seconds += part * unit
            }
            return sign * seconds
        }

        /// `,M3.5.0/2`; the time is 02:00 when none is given.
        mutating func change() -> Change? {
            guard take(","), let day = day() else { return nil }
            guard take("/") else { return Change(day: day, secondOfDay: 7200) }
            return time().map { Change(day: day, secondOfDay: $0) }
        }

        private mutating func day() -> Day? {
            if take("M") {
                guard let month = number(), take("."), let week = number(), take("."), let weekday = number(),
                    (1...12).contains(month), (1...5).contains(week), (0...6).contains(weekday)
                else { return nil }
                return .weekday(month: month, week: week, weekday: weekday)
            }
            let isJulian = take("J")
            guard let number = number(), (isJulian ? 1...365 : 0...365).contains(number) else { return nil }
            return isJulian ? .julian(number) : .ordinal(number)
        }
    }
}
