import Testing
import Vocabulary

@testable import Accounting

@Suite("Windows and corrections")
struct WindowTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let days: Set<Weekday>
        let from: Int
        let to: Int
        let around: (String, String)
        let occurrences: [(String, String)]
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(
            name: "Sunday 02:00-02:30 in summer time", days: [.sunday], from: 120, to: 150,
            around: ("2026-06-01T00:00:00Z", "2026-06-14T23:00:00Z"),
            occurrences: [
                ("2026-06-07T00:00:00Z", "2026-06-07T00:30:00Z"), ("2026-06-14T00:00:00Z", "2026-06-14T00:30:00Z"),
            ]),
        Row(
            name: "over midnight: the end falls on the next day", days: [.saturday], from: 1_380, to: 60,
            around: ("2026-06-06T23:30:00Z", "2026-06-07T12:00:00Z"), occurrences: []),
        Row(
            name: "over midnight, seen from after midnight", days: [.saturday], from: 1_380, to: 60,
            around: ("2026-06-06T22:30:00Z", "2026-06-07T12:00:00Z"),
            occurrences: [("2026-06-06T21:00:00Z", "2026-06-06T23:00:00Z")]),
        Row(
            name: "in the hour that clocks skip: moved forward by the gap", days: [.sunday], from: 130, to: 150,
            around: ("2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"),
            occurrences: [("2026-03-29T01:10:00Z", "2026-03-29T01:30:00Z")]),
        Row(
            name: "from the skipped hour to just after it: none that day", days: [.sunday], from: 150, to: 180,
            around: ("2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"), occurrences: []),
        Row(
            name: "around the skipped hour: an hour shorter", days: [.sunday], from: 60, to: 240,
            around: ("2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"),
            occurrences: [("2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z")]),
        Row(
            name: "an hour that comes twice means the first", days: [.sunday], from: 120, to: 150,
            around: ("2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z"),
            occurrences: [("2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z")]),
        Row(
            name: "around the hour that comes twice: an hour longer", days: [.sunday], from: 60, to: 240,
            around: ("2026-10-25T00:00:00Z", "2026-10-25T12:00:00Z"),
            occurrences: [("2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z")]),
        Row(
            name: "the whole of a day of 23 hours", days: [.sunday], from: 0, to: 1_440,
            around: ("2026-03-29T00:00:00Z", "2026-03-29T12:00:00Z"),
            occurrences: [("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z")]),
    ]

    @Test("each edge of a weekly window is converted by itself", arguments: rows)
    func weekly(row: Row) {
        let hours = LocalHours(days: row.days, startMinute: row.from, endMinute: row.to, text: row.name)
        let rule = MaintenanceWindow.Rule.recurring(.hours(hours), zone: Fixtures.paris, since: nil, until: nil)
        let told = MaintenanceWindow(name: "weekly", checks: ["shop"], rule: rule)
            .occurrences(in: Interval(row.around.0, row.around.1))
        #expect(told == row.occurrences.map { Interval($0.0, $0.1) })
    }

    @Test("since and until bound the starts of a weekly window's occurrences")
    func bounds() {
        let hours = LocalHours(days: [.sunday], startMinute: 0, endMinute: 60, text: "Sun 00:00-01:00")
        let rule = MaintenanceWindow.Rule.recurring(
            .hours(hours), zone: .utc, since: Instant("2026-06-07T00:00:00Z"), until: Instant("2026-06-14T00:00:00Z"))
        let told = MaintenanceWindow(name: "weekly", checks: ["shop"], rule: rule)
            .occurrences(in: Interval("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z"))
        #expect(told == [Interval("2026-06-07T00:00:00Z", "2026-06-07T01:00:00Z")])
    }

    @Test("a check's exclusions are those of the windows that name it, oldest first")
    func exclusions() {
        let once = Interval("2026-06-02T00:00:00Z", "2026-06-02T04:00:00Z")
        let hours = LocalHours(days: [.monday], startMinute: 0, endMinute: 60, text: "Mon 00:00-01:00")
        let windows = [
            MaintenanceWindow(name: "move", checks: ["shop", "api"], rule: .once(once)),
            MaintenanceWindow(name: "other", checks: ["api"], rule: .once(once)),
            MaintenanceWindow(
                name: "weekly", checks: ["shop"], rule: .recurring(.hours(hours), zone: .utc, since: nil, until: nil)),
        ]
        let told = Windows.exclusions(
            for: "shop", in: Interval("2026-06-01T00:30:00Z", "2026-06-03T00:00:00Z"), windows: windows)
        #expect(
            told == [
                Exclusion(
                    interval: Interval("2026-06-01T00:00:00Z", "2026-06-01T01:00:00Z"), source: .maintenance("weekly")),
                Exclusion(interval: once, source: .maintenance("move")),
            ])
        #expect(told.map(\.source.text) == ["maintenance weekly", "maintenance move"])
    }

    @Test("each excluded second is told once, by the first window that holds it")
    func told() {
        let weekly = Exclusion(interval: Story.minutes(1, 4), source: .maintenance("weekly"))
        let pause = Exclusion(interval: Story.minutes(3, 6), source: .pause, isAfterTheFact: true)
        let figures = Count.figures(Story("uuuuuuuu").input(exclusions: [pause, weekly]))
        #expect(figures.sums == .minutes(up: 3, excluded: 5))
        #expect(
            figures.exclusions == [
                ExclusionFigures(
                    interval: Story.minutes(1, 4), source: "maintenance weekly", excludedNs: 3 * Fixtures.minute,
                    isAfterTheFact: false),
                ExclusionFigures(
                    interval: Story.minutes(3, 6), source: "pause", excludedNs: 2 * Fixtures.minute,
                    isAfterTheFact: true),
            ])
    }

    @Test("a pause without an end excludes all that comes")
    func endless() {
        let pause = Exclusion(
            interval: Interval(start: Story.minute(2), end: Instant(nanoseconds: .max)), source: .pause)
        #expect(Count.figures(Story("uuuu").input(exclusions: [pause])).sums == .minutes(up: 2, excluded: 2))
    }

    @Test("excluded samples are left out of response times and failures, for the regions too")
    func samples() {
        let window = Exclusion(interval: Story.minutes(1, 3), source: .maintenance("weekly"))
        let figures = Count.figures(Story("uudu", "udgu").input(exclusions: [window]))
        #expect(figures.response?.count == 4)
        #expect(figures.failures == [])
        #expect(figures.regions.map(\.sums) == [.minutes(up: 2, excluded: 2), .minutes(up: 2, excluded: 2)])
    }

    @Test("corrections win over windows, the later over the earlier, and say what they changed")
    func corrections() {
        let window = Exclusion(interval: Story.minutes(0, 2), source: .maintenance("weekly"))
        let corrections = [
            Correction(interval: Story.minutes(1, 4), verdict: .up, why: "the probe's own fault"),
            Correction(interval: Story.minutes(3, 6), verdict: .down, why: "customers could not pay"),
            Correction(interval: Story.minutes(6, 7), verdict: .excluded, why: "agreed with the customer"),
        ]
        // Slot:                                  0 1 2 3 4 5 6 7
        let figures = Count.figures(Story("udduu.du").input(exclusions: [window], corrections: corrections))
        #expect(figures.sums == .minutes(up: 3, down: 3, excluded: 2))
        #expect(figures.uncorrected == .minutes(up: 3, down: 2, unknown: 1, excluded: 2))
        #expect(figures.corrections.map(\.changedNs) == [2, 3, 1].map { $0 * Fixtures.minute })
        #expect(figures.exclusions.map(\.source) == ["maintenance weekly", "correction"])
        #expect(figures.exclusions.map(\.excludedNs) == [1, 1].map { $0 * Fixtures.minute })
        // Outages stay where the samples put them; only their seconds change.
        #expect(figures.outages.map(\.slots) == [Story.minutes(1, 3), Story.minutes(6, 7)])
        #expect(figures.outages.map(\.downNs) == [0, 0])
        #expect(figures.correctedDownNs == 3 * Fixtures.minute)
    }

    @Test("without a correction in the window there are no uncorrected sums")
    func untouched() {
        let elsewhere = Correction(interval: Story.minutes(20, 30), verdict: .down, why: "another month")
        let figures = Count.figures(Story("uuu").input(corrections: [elsewhere]))
        #expect(figures.uncorrected == nil)
        #expect(figures.corrections == [])
    }
}
