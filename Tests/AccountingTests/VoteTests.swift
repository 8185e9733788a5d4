import Testing
import Vocabulary

@testable import Accounting

@Suite("The vote over one slot")
struct VoteTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let vote: Vote
        /// A letter for each region.
        let regions: String
        let verdict: Verdict
        var isPartial = false
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "nobody knows: unknown, whatever the vote", vote: .any, regions: "...", verdict: .unknown),
        Row(name: "our own trouble is unknown too", vote: .all, regions: "xx.", verdict: .unknown),
        Row(name: "any: one down of three", vote: .any, regions: "duu", verdict: .down),
        Row(name: "any: none down", vote: .any, regions: "uu.", verdict: .up),
        Row(name: "majority: one of three is partial", vote: .majority, regions: "duu", verdict: .up, isPartial: true),
        Row(name: "majority: two of three", vote: .majority, regions: "ddu", verdict: .down),
        Row(name: "majority: a tie is not down", vote: .majority, regions: "du", verdict: .up, isPartial: true),
        Row(name: "majority: unknown regions do not vote", vote: .majority, regions: "d..", verdict: .down),
        Row(
            name: "majority: a tie among those who know", vote: .majority, regions: "du.", verdict: .up,
            isPartial: true),
        Row(name: "all: one still up", vote: .all, regions: "ddu", verdict: .up, isPartial: true),
        Row(name: "all: every region that knows", vote: .all, regions: "dd.", verdict: .down),
        Row(name: "two: one is too few", vote: .atLeast(2), regions: "duu", verdict: .up, isPartial: true),
        Row(name: "two: two are enough", vote: .atLeast(2), regions: "ddu", verdict: .down),
        Row(name: "two: the only one who knows is enough", vote: .atLeast(2), regions: "d..", verdict: .down),
        Row(name: "degraded by more than half of those who know", vote: .majority, regions: "gg.u", verdict: .degraded),
        Row(name: "half degraded is up", vote: .majority, regions: "gu", verdict: .up),
        Row(name: "degraded and partial", vote: .all, regions: "ggd", verdict: .degraded, isPartial: true),
    ]

    @Test("regions make a verdict by the era's vote", arguments: rows)
    func vote(row: Row) {
        let regions = zip(["tw", "jp", "us", "de"], row.regions).map { ($0, String($1)) }
        let story = Story(regions: regions).with { $0.vote = row.vote }
        // Born before, so that unknown slots count.
        let count = Count(story.with { $0.birth = Story.start }.input())
        #expect(
            count.course.votes == [VerdictCell(verdict: row.verdict, isPartial: row.isPartial)])
    }

    @Test("a slot that saw good and bad and ended up is a blip; one that ended down is not")
    func blips() {
        let figures = Count.figures(Story("ubbudu", "uubuuu").with { $0.vote = .any }.input())
        let blip = Spell(interval: Story.minutes(1, 3), cause: .ok, regions: ["tw", "jp"])
        #expect(figures.blips == [blip])
        #expect(figures.sums == .minutes(up: 5, down: 1))
    }

    @Test("neighbouring partial slots are one spell, with the regions and the cause of its bad samples")
    func partials() {
        let figures = Count.figures(Story("uddduu", "uuuduu", "uuuuud").input())
        #expect(
            figures.partials == [
                Spell(interval: Story.minutes(1, 3), cause: .refused, regions: ["tw"]),
                Spell(interval: Story.minutes(5, 6), cause: .refused, regions: ["us"]),
            ])
        #expect(figures.outages.map(\.slots) == [Story.minutes(3, 4)])
    }
}
