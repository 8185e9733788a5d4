import Testing
import Vocabulary

@testable import Accounting

@Suite("Status lines")
struct StatusTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let regions: [String]
        var born: Int64 = 0
        /// Seconds since the story's start.
        let now: Int64
        let verdict: Verdict
        let since: Int64?
        var words: String
        var testDescription: String { name }
    }

    // Regions ask 0, 20 and 40 seconds into each minute.
    static let rows: [Row] = [
        Row(name: "up since the birth", regions: ["uuuu"], now: 190, verdict: .up, since: 0, words: "u"),
        Row(
            name: "down now, before the slot settles", regions: ["uuud"], now: 181, verdict: .down, since: 180,
            words: "d"),
        Row(
            name: "a history cut at its start does not say since when", regions: ["uuuu"], born: -60, now: 190,
            verdict: .up, since: nil, words: "u"),
        Row(
            name: "a change after the cut is known", regions: ["uuuudd"], born: -60, now: 310, verdict: .down,
            since: 240, words: "d"),
        Row(
            name: "a word of two periods ago still holds", regions: ["uu..."], now: 180, verdict: .up, since: 0,
            words: "u"),
        Row(
            name: "an older one does not: unknown since it grew too old", regions: ["uu..."], now: 181,
            verdict: .unknown, since: 180, words: "."),
        Row(
            name: "the newest word is unknown", regions: ["uuux"], now: 190, verdict: .unknown, since: 180, words: "."),
        Row(
            name: "a region that has not asked in this slot keeps its word", regions: ["uuud", "uuuu", "uuuu"],
            now: 185, verdict: .up, since: 0, words: "duu"),
        Row(
            name: "two of three make it down when the second says so", regions: ["uddd", "uudd", "uuuu"], now: 225,
            verdict: .down, since: 140, words: "ddu"),
        Row(
            name: "up again with the first that recovers", regions: ["udddu", "uddd.", "uuuuu"], now: 245, verdict: .up,
            since: 240, words: "udu"),
        Row(
            name: "samples after now are not heard", regions: ["uudd"], now: 70, verdict: .up, since: 0, words: "u"),
        Row(
            name: "degraded is its own verdict", regions: ["uugg"], now: 190, verdict: .degraded, since: 120,
            words: "g"),
    ]

    @Test("the live verdict is the vote over each region's newest word", arguments: rows)
    func live(row: Row) {
        let story = Story(regions: Array(zip(["tw", "jp", "us"], row.regions))).with {
            $0.phasesMs = [0, 20_000, 40_000]
            $0.birth = Story.start + row.born * Duration.secondNs
        }
        let now = Story.start + row.now * Duration.secondNs
        let day = Interval(start: Story.start, end: Story.start + Duration.dayNs)
        let line = StatusCount.line(Count(story.input(window: day, now: now)), today: day, month: day)
        #expect(line.verdict == row.verdict)
        #expect(line.since == row.since.map { Story.start + $0 * Duration.secondNs })
        let letters: [Verdict: Character] = [.up: "u", .degraded: "g", .down: "d", .unknown: "."]
        #expect(String(line.regions.map { letters[$0.verdict]! }) == row.words)
    }

    @Test("a word is as old as its sample, after many slots that all say the same")
    func steady() {
        let story = Story(String(repeating: "u", count: 500) + "....").with { $0.phasesMs = [30_000] }
        let day = Interval(start: Story.start, end: Story.start + Duration.dayNs)
        let line = StatusCount.line(Count(story.input(window: day, now: Story.minute(504))), today: day, month: day)
        #expect(line.verdict == .unknown)
        #expect(line.since == Story.minute(499, plusMs: 30_000) + 2 * Fixtures.minute)
    }

    @Test("a line has today, the month, the last hours and the last response time")
    func whole() {
        let days = Interval("2026-10-31T00:00:00Z", "2026-11-02T00:00:00Z")
        let story = Story(String(repeating: "u", count: 1_440) + "dduuu").with { $0.start = days.start }
        let today = Interval("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")
        let now = today.start + 5 * Fixtures.minute
        let line = StatusCount.line(
            Count(story.input(window: days, now: now)), today: today, month: today, barNs: 4 * Fixtures.minute)
        #expect(line.today == .minutes(up: 2, down: 2))
        #expect(line.month == line.today)
        #expect(line.responseUs == 10_000)
        #expect(
            line.bar == [
                BarSegment(interval: Story.minutes(1, 2), state: .down),
                BarSegment(interval: Story.minutes(2, 4), state: .up),
            ])
        #expect(line.since == today.start + 2 * Fixtures.minute)
        #expect(!line.hasGenerated)
    }

    @Test("a check without a history is unknown")
    func unborn() {
        let day = Interval(start: Story.start, end: Story.start + Duration.dayNs)
        let nothing = History(check: "shop", birth: nil, stretches: [])
        let input = Fixtures.input(nothing, regions: ["tw", "jp"], window: day, now: Story.minute(10))
        let line = StatusCount.line(Count(input), today: day, month: day)
        #expect(line.verdict == .unknown)
        #expect(line.since == nil)
        #expect(line.responseUs == nil)
        #expect(line.regions.map(\.verdict) == [.unknown, .unknown])
        #expect(line.bar == [])
    }
}
