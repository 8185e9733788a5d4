import Testing
import Vocabulary

@testable import Accounting

/// docs/uptime.md, "Worked example": a day of 1,440 slots from one region.
@Suite("The worked example of docs/uptime.md")
struct WorkedExampleTests {
    private let figures: CheckFigures

    init() {
        var letters = [Character](repeating: "u", count: 1_440)
        for minute in 600..<603 { letters[minute] = "d" }
        for minute in 900..<930 { letters[minute] = "." }
        let window = Exclusion(interval: Story.minutes(120, 130), source: .maintenance("weekly"))
        figures = Count.figures(Story(String(letters)).input(exclusions: [window]))
    }

    @Test("the sums are 1397 up, 3 down, 30 unknown and 10 excluded minutes")
    func sums() {
        #expect(figures.sums == Sums.minutes(up: 1_397, down: 3, unknown: 30, excluded: 10))
        #expect(figures.slots == Sums(up: 1_397, degraded: 0, down: 3, unknown: 30, excluded: 10))
        #expect(figures.sums.all == 1_440 * Fixtures.minute)
        #expect(figures.sums.owed == 1_430 * Fixtures.minute)
    }

    @Test("uptime, coverage and bounds are those of the text")
    func shares() {
        #expect(figures.sums.uptime.percentText == "99.785")
        #expect(figures.sums.coverage.percentText == "97.902")
        #expect(figures.sums.worst.percentText == "97.692")
        #expect(figures.sums.best.percentText == "99.790")
        #expect(figures.sums.uptime.json == .number("0.997857"))
    }

    @Test("there is one outage of three minutes, and one exclusion of ten")
    func outage() {
        let outage = Outage(
            start: Story.minute(600), startEarliest: Story.minute(599), end: Story.minute(603),
            endEarliest: Story.minute(602), slots: Story.minutes(600, 603), downNs: 3 * Fixtures.minute, unknownNs: 0,
            cause: .refused, regions: ["tw"])
        #expect(figures.outages == [outage])
        let exclusion = ExclusionFigures(
            interval: Story.minutes(120, 130), source: "maintenance weekly", excludedNs: 10 * Fixtures.minute,
            isAfterTheFact: false)
        #expect(figures.exclusions == [exclusion])
    }

    @Test("the day's bar shows each part at its place")
    func bar() {
        #expect(
            figures.days.map(\.bar) == [
                [
                    BarSegment(interval: Story.minutes(0, 120), state: .up),
                    BarSegment(interval: Story.minutes(120, 130), state: .excluded),
                    BarSegment(interval: Story.minutes(130, 600), state: .up),
                    BarSegment(interval: Story.minutes(600, 603), state: .down),
                    BarSegment(interval: Story.minutes(603, 900), state: .up),
                    BarSegment(interval: Story.minutes(900, 930), state: .unknown),
                    BarSegment(interval: Story.minutes(930, 1_440), state: .up),
                ]
            ])
        #expect(figures.days.map(\.sums) == [figures.sums])
        #expect(figures.regions.map(\.sums) == [figures.sums])
    }
}
