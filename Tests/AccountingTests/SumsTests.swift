import Testing
import Vocabulary

@testable import Accounting

@Suite("Sums, eras and days")
struct SumsTests {
    @Test("slots before the birth count nothing, unknown ones after it are owed")
    func birth() {
        let figures = Count.figures(Story("...x.u.u").input())
        #expect(figures.birth == Story.minute(5))
        #expect(figures.sums == .minutes(up: 2, unknown: 1))
    }

    @Test("a check without a sample has no figures, and says no data")
    func unborn() {
        let figures = Count.figures(Story("....").input())
        #expect(figures.sums == Sums())
        #expect(figures.sums.uptime.percentText == nil)
        #expect(figures.sums.uptime.json == .null)
        #expect(figures.days.map(\.sums) == [Sums()])
        #expect(figures.days.map(\.bar) == [[]])
        #expect(figures.response == nil)
    }

    @Test(
        "a slot counts once period, timeout and a second have passed since its start",
        arguments: [(70, 0), (71, 1), (131, 2)])
    func settled(seconds: Int64, minutes: Int64) {
        let now = Story.start + seconds * Duration.secondNs
        let figures = Count.figures(Story("uuu").input(now: now))
        #expect(figures.sums == .minutes(up: minutes))
    }

    @Test("a slot belongs to the window in which it starts")
    func edges() {
        let window = Interval(start: Story.minute(1) - 1, end: Story.minute(3) + 1)
        #expect(Count.figures(Story("uuuuu").input(window: window)).sums == .minutes(up: 3))
        let late = Interval(start: Story.minute(1) + 1, end: Story.minute(3))
        #expect(Count.figures(Story("uuuuu").input(window: late)).sums == .minutes(up: 1))
    }

    @Test("what the store does not hold is unknown up to the edges of the window")
    func missing() {
        let story = Story("uu").with { $0.birth = Story.minute(-4) }
        let figures = Count.figures(story.input(window: Story.minutes(-3, 7)))
        #expect(figures.sums == .minutes(up: 2, unknown: 8))
        let bar = [
            BarSegment(interval: Story.minutes(-3, 0), state: .unknown),
            BarSegment(interval: Story.minutes(0, 2), state: .up),
            BarSegment(interval: Story.minutes(2, 7), state: .unknown),
        ]
        #expect(figures.days.flatMap(\.bar) == bar)
    }

    @Test("each slot weighs its own era's period, and a region owes only in eras that name it")
    func eras() {
        let first = Story(regions: [("tw", "uudu"), ("jp", "uuud")]).stretch
        let second = Story(regions: [("tw", "ud"), ("us", ".d")]).with {
            $0.periodNs = 120 * Duration.secondNs
            $0.start = Story.minute(4)
            $0.vote = .any
        }.stretch
        let history = History(check: "shop", birth: Story.start, stretches: [first, second])
        let figures = Count.figures(
            Fixtures.input(
                history, periodNs: 120 * Duration.secondNs, regions: ["tw", "us"], window: Story.minutes(0, 8)))
        #expect(figures.sums == .minutes(up: 6, down: 2))
        #expect(figures.slots == Sums(up: 5, down: 1))
        #expect(figures.periodNs == 120 * Duration.secondNs)
        #expect(figures.regions.map(\.region) == ["tw", "us", "jp"])
        #expect(
            figures.regions.map(\.sums) == [
                .minutes(up: 5, down: 3), .minutes(down: 2, unknown: 2), .minutes(up: 3, down: 1),
            ])
        #expect(figures.regions.map(\.country) == ["TW", nil, "JP"])
    }

    struct ClockRow: CustomTestStringConvertible, Sendable {
        let date: CivilDate
        let hours: Int64
        var testDescription: String { "\(date) has \(hours) hours" }
    }

    static let clockRows = [
        ClockRow(date: CivilDate(year: 2026, month: 3, day: 28)!, hours: 24),
        ClockRow(date: CivilDate(year: 2026, month: 3, day: 29)!, hours: 23),
        ClockRow(date: CivilDate(year: 2026, month: 10, day: 25)!, hours: 25),
    ]

    @Test("a day lasts from midnight to midnight, 23 or 25 hours when the clocks change", arguments: clockRows)
    func clocks(row: ClockRow) {
        let day = Fixtures.paris.interval(of: row.date)
        let around = Interval(start: day.start - 12 * Duration.hourNs, end: day.end + 12 * Duration.hourNs)
        let minutes = Int(around.durationNs / Duration.minuteNs)
        let story = Story(String(repeating: "u", count: minutes)).with { $0.start = around.start }
        let figures = Count.figures(story.input(window: around, zone: Fixtures.paris))
        #expect(figures.days.map(\.date) == [row.date.adding(days: -1), row.date, row.date.adding(days: 1)])
        #expect(figures.days.map(\.sums.up) == [12, row.hours, 12].map { $0 * Duration.hourNs })
        #expect(figures.days[1].interval == day)
        #expect(figures.days[1].bar == [BarSegment(interval: day, state: .up)])
    }

    @Test("days share out a window even where clocks go back over midnight")
    func midnightTwice() {
        // At 2026-11-01T03:00Z clocks go from 00:00 back to 23:00 of the day before.
        let zone = Zone(
            name: "Test/Midnight", firstOffset: -3 * 3_600,
            transitions: [Zone.Transition(at: Instant("2026-11-01T03:00:00Z").seconds, offset: -4 * 3_600)])
        let window = Interval("2026-11-01T02:30:00Z", "2026-11-01T05:30:00Z")
        let story = Story(String(repeating: "u", count: 180)).with { $0.start = window.start }
        let figures = Count.figures(story.input(window: window, zone: zone))
        #expect(figures.sums == .minutes(up: 180))
        #expect(figures.days.reduce(0) { $0 + $1.sums.up } == figures.sums.up)
    }

    @Test("shown shares are rounded down, and 100 only when nothing is missing")
    func floors() {
        let rows: [(up: Int64, all: Int64, text: String?)] = [
            (999_996, 1_000_000, "99.999"), (1_000_000, 1_000_000, "100.000"),
            (99_999_999_999, 100_000_000_000, "99.999"), (1, 3, "33.333"), (0, 5, "0.000"), (0, 0, nil),
            (31_622_399_999_999_999, 31_622_400_000_000_000, "99.999"),
        ]
        #expect(rows.map { Ratio($0.up, $0.all).percentText } == rows.map(\.text))
    }
}
