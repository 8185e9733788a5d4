/// The five fields of a cron line: minute, hour, day of the month, month, day of the week. It fires in local time; a
/// time that does not exist fires when the clocks have gone forward, one that comes twice the first time.
/// Source: POSIX.1-2017, crontab.
package struct CronLine: Hashable, Sendable {
    /// Minutes since midnight at which it fires on a day that it fires on; ascending, at least one.
    package let minutesOfDay: [Int]
    /// 1...31 and 1...12.
    package let days: Set<Int>
    package let months: Set<Int>
    package let weekdays: Set<Weekday>
    /// Both days are named, and not all of either: then one of them is enough.
    package let eitherDay: Bool
    /// As it stands in the configuration.
    package let text: String

    package init(
        minutes: Set<Int>, hours: Set<Int>, days: Set<Int>, months: Set<Int>, weekdays: Set<Weekday>, eitherDay: Bool,
        text: String
    ) {
        minutesOfDay = hours.sorted().flatMap { hour in minutes.sorted().map { hour * 60 + $0 } }
        self.days = days
        self.months = months
        self.weekdays = weekdays
        self.eitherDay = eitherDay
        self.text = text
    }

    package func fires(on date: CivilDate) -> Bool {
        guard months.contains(date.month) else { return false }
        let (isDay, isWeekday) = (days.contains(date.day), weekdays.contains(date.weekday))
        return eitherDay ? isDay || isWeekday : isDay && isWeekday
    }

    /// The shortest time between two firings, in minutes of local time; nil when it never fires. Looks at 28 years:
    /// then weekdays and leap years come again as they were.
    package var shortestGapMinutes: Int? {
        guard let first = minutesOfDay.first, let last = minutesOfDay.last,
            let epoch = CivilDate(year: 2000, month: 1, day: 1)
        else { return nil }
        var shortest: Int?
        if minutesOfDay.count > 1 { shortest = zip(minutesOfDay, minutesOfDay.dropFirst()).map { $1 - $0 }.min() }
        var before: Int?
        for day in 0..<CronLine.cycleDays where fires(on: epoch.adding(days: day)) {
            if let before { shortest = min(shortest ?? .max, (day - before) * 1440 - last + first) }
            before = day
        }
        // Once in 28 years: that is far enough apart.
        return before == nil ? nil : shortest ?? CronLine.cycleDays * 1440
    }

    private static let cycleDays = 28 * 365 + 7
}
