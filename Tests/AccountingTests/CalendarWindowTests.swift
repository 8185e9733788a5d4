import Testing
import Vocabulary

@testable import Accounting

@Suite("Windows of the calendar")
struct CalendarWindowTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let text: String
        /// nil: refused.
        let interval: Interval?
        var testDescription: String { text }
    }

    static let rows: [Row] = [
        Row(text: "2026-11-22", interval: Interval("2026-11-21T23:00:00Z", "2026-11-22T23:00:00Z")),
        Row(text: "2026-03-29", interval: Interval("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")),
        Row(text: "2026-W01", interval: Interval("2025-12-28T23:00:00Z", "2026-01-04T23:00:00Z")),
        Row(text: "2026-W53", interval: Interval("2026-12-27T23:00:00Z", "2027-01-03T23:00:00Z")),
        Row(text: "2026-03", interval: Interval("2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z")),
        Row(text: "2026-12", interval: Interval("2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z")),
        Row(text: "2026-Q2", interval: Interval("2026-03-31T22:00:00Z", "2026-06-30T22:00:00Z")),
        Row(text: "2026", interval: Interval("2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z")),
        Row(text: "2025-W53", interval: nil), Row(text: "2026-W00", interval: nil), Row(text: "2026-13", interval: nil),
        Row(text: "2026-02-30", interval: nil), Row(text: "2026-Q5", interval: nil), Row(text: "2026-Q", interval: nil),
        Row(text: "26-11", interval: nil), Row(text: "2026-1", interval: nil), Row(text: "", interval: nil),
        Row(text: "9999", interval: nil), Row(text: "0001-01", interval: nil), Row(text: "9999-12-31", interval: nil),
        Row(text: "2026-", interval: nil), Row(text: "٢٠٢٦", interval: nil), Row(text: "2026-W1", interval: nil),
    ]

    @Test("days, weeks, months, quarters and years go from midnight to midnight", arguments: rows)
    func interval(row: Row) {
        let window = CalendarWindow(text: row.text)
        #expect(window?.interval(in: Fixtures.paris) == row.interval)
        #expect(window?.text == (row.interval == nil ? nil : row.text))
    }

    @Test("the present month is that of the zone's clocks")
    func present() {
        let newYear = Instant("2025-12-31T23:30:00Z")
        #expect(CalendarWindow.month(of: newYear, in: .utc) == .month(year: 2025, month: 12))
        #expect(CalendarWindow.month(of: newYear, in: Fixtures.paris) == .month(year: 2026, month: 1))
    }
}
