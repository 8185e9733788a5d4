import Testing
import Vocabulary

@testable import Accounting

@Suite("Outages")
struct OutageTests {
    /// The four instants, in seconds since the story's start.
    struct Edges: Hashable, CustomStringConvertible {
        let start: Int64?
        let startEarliest: Int64?
        let end: Int64?
        let endEarliest: Int64?
        var description: String {
            [startEarliest, start, endEarliest, end].map { $0.map(String.init) ?? "–" }.joined(separator: " ")
        }
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let regions: [String]
        var vote = Vote.majority
        let edges: [Edges]
        var testDescription: String { name }
    }

    // Regions ask 0, 20 and 40 seconds into each minute.
    static let rows: [Row] = [
        Row(
            name: "one slot of one region", regions: ["uduu"],
            edges: [Edges(start: 60, startEarliest: 0, end: 120, endEarliest: 60)]),
        Row(
            name: "unknown slots inside neither end nor lengthen it", regions: ["ud.d.u"],
            edges: [Edges(start: 60, startEarliest: 0, end: 300, endEarliest: 180)]),
        Row(
            name: "unknown slots at the edges widen what is not known", regions: ["u.d.u"],
            edges: [Edges(start: 120, startEarliest: 0, end: 240, endEarliest: 120)]),
        Row(
            name: "an up slot between makes two", regions: ["udud"],
            edges: [
                Edges(start: 60, startEarliest: 0, end: 120, endEarliest: 60),
                Edges(start: 180, startEarliest: 120, end: nil, endEarliest: nil),
            ]),
        Row(
            name: "from the birth on: no good sample before", regions: ["ddu"],
            edges: [Edges(start: 0, startEarliest: nil, end: 120, endEarliest: 60)]),
        Row(
            name: "still going on: no end", regions: ["udd"],
            edges: [Edges(start: 60, startEarliest: 0, end: nil, endEarliest: nil)]),
        Row(
            name: "degraded ends it", regions: ["udgu"],
            edges: [Edges(start: 60, startEarliest: 0, end: 120, endEarliest: 60)]),
        Row(
            name: "two regions fall in one slot: the earliest bad, the newest good before it",
            regions: ["uddu", "uddu", "uuuu"],
            edges: [Edges(start: 60, startEarliest: 20, end: 180, endEarliest: 140)]),
        Row(
            name: "the second region makes the majority: it alone has fallen", regions: ["udddu", "uuddu", "uuuuu"],
            edges: [Edges(start: 140, startEarliest: 80, end: 240, endEarliest: 200)]),
        Row(
            name: "one rises first: its recovery is the end", regions: ["udddd", "uddud", "uuuuu"],
            edges: [
                Edges(start: 60, startEarliest: 20, end: 200, endEarliest: 140),
                Edges(start: 260, startEarliest: 200, end: nil, endEarliest: nil),
            ]),
        Row(
            name: "none has fallen: a vote that lost its good regions", regions: ["dddd", "uu.u", "uu.u"],
            edges: [Edges(start: 120, startEarliest: nil, end: 200, endEarliest: 180)]),
        Row(
            name: "no risen region answers: the earliest good of any", regions: ["ud.u", "ud.u", "uuuu"], vote: .any,
            edges: [Edges(start: 60, startEarliest: 20, end: 160, endEarliest: 80)]),
    ]

    @Test("start and end lie between the samples around them", arguments: rows)
    func edges(row: Row) {
        let story = Story(regions: Array(zip(["tw", "jp", "us"], row.regions))).with {
            $0.vote = row.vote
            $0.phasesMs = [0, 20_000, 40_000]
        }
        let told = Count.figures(story.input()).outages.map { outage in
            func seconds(_ instant: Instant?) -> Int64? { instant.map { ($0 - Story.start) / Duration.secondNs } }
            return Edges(
                start: seconds(outage.start), startEarliest: seconds(outage.startEarliest), end: seconds(outage.end),
                endEarliest: seconds(outage.endEarliest))
        }
        #expect(told == row.edges)
    }

    @Test("an outage over the window's edge keeps its instants and gives the window its seconds only")
    func overEdge() {
        let figures = Count.figures(Story("uddd.ddu").input(window: Story.minutes(3, 6)))
        let outage = Outage(
            start: Story.minute(1), startEarliest: Story.minute(0), end: Story.minute(7), endEarliest: Story.minute(6),
            slots: Story.minutes(1, 7), downNs: 2 * Fixtures.minute, unknownNs: Fixtures.minute, cause: .refused,
            regions: ["tw"])
        #expect(figures.outages == [outage])
        #expect(figures.sums == .minutes(down: 2, unknown: 1))
    }

    @Test("an outage with no down slot in the window is not listed")
    func unknownOnly() {
        #expect(Count.figures(Story("ud..du").input(window: Story.minutes(2, 4))).outages == [])
    }

    @Test("a window takes seconds from an outage and never moves it")
    func maintenance() {
        let window = Exclusion(interval: Story.minutes(2, 10), source: .maintenance("move"))
        let figures = Count.figures(Story("uddddu").input(exclusions: [window]))
        #expect(figures.outages.map(\.slots) == [Story.minutes(1, 5)])
        #expect(figures.outages.map(\.downNs) == [Fixtures.minute])
        #expect(figures.outages.map(\.end) == [Story.minute(5)])
        let whole = Exclusion(interval: Story.minutes(0, 10), source: .maintenance("move"))
        let during = Count.figures(Story("uddddu").input(exclusions: [whole])).outages
        #expect(during.map(\.isDuringMaintenance) == [true])
    }

    @Test("the most frequent cause is the outage's, the first seen of equals")
    func cause() {
        let causes: [Cause] = [.refused, .timeoutWait, .timeoutWait, .refused]
        let slots = causes.enumerated().map { Letters.slot("d", startMs: Int64($0.offset), cause: $0.element) }
        let story = Story("dddd")
        let stretch = History.Stretch(era: story.era, firstSlot: story.stretch.firstSlot, slots: [slots])
        let figures = Count.figures(
            Fixtures.input(
                History(check: "shop", birth: Story.start, stretches: [stretch]), regions: ["tw"],
                window: story.interval))
        #expect(figures.outages.map(\.cause) == [.refused])
        #expect(
            figures.failures == [
                CheckFigures.CauseCount(cause: .refused, count: 2),
                CheckFigures.CauseCount(cause: .timeoutWait, count: 2),
            ])
    }

    struct ReachRow: CustomTestStringConvertible, Sendable {
        let name: String
        let letters: String
        var born: Int64 = -100
        var now: Int64 = 1_000
        let isBeyond: Bool
        var testDescription: String { name }
    }

    static let reachRows: [ReachRow] = [
        ReachRow(name: "no outage", letters: "uuuu", isBeyond: false),
        ReachRow(name: "an outage with good samples on both sides", letters: "uddu", isBeyond: false),
        ReachRow(name: "an outage at the first loaded slot", letters: "dduu", isBeyond: true),
        ReachRow(name: "at the birth there is nothing before", letters: "dduu", born: 0, isBeyond: false),
        ReachRow(name: "an outage at the last loaded slot", letters: "uudd", isBeyond: true),
        ReachRow(name: "going on now there is nothing after", letters: "uudd", now: 3, isBeyond: false),
        ReachRow(name: "unknown slots after the last down one", letters: "udd.", isBeyond: true),
    ]

    @Test("more history is asked for when an outage may reach out of it", arguments: reachRows)
    func reach(row: ReachRow) {
        let story = Story(row.letters).with { $0.birth = Story.minute(row.born) }
        // A slot settles 71 seconds after its start.
        let now = Story.minute(row.now) + 71 * Duration.secondNs
        #expect(Count(story.input(now: now)).reachesBeyond() == row.isBeyond)
    }
}
