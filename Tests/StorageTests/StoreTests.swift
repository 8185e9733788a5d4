import Support
import Testing
import Vocabulary

@testable import Storage

/// 2026-11-22T10:15:00Z.
let begin = Instant(seconds: 1_795_342_500)

func spec(
    _ check: String = "shop", period: Int64 = Duration.minuteNs, vote: Vote = .majority, regions: [String] = ["local"],
    slots: Int64 = 2 * Duration.dayNs, hours: Int64 = 10 * Duration.dayNs
) -> RingSpec {
    RingSpec(
        check: check, periodNs: period, vote: vote, regions: regions,
        retention: Retention(slotsNs: slots, hoursNs: hours))
}

func slot(_ verdict: Verdict = .up, total: UInt32 = 12_345, cause: Cause? = nil) -> Slot {
    Slot(
        verdict: verdict, cause: cause ?? (verdict == .down ? .refused : .ok), status: verdict == .up ? 200 : 0,
        marks: [], startUnits: 777, totalUs: total, legs: SlotLegs(Legs(connectUs: 1000, waitUs: total)))
}

/// The first region's verdict is the check's, and its outages are those that are given.
struct PlainRules: RollUpRules {
    var given: [OutageRecord] = []
    /// What a slot of this number becomes that the region knows.
    var cell: @Sendable (Int64, Verdict) -> VerdictCell = { VerdictCell(verdict: $1) }

    func cells(_ stretch: History.Stretch) -> [VerdictCell] {
        (0..<stretch.count).map { index in
            let verdict = stretch.slots[0][index].verdict
            return verdict.isKnown ? cell(stretch.firstSlot + Int64(index), verdict) : .unwritten
        }
    }

    func outages(
        of check: String, endedIn interval: Interval, history: (Interval) throws -> History
    ) throws -> [OutageRecord] {
        given.filter { $0.end.map(interval.contains) ?? false }
    }
}

extension StoreWriter {
    /// Puts a slot at an instant, into its own era.
    func put(_ slot: Slot, _ ring: RingID, _ region: String = "local", at instant: Instant) throws {
        let era = era(ring, at: instant)
        let index = try #require(era.regions.firstIndex(of: region))
        #expect(try put(slot, ring: ring, region: index, slot: era.grid.slot(at: instant), era: era))
        commit(at: instant)
        #expect(fault == nil)
    }
}

extension StoreReader {
    /// What stands in one region's slots of an interval that lies in a single era, lap and checksum left out.
    func facts(_ check: String, _ region: String = "local", from: Instant, to: Instant) throws -> [Slot] {
        let history = try #require(try history(check, in: Interval(start: from, end: to))).content
        return try history.stretches.flatMap { stretch in
            try stretch.slots[#require(stretch.era.regions.firstIndex(of: region))].map(\.facts)
        }
    }
}

@Suite("Store")
struct StoreTests {
    @Test("what is put is read back by another reader, and what was never put is unwritten")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path + "/a/store")
        let ring = try writer.open(spec(regions: ["tw", "us"]), now: begin)
        try writer.put(slot(), ring, "us", at: begin + 59 * Duration.secondNs)
        try writer.put(slot(.down), ring, "us", at: begin + 2 * Duration.minuteNs)
        try writer.put(slot(.degraded), ring, "tw", at: begin + 2 * Duration.minuteNs)

        let reader = try StoreReader(path: folder.path + "/a/store")
        #expect(try reader.checks() == ["shop"])
        let interval = Interval(start: begin, end: begin + 3 * Duration.minuteNs)
        let history = try #require(try reader.history("shop", in: interval))
        #expect(history.content.birth == begin)
        #expect(history.damagedCount == 0 && history.notes.isEmpty)
        let stretch = try #require(history.content.stretches.first)
        #expect(history.content.stretches.count == 1)
        #expect(stretch.era == writer.eras(ring)[0])
        #expect(stretch.interval == interval)
        #expect(
            stretch.slots.map { $0.map(\.facts) } == [
                [.unwritten, .unwritten, slot(.degraded).facts],
                [slot().facts, .unwritten, slot(.down).facts],
            ])
        #expect(try reader.history("api", in: interval) == nil)
        #expect(try reader.newestSlot("shop") == begin + 2 * Duration.minuteNs)
        #expect(try writer.slot(ring, region: "us", at: begin + 2 * Duration.minuteNs).facts == slot(.down).facts)
        #expect(try writer.slot(ring, region: "eu", at: begin) == .unwritten)
        _ = writer
    }

    @Test("a check is born with its first known slot, also when it comes later by import")
    func birth() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(), now: begin)
        try writer.put(slot(.unknown, cause: .late), ring, at: begin - 5 * Duration.minuteNs)
        #expect(writer.birth(ring) == nil)
        try writer.put(slot(), ring, at: begin)
        #expect(writer.birth(ring) == begin)
        try writer.put(slot(.down), ring, at: begin - Duration.hourNs)
        try writer.put(slot(), ring, at: begin - Duration.minuteNs)
        let reader = try StoreReader(path: folder.path)
        #expect(try reader.birth("shop") == begin - Duration.hourNs)
    }
}

extension History.Stretch {
    /// The verdicts that are left of its slots.
    var cells: [VerdictCell] { verdicts ?? [] }
}
