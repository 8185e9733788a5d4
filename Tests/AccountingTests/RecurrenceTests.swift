import Testing
import Vocabulary

@testable import Accounting

@Suite("Windows by the day of the month and by cron")
struct RecurrenceTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let every: Recurrence
        let around: (String, String)
        let occurrences: [(String, String)]
        var testDescription: String { name }

        init(
            _ name: String, _ every: Recurrence, _ around: (String, String), _ occurrences: [(String, String)]
        ) {
            self.name = name
            self.every = every
            self.around = around
            self.occurrences = occurrences
        }
    }

    static func hours(_ days: LocalHours.Days, _ from: Int, _ to: Int) -> Recurrence {
        .hours(LocalHours(days: days, startMinute: from, endMinute: to, text: ""))
    }

    static func cron(
        _ minutes: Set<Int>, _ hours: Set<Int>, days: Set<Int> = Set(1...31), months: Set<Int> = Set(1...12),
        weekdays: Set<Weekday> = Set(Weekday.allCases), either: Bool = false, forMinutes: Int64
    ) -> Recurrence {
        .cron(
            CronLine(
                minutes: minutes, hours: hours, days: days, months: months, weekdays: weekdays, eitherDay: either,
                text: ""), forNs: forMinutes * Duration.minuteNs)
    }

    // In Paris.
    static let rows: [Row] = [
        Row(
            "the 31st, in the months that have it", hours(.ofMonth(31), 180, 240),
            ("2026-01-01T00:00:00Z", "2026-05-01T00:00:00Z"),
            [("2026-01-31T02:00:00Z", "2026-01-31T03:00:00Z"), ("2026-03-31T01:00:00Z", "2026-03-31T02:00:00Z")]),
        Row(
            "the last day of every month, February's in a leap year too", hours(.ofMonth(nil), 1380, 1440),
            ("2028-02-01T00:00:00Z", "2028-03-15T00:00:00Z"), [("2028-02-29T22:00:00Z", "2028-02-29T23:00:00Z")]),
        Row(
            "the first Sunday", hours(.weekdayOfMonth(.sunday, nth: 1), 120, 180),
            ("2026-06-01T00:00:00Z", "2026-08-01T00:00:00Z"),
            [("2026-06-07T00:00:00Z", "2026-06-07T01:00:00Z"), ("2026-07-05T00:00:00Z", "2026-07-05T01:00:00Z")]),
        Row(
            "the fifth Monday, where there is one", hours(.weekdayOfMonth(.monday, nth: 5), 0, 60),
            ("2026-06-01T00:00:00Z", "2026-08-31T23:00:00Z"),
            [("2026-06-28T22:00:00Z", "2026-06-28T23:00:00Z"), ("2026-08-30T22:00:00Z", "2026-08-30T23:00:00Z")]),
        Row(
            "the last Sunday of March loses the skipped hour", hours(.weekdayOfMonth(.sunday, nth: nil), 60, 240),
            ("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"), [("2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z")]),
        Row(
            "the last Sunday of October has the hour twice", hours(.weekdayOfMonth(.sunday, nth: nil), 60, 240),
            ("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z"), [("2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z")]),
        Row(
            "over the month's end", hours(.ofMonth(nil), 1380, 60),
            ("2026-06-01T00:00:00Z", "2026-07-01T12:00:00Z"), [("2026-06-30T21:00:00Z", "2026-06-30T23:00:00Z")]),
        Row(
            "cron, Sundays at two", cron([0], [2], weekdays: [.sunday], forMinutes: 30),
            ("2026-06-01T00:00:00Z", "2026-06-15T00:00:00Z"),
            [("2026-06-07T00:00:00Z", "2026-06-07T00:30:00Z"), ("2026-06-14T00:00:00Z", "2026-06-14T00:30:00Z")]),
        Row(
            "cron, the first or any Friday",
            cron([0], [0], days: [1], weekdays: [.friday], either: true, forMinutes: 1),
            ("2026-06-01T22:00:00Z", "2026-07-01T12:00:00Z"),
            [
                ("2026-06-04T22:00:00Z", "2026-06-04T22:01:00Z"), ("2026-06-11T22:00:00Z", "2026-06-11T22:01:00Z"),
                ("2026-06-18T22:00:00Z", "2026-06-18T22:01:00Z"), ("2026-06-25T22:00:00Z", "2026-06-25T22:01:00Z"),
                ("2026-06-30T22:00:00Z", "2026-06-30T22:01:00Z"),
            ]),
        Row(
            "cron in the skipped hour fires once, when it is over", cron([10, 40], [2, 3], forMinutes: 10),
            ("2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"),
            [("2026-03-29T01:10:00Z", "2026-03-29T01:20:00Z"), ("2026-03-29T01:40:00Z", "2026-03-29T01:50:00Z")]),
        Row(
            "cron in the hour that comes twice fires the first time", cron([10], [2], forMinutes: 10),
            ("2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z"), [("2026-10-25T00:10:00Z", "2026-10-25T00:20:00Z")]),
        Row(
            "cron lasts as long as it says, whatever the clocks do", cron([0], [1], forMinutes: 180),
            ("2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z"), [("2026-10-24T23:00:00Z", "2026-10-25T02:00:00Z")]),
        Row(
            "cron that lasts for days reaches in from before",
            cron([0], [0], days: [1], months: [6], forMinutes: 3 * 1440),
            ("2026-06-03T12:00:00Z", "2026-06-04T00:00:00Z"), [("2026-05-31T22:00:00Z", "2026-06-03T22:00:00Z")]),
        Row(
            "cron on leap days", cron([0], [12], days: [29], months: [2], forMinutes: 60),
            ("2026-01-01T00:00:00Z", "2029-01-01T00:00:00Z"), [("2028-02-29T11:00:00Z", "2028-02-29T12:00:00Z")]),
    ]

    @Test("each comes back as its rule says", arguments: rows)
    func occurrences(row: Row) {
        let told = row.every.occurrences(in: Interval(row.around.0, row.around.1), zone: Fixtures.paris)
        #expect(told == row.occurrences.map { Interval($0.0, $0.1) })
    }

    @Test("the shortest time between two firings, in minutes of local time")
    func gaps() {
        func gap(_ recurrence: Recurrence) -> Int? {
            guard case .cron(let line, _) = recurrence else { return nil }
            return line.shortestGapMinutes
        }
        #expect(gap(Self.cron([0], [2], forMinutes: 1)) == 1440)
        #expect(gap(Self.cron([0, 30], [2], forMinutes: 1)) == 30)
        #expect(gap(Self.cron([0], [1, 23], forMinutes: 1)) == 120)
        #expect(gap(Self.cron([0], [2], weekdays: [.sunday], forMinutes: 1)) == 7 * 1440)
        #expect(gap(Self.cron([0], [2], days: [29], months: [2], forMinutes: 1)) == 4 * 365 * 1440 + 1440)
        #expect(gap(Self.cron([0], [2], days: [30], months: [2], forMinutes: 1)) == nil)
    }
}
