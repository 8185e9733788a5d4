import Foundation
import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Ring")
struct RingTests {
    @Test(
        "a file's size is what storage.md promises",
        arguments: [
            ("400 d and 5 y", Retention.standard, 1, 13_668_352), ("one region more", .standard, 2, 25_698_304),
            ("35 d and 400 d", Retention(slotsNs: 35 * Duration.dayNs, hoursNs: 400 * Duration.dayNs), 1, 1_884_160),
            ("one region more", Retention(slotsNs: 35 * Duration.dayNs, hoursNs: 400 * Duration.dayNs), 2, 3_305_472),
        ] as [(String, Retention, Int, Int64)])
    func sizes(name: String, retention: Retention, regions: Int, bytes: Int64) {
        let spec = RingSpec(
            check: "shop", periodNs: Duration.minuteNs, vote: .any, regions: (0..<regions).map { "r\($0)" },
            retention: retention)
        #expect(StoreReader.bytes(of: spec) == bytes, "\(name)")
    }

    @Test("every ring begins on a page, for periods from a second to a day")
    func pages() {
        for seconds: Int64 in [1, 5, 14, 15, 60, 61, 600, 3600, 86_400] {
            for (slots, hours): (Int64, Int64) in [(1, 1), (7, 30), (400, 1830)] {
                let layout = RingLayout(
                    periodNs: seconds * Duration.secondNs,
                    retention: Retention(slotsNs: slots * Duration.dayNs, hoursNs: hours * Duration.dayNs),
                    regionCount: 3)
                #expect(layout.isSound, "\(seconds) s, \(slots) d, \(hours) d")
                #expect(layout.slotCapacity * seconds >= slots * 86_400)
                #expect(layout.hourCapacity >= hours * 24 && layout.hourBytes == (seconds < 15 ? 128 : 64))
                #expect((layout.blockCapacity - 1) * 112 * seconds >= hours * 86_400)
                let offsets = (0..<3).flatMap { [layout.slotsOffset(region: $0), layout.hoursOffset(region: $0)] }
                for offset in offsets + [layout.verdictsOffset, layout.outagesOffset, layout.fileBytes] {
                    #expect(offset % 4096 == 0)
                }
            }
        }
    }

    @Test("a header reads back as it was written, small and at its bounds")
    func headers() {
        var header = RingHeader(spec: spec(regions: ["tw", "us"]), now: begin)
        for change in [
            {}, { header.birth = begin }, { header.newestKnown = 29_922_375 }, { header.oldestSequence = 17 },
        ] {
            change()
            expectReadBack(header)
        }
        let names = (0..<RingHeader.regionsMax).map { "\($0)" + String(repeating: "é", count: 31) }
        var large = RingHeader(
            spec: spec(String(repeating: "x", count: 64), vote: .atLeast(64), regions: names), now: begin)
        while large.eras.count < RingHeader.erasMax {
            let last = large.eras[large.eras.count - 1]
            large.eras.append(
                Era(
                    from: last.from + last.periodNs, periodNs: 1_000_000_007, vote: .atLeast(large.eras.count),
                    regions: Array(names.reversed()[..<(1 + large.eras.count % 64)]),
                    firstSequence: last.firstSequence + 1))
        }
        expectReadBack(large)
    }

    private func expectReadBack(_ header: RingHeader) {
        guard case .whole(let back) = RingHeader.read(header.bytes + [1, 2, 3]) else {
            Issue.record("not whole")
            return
        }
        #expect(back == header)
    }

    @Test("a header with any bit flipped is not whole")
    func headerFlips() {
        let bytes = RingHeader(spec: spec(), now: begin).bytes
        for bit in 0..<(bytes.count * 8) {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            if case .whole = RingHeader.read(flipped) { Issue.record("bit \(bit) went unnoticed") }
        }
    }

    @Test("numbers that contradict each other are no header, though the checksum holds")
    func contradictions() {
        let good = RingHeader(spec: spec(), now: begin).bytes
        for offset in stride(from: 16, to: good.count - 4, by: 2) {
            for value: [UInt8] in [[0xff, 0xff], [0, 0x80], [0, 0]] {
                var bytes = good
                bytes.replaceSubrange(offset..<(offset + 2), with: value)
                let content = bytes.dropLast(4)
                let checksum = Array(content).withUnsafeBytes { CRC32C.checksum($0) }
                bytes = Array(content) + withUnsafeBytes(of: checksum.littleEndian) { Array($0) }
                // Whatever is accepted can be reckoned with: nothing overflows.
                guard case .whole(let header) = RingHeader.read(bytes) else { continue }
                #expect(header.layout.isSound && header.isSound && header.layout.fileBytes > 0)
            }
        }
    }

    @Test("slots whose writer was killed before the header knew of any are whole, and counted")
    func unknownToTheHeader() throws {
        let folder = try TemporaryFolder()
        try StoreWriter(path: folder.path).close()
        // Many laps after the sequence numbers began, so that the six bits of a lap mean another one near zero.
        let ring = try RingFile.prepared(
            path: StorePath.ring(of: "shop", in: folder.path), spec: spec(), now: begin, left: [], watch: nil
        ).ring
        let first = ring.header.eras[0].firstSequence
        #expect(first / ring.layout.slotCapacity > 64 && ring.header.newestKnown == nil)
        try ring.write([slot(), slot(.down)], ring: 0, firstSequence: first)
        let reader = try StoreReader(path: folder.path)
        #expect(try reader.verify().faults == [])
        let region = try #require(try reader.info().checks.first?.regions.first)
        let start = ring.header.start(sequence: first)
        #expect(region.slots.filled == 2)
        #expect(region.oldest == start && region.newest == start + Duration.minuteNs)
    }

    @Test(
        "slots of laps long past are no damage when the journal is far ahead of the rings",
        arguments: [1, 31, 33, 200])
    func farAhead(laps: Int64) throws {
        let folder = try TemporaryFolder()
        let wanted = spec(period: Duration.hourNs, slots: Duration.dayNs)
        let first = try StoreWriter(path: folder.path)
        let ring = try first.open(wanted, now: begin)
        let era = first.eras(ring)[0]
        for number in era.firstSlot..<(era.firstSlot + 3) {
            try first.put(slot(), ring: ring, region: 0, slot: number, era: era)
        }
        try first.close(at: begin)
        // Killed before anything moves: only the journal knows of it.
        let second = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        let number = era.firstSlot + laps * 256 + 1
        let now = era.grid.start(of: number)
        try second.put(slot(.down), ring: try second.open(wanted, now: now), region: 0, slot: number, era: era)
        second.commit(at: now)
        second.abandon()
        let interval = Interval(start: era.grid.start(of: number - 1), end: era.grid.start(of: number + 2))
        let reading = try #require(try StoreReader(path: folder.path).history("shop", in: interval))
        #expect(reading.damagedCount == 0)
        let slots = reading.content.stretches[0].slots[0]
        #expect(slots.map(\.verdict) == [.unknown, .down, .unknown])
    }

    @Test("the newest slot of each place stands through many laps, and older laps are refused")
    func laps() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(period: Duration.hourNs, slots: Duration.dayNs), now: begin)
        let capacity: Int64 = 256
        let first = writer.eras(ring)[0].firstSlot
        let era = writer.eras(ring)[0]
        for number in stride(from: first, to: first + 200 * capacity, by: 3) {
            try writer.put(slot(total: UInt32(number - first)), ring: ring, region: 0, slot: number, era: era)
        }
        writer.commit(at: begin)
        let newest = first + (200 * capacity - 1) / 3 * 3
        let reader = try StoreReader(path: folder.path)
        let all = Interval(start: era.from, end: era.grid.start(of: newest + 1))
        let slots = try #require(try reader.history("shop", in: all)).content.stretches[0].slots[0]
        #expect(slots.count == Int(newest - first + 1))
        // A place shows the slot that was put there last, in whichever lap.
        let expected = (first...newest).map { number in
            let isPut = (number - first) % 3 == 0
            let isTaken = stride(from: number + capacity, through: newest, by: Int(capacity))
                .contains { ($0 - first) % 3 == 0 }
            return isPut && !isTaken ? UInt32(number - first) : 0
        }
        #expect(slots.map(\.totalUs) == expected)
        #expect(try !writer.put(slot(), ring: ring, region: 0, slot: newest - capacity, era: era))
        #expect(try writer.put(slot(), ring: ring, region: 0, slot: newest - capacity + 1, era: era))
        #expect(writer.newestSlot(ring) == era.grid.start(of: newest))
        try writer.close()
        let again = try StoreWriter(path: folder.path)
        let opened = try again.open(spec(period: Duration.hourNs, slots: Duration.dayNs), now: begin)
        #expect(again.newestSlot(opened) == era.grid.start(of: newest))
    }

    @Test(
        "the newest slot is the last whole one of any region, beyond what the header knows, in whichever lap",
        arguments: [1, 5, 200, 255, 256, 257, 500, 511, 700] as [Int64])
    func newest(count: Int64) throws {
        let folder = try TemporaryFolder()
        let two = spec(period: Duration.hourNs, regions: ["tw", "us"], slots: Duration.dayNs)
        var era: Era?
        for part in [0..<count, count..<count + 1] {
            let writer = try StoreWriter(path: folder.path)
            let ring = try writer.open(two, now: begin)
            era = writer.eras(ring)[0]
            for number in part {
                // The last one is in the second region alone.
                try writer.put(
                    slot(), ring: ring, region: number == count ? 1 : 0, slot: era!.firstSlot + number, era: era!)
            }
            try writer.close()
        }
        let grid = era!.grid
        let reader = try StoreReader(path: folder.path)
        #expect(try reader.newestSlot("shop") == grid.start(of: era!.firstSlot + count))

        let layout = RingLayout(periodNs: Duration.hourNs, retention: two.retention, regionCount: 2)
        let place = era!.sequence(slot: era!.firstSlot + count) % layout.slotCapacity
        let file = URL(fileURLWithPath: StorePath.ring(of: "shop", in: folder.path))
        let whole = try Data(contentsOf: file)
        var damaged = whole
        damaged[Int(layout.slotsOffset(region: 1) + place * RingLayout.slotBytes) + 9] ^= 4
        try damaged.write(to: file)
        #expect(try reader.newestSlot("shop") == grid.start(of: era!.firstSlot + count - 1), "damaged")
        // Half a slot at the end of a file that was cut short.
        try whole[..<(layout.slotsOffset(region: 1) + place * RingLayout.slotBytes + 8)].write(to: file)
        #expect(try reader.newestSlot("shop") == grid.start(of: era!.firstSlot + count - 1), "cut short")
    }

    @Test("one slot far in the future, of a clock that was wrong, locks out and hides nothing of the present")
    func wrongClock() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(), now: begin)
        try writer.put(slot(total: 1), ring, at: begin)
        try writer.put(slot(total: 9), ring, at: begin + 30 * Duration.dayNs)
        try writer.put(slot(total: 2), ring, at: begin + Duration.minuteNs)
        let reader = try StoreReader(path: folder.path)
        let end = begin + 2 * Duration.minuteNs
        #expect(try reader.facts("shop", from: begin, to: end).map(\.totalUs) == [1, 2])
        _ = try writer.open(spec(slots: 3 * Duration.dayNs), now: end)
        #expect(try reader.facts("shop", from: begin, to: end).map(\.totalUs) == [1, 2])
        #expect(try reader.newestSlot("shop") == begin + 30 * Duration.dayNs)
    }

    @Test("a slot is kept for the retention, and not longer")
    func keeps() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let ring = try writer.open(spec(), now: begin)
        #expect(writer.keeps(ring, begin - 2 * Duration.dayNs, now: begin))
        #expect(!writer.keeps(ring, begin - 2 * Duration.dayNs - 1, now: begin))
    }

    @Test("voted verdicts come back with their marks, across blocks and laps")
    func verdicts() throws {
        let folder = try TemporaryFolder()
        // Every verdict that is known, with every pair of marks, in turn.
        let cell: @Sendable (Int64) -> VerdictCell = { VerdictCell(bits: UInt8($0 % 3 + 1 | $0 / 3 % 4 << 2)) }
        let rules = PlainRules(cell: { number, _ in cell(number) })
        let writer = try StoreWriter(
            path: folder.path, options: .init(isThreaded: false, syncs: false, rules: rules))
        let ring = try writer.open(
            spec(period: Duration.hourNs, slots: Duration.dayNs, hours: Duration.dayNs), now: begin)
        let era = writer.eras(ring)[0]
        let capacity: Int64 = 64 * 112
        let end = era.firstSlot + 3 * capacity
        for number in era.firstSlot..<end {
            try writer.put(slot(), ring: ring, region: 0, slot: number, era: era)
            writer.commit(at: era.grid.start(of: number))
        }
        try writer.close(at: era.grid.start(of: end) + 2 * Duration.dayNs)
        let from = end - capacity + 200
        let reader = try StoreReader(path: folder.path)
        let read = try #require(
            try reader.verdicts("shop", in: Interval(start: era.grid.start(of: from), end: era.grid.start(of: end))))
        #expect(
            read.content.stretches.map(\.cells) == [
                (from..<end).map(cell)
            ])
        #expect(read.content.stretches[0].firstSlot == from && read.damagedCount == 0)
    }
}
