import Testing
import Vocabulary

@testable import Accounting

@Suite("More than a thousand outages of one check in one month")
struct ManyOutagesTests {
    /// Minutes of one block: 23 up, two down, 11 up; a month is 1,200 of them.
    private static let block: Int64 = 36
    private static let downAt: Int64 = 23
    private static let phaseMs: Int64 = 7_000
    /// An outage lies over each end of November when the story begins an hour before it.
    private static let story = Story(
        String(repeating: "uuuuuuuuuuuuuuuuuuuuuuudduuuuuuuuuuu", count: 1_204)
    ).with {
        $0.start = Story.start - Duration.hourNs
        $0.phasesMs = [phaseMs]
    }
    private static let november = Interval("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z")

    /// The outage of a block, `downNs` of it inside the window.
    private static func outage(_ number: Int64, downNs: Int64) -> Outage {
        let first = number * block + downAt
        func sample(_ minute: Int64) -> Instant {
            story.start + minute * Fixtures.minute + phaseMs * Duration.millisecondNs
        }
        return Outage(
            start: sample(first), startEarliest: sample(first - 1), end: sample(first + 2),
            endEarliest: sample(first + 1),
            slots: Interval(
                start: story.start + first * Fixtures.minute, end: story.start + (first + 2) * Fixtures.minute),
            downNs: downNs, unknownNs: 0, cause: .refused, regions: ["tw"])
    }

    @Test("all are listed with exact edges, also over the month's ends, and their seconds are the month's downtime")
    func listed() {
        let figures = Count.figures(Self.story.input(window: Self.november))
        let expected = (Int64(1)...1_201).map { number in
            Self.outage(number, downNs: (number == 1 || number == 1_201 ? 1 : 2) * Fixtures.minute)
        }
        #expect(figures.outages == expected)
        #expect(figures.sums == .minutes(up: 40_800, down: 2_400))
        #expect(figures.outages.reduce(0) { $0 + $1.downNs } == figures.sums.down)
        #expect(figures.days.count == 30)
        #expect(figures.days.map(\.sums) == Array(repeating: .minutes(up: 1_360, down: 80), count: 30))
        #expect(figures.failures == [CheckFigures.CauseCount(cause: .refused, count: 2_400)])
    }

    @Test("a window takes its part of their seconds and moves none of them")
    func maintenance() {
        let day = Interval("2026-11-10T00:00:00Z", "2026-11-11T00:00:00Z")
        let figures = Count.figures(
            Self.story.input(
                window: Self.november, exclusions: [Exclusion(interval: day, source: .maintenance("move"))]))
        #expect(figures.outages.count == 1_201)
        #expect(figures.outages.map(\.slots) == (Int64(1)...1_201).map { Self.outage($0, downNs: 0).slots })
        #expect(figures.sums == .minutes(up: 39_440, down: 2_320, excluded: 1_440))
        #expect(figures.outages.reduce(0) { $0 + $1.downNs } == figures.sums.down)
        // The day begins and ends inside an outage.
        #expect(figures.outages.count(where: \.isDuringMaintenance) == 39)
    }
}
