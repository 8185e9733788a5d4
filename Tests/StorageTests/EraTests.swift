import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Eras and change")
struct EraTests {
    let minute = Duration.minuteNs

    @Test("a new period, vote or set of regions begins an era at the next slot of the new period, without a gap")
    func newEra() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let start = begin
        var ring = try writer.open(spec(), now: begin)
        let first = writer.eras(ring)[0]
        #expect(first.from == start)
        try writer.put(slot(.up, total: 1), ring, at: begin)

        ring = try writer.open(spec(period: 30 * Duration.secondNs, vote: .all), now: begin + 15 * Duration.secondNs)
        let second = Era(
            from: start + minute, periodNs: 30 * Duration.secondNs, vote: .all, regions: ["local"],
            firstSequence: first.firstSequence + 1)
        #expect(writer.eras(ring) == [first, second])
        try writer.put(slot(.down, total: 2), ring, at: start + minute)
        try writer.put(slot(.up, total: 3), ring, at: start + minute + 30 * Duration.secondNs)

        ring = try writer.open(spec(regions: ["us", "local"]), now: start + 2 * minute - 1)
        let third = Era(
            from: start + 2 * minute, periodNs: minute, vote: .majority, regions: ["us", "local"],
            firstSequence: second.firstSequence + 2)
        #expect(writer.eras(ring) == [first, second, third])
        try writer.put(slot(.up, total: 4), ring, "us", at: start + 2 * minute)

        let reader = try StoreReader(path: folder.path)
        let read = try #require(
            try reader.history("shop", in: Interval(start: start - minute, end: start + 4 * minute))
        ).content
        #expect(read.stretches.map(\.era) == [first, second, third])
        #expect(
            read.stretches.map { $0.slots.map { $0.map(\.totalUs) } } == [[[0, 1]], [[2, 3]], [[4, 0], [0, 0]]])
        for (stretch, next) in zip(read.stretches, read.stretches.dropFirst()) {
            #expect(stretch.interval.end == next.interval.start)
        }
        #expect(writer.era(ring, at: start - minute) == first)
        #expect(writer.era(ring, at: start + 2 * minute - 1) == second)
        #expect(writer.era(ring, at: start + 2 * minute) == third)
    }

    @Test("opening again with the same settings changes nothing")
    func sameSpec() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(), now: begin)
        let eras = writer.eras(ring)
        #expect(try writer.open(spec(), now: begin + Duration.dayNs) == ring)
        try writer.close()
        let later = try StoreWriter(path: folder.path)
        #expect(later.eras(try later.open(spec(), now: begin + 2 * Duration.dayNs)) == eras)
        #expect(later.notes == [])
    }

    @Test("an era that has not begun gives way to the next change, and going back leaves the era before")
    func changedTwice() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let now = begin + 20 * Duration.secondNs
        let ring = try writer.open(spec(), now: now)
        let first = writer.eras(ring)
        _ = try writer.open(spec(vote: .all), now: now)
        _ = try writer.open(spec(vote: .any), now: now)
        #expect(writer.eras(ring).map(\.vote) == [.majority, .any])
        _ = try writer.open(spec(), now: now)
        #expect(writer.eras(ring) == first)
    }

    @Test("a clock that went back does not put a new era before slots that are stored")
    func clockBack() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(), now: begin)
        try writer.put(slot(), ring, at: begin + Duration.hourNs)
        _ = try writer.open(spec(vote: .all), now: begin - Duration.dayNs)
        #expect(writer.eras(ring).map(\.from) == [begin, begin + Duration.hourNs + minute])
    }

    @Test("an era begun before the first era of an empty file keeps the order of time")
    func beforeTheFirst() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(), now: begin)
        _ = try writer.open(spec(vote: .all), now: begin - Duration.dayNs)
        let eras = writer.eras(ring)
        #expect(eras.count == 2 && eras[0].from < eras[1].from && eras[1].vote == .all)
        #expect(eras[1].from == begin - Duration.dayNs)
        #expect(eras[0].sequence(slot: eras[0].grid.slot(at: eras[1].from)) == eras[1].firstSequence)
    }

    @Test("past 256 eras the oldest goes with its slots, and the writer says so")
    func erasMax() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(), now: begin)
        let path = folder.path
        for number in 1...256 {
            let now = begin + Int64(number) * minute
            try writer.put(slot(), ring, at: now - minute)
            _ = try writer.open(spec(vote: number % 2 == 0 ? .majority : .all), now: now - 1)
            #expect(writer.notes.isEmpty == (number < 256))
        }
        #expect(writer.notes == ["\(path)/rings/shop.ring: the oldest of 257 eras was forgotten"])
        let eras = writer.eras(ring)
        #expect(eras.count == 256)
        #expect(writer.birth(ring) == eras[0].from)
        let reader = try StoreReader(path: folder.path)
        let before = Interval(start: begin - Duration.dayNs, end: eras[0].from)
        #expect(try #require(try reader.history("shop", in: before)).content.stretches.isEmpty)
        #expect(try reader.eras("shop") == eras)
        let era = writer.era(ring, at: begin - minute)
        #expect(try !writer.put(slot(), ring: ring, region: 0, slot: era.firstSlot - 3, era: era))
    }

    @Test(
        "a changed retention, period or set of regions carries what is whole and kept into a new file",
        arguments: [
            ("more slots", spec(slots: 4 * Duration.dayNs)),
            ("fewer slots", spec(slots: Duration.dayNs)),
            ("more hours", spec(hours: 100 * Duration.dayNs)),
            ("a shorter period", spec(period: 15 * Duration.secondNs)),
            ("a second region", spec(regions: ["tw", "local"])),
            ("another region", spec(regions: ["tw"])),
            ("all at once", spec(period: 10 * Duration.secondNs, regions: ["a", "local"], slots: 9 * Duration.dayNs)),
        ])
    func rebuilt(name: String, changed: RingSpec) throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false, rules: PlainRules()))
        let ring = try writer.open(spec(), now: begin)
        let count: Int64 = 2 * 1440 + 500
        for index in 0..<count where index % 7 != 0 {
            try writer.put(
                slot(index % 5 == 0 ? .down : .up, total: UInt32(index)), ring, at: begin + index * minute)
        }
        let end = begin + count * minute
        let reader = try StoreReader(path: folder.path)
        let keptNs = min(2 * Duration.dayNs, changed.retention.slotsNs)
        let facts = try reader.facts("shop", from: end - keptNs, to: end)
        let verdicts = try reader.verdicts("shop", in: Interval(start: begin, end: end))?.content.stretches.flatMap(
            \.cells)
        #expect(facts.count == Int(keptNs / minute) && facts.contains { $0.isWritten })
        #expect(Set(verdicts?.map(\.verdict) ?? []) == [.up, .down, .unknown])

        _ = try writer.open(changed, now: end)
        #expect(try reader.facts("shop", from: end - keptNs, to: end) == facts, "\(name)")
        let after = try #require(try reader.verdicts("shop", in: Interval(start: begin, end: end))).content
        #expect(after.stretches.flatMap(\.cells) == verdicts, "\(name)")
        #expect(try reader.birth("shop") == begin + minute)
        #expect(try reader.newestSlot("shop") == writer.newestSlot(ring))
        #expect(try StoreFolder.names(in: folder.path + "/rings") == ["shop.ring"])

        // What comes next is stored in the new era, and stays when the file is opened again.
        let next = SlotGrid(periodNs: changed.periodNs).firstSlot(from: end)
        let at = SlotGrid(periodNs: changed.periodNs).start(of: next)
        try writer.put(slot(total: 99), ring, changed.regions[0], at: at)
        try writer.close()
        let again = try StoreWriter(path: folder.path)
        let opened = try again.open(changed, now: end + minute)
        #expect(try again.slot(opened, region: changed.regions[0], at: at).facts == slot(total: 99).facts, "\(name)")
        #expect(try reader.facts("shop", from: end - keptNs, to: end) == facts, "\(name)")
    }

    @Test("a region that no kept era names goes with the next new file")
    func regionGoes() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(regions: ["a", "b"]), now: begin)
        _ = try writer.open(spec(regions: ["b"]), now: begin)
        #expect(StoreReader.bytes(of: spec(regions: ["a", "b"])) == (try fileBytes(folder)))
        _ = try writer.open(spec(regions: ["b"], slots: 3 * Duration.dayNs), now: begin + 11 * Duration.dayNs)
        #expect(writer.eras(ring).map(\.regions) == [["b"]])
        #expect(StoreReader.bytes(of: spec(regions: ["b"], slots: 3 * Duration.dayNs)) == (try fileBytes(folder)))
    }

    @Test("a renamed check and a renamed region keep their history, what still waits in the journal included")
    func renamed() throws {
        let folder = try TemporaryFolder()
        let first = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        let old = try first.open(spec("store", regions: ["taipei", "us"]), now: begin)
        try first.put(slot(total: 1), old, "taipei", at: begin)
        try first.close(at: begin)
        let second = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        try second.put(
            slot(total: 2), try second.open(spec("store", regions: ["taipei", "us"]), now: begin), "taipei",
            at: begin + minute)
        second.abandon()

        let third = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        let new = RingSpec(
            check: "shop", periodNs: minute, vote: .majority, regions: ["tw", "us"],
            retention: spec().retention, formerCheck: "store", formerRegions: ["tw": "taipei"])
        let ring = try third.open(new, now: begin + 2 * minute)
        #expect(third.eras(ring).map(\.regions) == [["tw", "us"]])
        try third.put(slot(total: 3), ring, "tw", at: begin + 2 * minute)
        let reader = try StoreReader(path: folder.path)
        try third.close(at: begin + 3 * minute)
        #expect(try reader.checks() == ["shop"])
        #expect(
            try reader.facts("shop", "tw", from: begin, to: begin + 3 * minute).map(\.totalUs) == [1, 2, 3])
        // The same configuration again changes nothing more.
        let fourth = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        #expect(fourth.eras(try fourth.open(new, now: begin + 3 * minute)).count == 1)
    }

    private func fileBytes(_ folder: TemporaryFolder) throws -> Int64? {
        try StoreFile.open(folder.path + "/rings/shop.ring", .read)?.size()
    }
}
