/// A time zone as a table: its IANA name and the instants at which its offset from UTC changes. A plain value, so that
/// counting stays pure; Config loads the tables.
package struct Zone: Hashable, Sendable {
    package let name: String
    /// Seconds east of UTC before the first transition.
    package let firstOffset: Int
    /// Oldest first.
    package let transitions: [Transition]

    package struct Transition: Hashable, Sendable {
        /// Seconds since the epoch.
        package let at: Int64
        /// Seconds east of UTC from then on.
        package let offset: Int
        package init(at: Int64, offset: Int) {
            self.at = at
            self.offset = offset
        }
    }

    package init(name: String, firstOffset: Int, transitions: [Transition]) {
        self.name = name
        self.firstOffset = firstOffset
        self.transitions = transitions
    }

    package static let utc = Zone(name: "UTC", firstOffset: 0, transitions: [])

    /// Seconds east of UTC at `instant`.
    package func offset(at instant: Instant) -> Int {
        var low = 0
        var high = transitions.count
        while low < high {
            let middle = (low + high) / 2
            if transitions[middle].at <= instant.seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? firstOffset : transitions[low - 1].offset
    }

    package func civil(_ instant: Instant) -> CivilTime {
        let local = instant.seconds + Int64(offset(at: instant))
        let day = floorDivide(local, 86_400)
        return CivilTime(date: CivilDate(daysSinceEpoch: Int(day)), secondOfDay: Int(local - day * 86_400))
    }

    package func date(_ instant: Instant) -> CivilDate { civil(instant).date }

    /// The instant of a local time. One that does not exist moves forward by the gap; one that exists twice means the
    /// first. Source: docs/uptime.md, rule 8.
    package func instant(_ civil: CivilTime) -> Instant {
        let local = Int64(civil.date.daysSinceEpoch) * 86_400 + Int64(civil.secondOfDay)
        let around = Instant(seconds: local)
        let before = offset(at: around - Duration.dayNs)
        let after = offset(at: around + Duration.dayNs)
        let candidates = [local - Int64(before), local - Int64(after)].sorted()
        for candidate in candidates {
            let instant = Instant(seconds: candidate)
            if candidate + Int64(offset(at: instant)) == local { return instant }
        }
        // In a gap: read with the offset that held before it, the clock shows the time moved forward by the gap.
        return Instant(seconds: local - Int64(before))
    }

    package func midnight(_ date: CivilDate) -> Instant { instant(CivilTime(date: date, secondOfDay: 0)) }

    /// The days of `[from, to)` that have a moment in `interval`, oldest first.
    package func days(in interval: Interval) -> [CivilDate] {
        guard !interval.isEmpty else { return [] }
        var days: [CivilDate] = []
        var day = date(interval.start)
        let last = date(interval.end - 1)
        while day <= last {
            days.append(day)
            day = day.adding(days: 1)
        }
        return days
    }

    package func interval(of date: CivilDate) -> Interval {
        Interval(start: midnight(date), end: midnight(date.adding(days: 1)))
    }

    /// nil when there is no such month.
    package func interval(year: Int, month: Int) -> Interval? {
        guard let first = CivilDate(year: year, month: month, day: 1) else { return nil }
        return Interval(
            start: midnight(first), end: midnight(first.adding(days: CivilDate.days(inMonth: month, of: year))))
    }
}
