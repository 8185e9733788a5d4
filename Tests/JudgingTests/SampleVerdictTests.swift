import Judging
import Testing
import Vocabulary

@Suite("The verdict of a sample and the slot that keeps it")
struct SampleVerdictTests {
    static let grid = SlotGrid(periodNs: Duration.minuteNs)
    static let slot = grid.slot(at: Instant(rfc3339: "2026-11-22T10:00:00Z")!)
    static let at = grid.start(of: slot) + 20 * Duration.secondNs

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var lateNs: Int64 = 0
        var cause = Cause.ok
        var unmet: Severity?
        let expected: Verdict
        var expectedCause: Cause?
        var marks: Slot.Marks = []
    }

    @Test(
        "follows rule 1",
        arguments: [
            Row(testDescription: "all met: up", expected: .up),
            Row(testDescription: "a warning only: up, its cause kept", cause: .totalOver, unmet: .warn, expected: .up),
            Row(testDescription: "slow: degraded", cause: .totalOver, unmet: .degrade, expected: .degraded),
            Row(testDescription: "refused: down", cause: .refused, unmet: .fail, expected: .down),
            Row(
                testDescription: "no descriptors: ours, unknown", cause: .noDescriptors, unmet: .fail,
                expected: .unknown),
            Row(testDescription: "good, six seconds late: stands", lateNs: 6_000_000_000, expected: .up),
            Row(
                testDescription: "good, more than six seconds late: stands, marked", lateNs: 6_000_000_001,
                expected: .up,
                marks: .late),
            Row(
                testDescription: "bad, six seconds late: stands", lateNs: 6_000_000_000, cause: .refused, unmet: .fail,
                expected: .down),
            Row(
                testDescription: "bad, more than six seconds late: unknown", lateNs: 6_000_000_001, cause: .refused,
                unmet: .fail, expected: .unknown, expectedCause: .late, marks: .late),
            Row(
                testDescription: "started in the next slot: says nothing", lateNs: 40_000_000_000, expected: .unknown,
                expectedCause: .late, marks: .late),
        ])
    func verdict(row: Row) {
        let due = Due(series: SeriesIndex(check: 0, region: 0), slot: Self.slot, at: Self.at)
        let sample = Sample(due: due, start: Self.at + row.lateNs, cause: row.cause, unmet: row.unmet)
        let word = SampleVerdict(sample, grid: Self.grid)
        #expect(word.verdict == row.expected)
        #expect(word.cause == row.expectedCause ?? row.cause)
        #expect(word.marks == row.marks)
        #expect(Self.grid.slot(at: word.start) == Self.slot)
    }

    static func made(_ verdict: Verdict, at second: UInt32, _ marks: Slot.Marks = []) -> Slot {
        Slot(
            verdict: verdict, cause: verdict == .down ? .refused : .ok, status: 0, marks: marks,
            startUnits: second * 1_000, totalUs: second, legs: SlotLegs(Legs(connectUs: second)))
    }

    @Test("an empty slot takes what comes")
    func empty() {
        let new = Self.made(.up, at: 5)
        #expect(SlotMerge.merge(held: .unwritten, new: new, .live) == new)
    }

    @Test("the newest by start stays, and a slot that saw good and bad is mixed whichever stayed")
    func newest() {
        let up = Self.made(.up, at: 5)
        let down = Self.made(.down, at: 10)
        #expect(SlotMerge.merge(held: up, new: down, .live) == Self.made(.down, at: 10, .mixed))
        #expect(SlotMerge.merge(held: down, new: up, .imported) == Self.made(.down, at: 10, .mixed))
        #expect(SlotMerge.merge(held: Self.made(.down, at: 10, .mixed), new: up, .imported) == nil)
        #expect(SlotMerge.merge(held: Self.made(.up, at: 9), new: up, .imported) == nil)
    }

    @Test("of equal starts the one that comes last stays, and the same row twice changes nothing")
    func equalStarts() {
        let up = Self.made(.up, at: 5)
        let down = Self.made(.down, at: 5)
        #expect(SlotMerge.merge(held: up, new: down, .imported) == Self.made(.down, at: 5, .mixed))
        #expect(SlotMerge.merge(held: up, new: up, .imported) == nil)
    }

    @Test("a mark that nobody was asked gives way to any sample of its slot, and takes no sample's place")
    func marks() {
        let grid = SlotGrid(periodNs: Duration.minuteNs)
        let mark = SampleVerdict.missed(phaseNs: 30 * Duration.secondNs, slot: 7, grid: grid)
        // A re-probe is asked at another instant than the slot's phase.
        for second in [11, 50] as [UInt32] {
            for verdict in [Verdict.up, .down] {
                let sample = Self.made(verdict, at: second, .reprobe)
                #expect(SlotMerge.merge(held: mark, new: sample, .live) == sample)
                #expect(SlotMerge.merge(held: sample, new: mark, .live) == nil)
                #expect(SlotMerge.merge(held: sample, new: mark, .imported) == nil)
            }
        }
        #expect(SlotMerge.merge(held: .unwritten, new: mark, .live) == mark)
        #expect(SlotMerge.merge(held: mark, new: mark, .imported) == nil)
    }

    @Test("a live re-probe that says what the slot says does not replace it; an imported one does")
    func reprobes() {
        let held = Self.made(.up, at: 5)
        let same = Self.made(.up, at: 10, .reprobe)
        #expect(SlotMerge.merge(held: held, new: same, .live) == nil)
        #expect(SlotMerge.merge(held: held, new: same, .imported) == same)
        #expect(
            SlotMerge.merge(held: held, new: Self.made(.down, at: 10, .reprobe), .live)
                == Self.made(.down, at: 10, [.reprobe, .mixed]))
    }
}
