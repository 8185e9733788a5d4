import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Hours, verdicts and outages")
struct RollUpTests {
    private let minute = Duration.minuteNs
    private let hour = Duration.hourNs
    /// A full hour.
    private let start = Instant(seconds: 1_795_305_600)

    @Test("a record of an hour reads back, at its extremes, in both sizes")
    func hourRecords() {
        for count in [64, 128] {
            var summary = HourSummary(hour: 500_000)
            for index in 0..<(count == 64 ? 240 : 3_600) {
                summary.add(slot(index % 7 == 0 ? .down : .up, total: index % 2 == 0 ? 0 : Slot.totalUsMax))
            }
            let bytes = HourRecord.bytes(summary, count: count)
            #expect(bytes.count == count)
            guard case .whole(let back) = bytes.withUnsafeBytes({ HourRecord.read($0) }) else {
                Issue.record("not whole")
                continue
            }
            #expect(back == summary)
            for bit in 0..<(count * 8) {
                var flipped = bytes
                flipped[bit / 8] ^= 1 << (bit % 8)
                if case .whole = flipped.withUnsafeBytes({ HourRecord.read($0) }) { Issue.record("bit \(bit)") }
            }
        }
    }

    @Test("the buckets go from 1 ms to 12.6 s in ratio 1.32, and their middles are within 15 %")
    func buckets() {
        #expect(ResponseBuckets.boundsUs.first == 1_000)
        #expect(ResponseBuckets.boundsUs.last == 12_575_164)
        for us in stride(from: UInt32(1_000), to: 12_000_000, by: 997) {
            let middle = Double(ResponseBuckets.middleUs(ResponseBuckets.bucket(of: us)))
            #expect(abs(middle - Double(us)) <= 0.15 * Double(us), "\(us)")
        }
    }

    @Test("a record of an outage reads back, and any flipped bit is found")
    func outageRecords() {
        let regions = (0..<64).map { "r\($0)" }
        let record = OutageRecord(
            firstSequence: 1 << 40, lastSequence: 1 << 40 + 77, start: start, startEarliest: nil, end: start + hour,
            endEarliest: start + minute, cause: .refused, regions: ["r0", "r63"], downNs: 78 * Duration.secondNs,
            unknownNs: 3 * Duration.secondNs, evidence: start + 1_000_000)
        let bytes = OutageBytes(serial: 9, record: record).bytes(rings: [0, 63])
        #expect(bytes.count == 64)
        guard case .whole(let back) = OutageBytes.read(bytes[...], regions: regions) else {
            Issue.record("not whole")
            return
        }
        #expect(back.record == record && back.serial == 9)
        for bit in 0..<512 {
            var flipped = bytes
            flipped[bit / 8] ^= 1 << (bit % 8)
            if case .whole = OutageBytes.read(flipped[...], regions: regions) { Issue.record("bit \(bit)") }
        }
    }

    @Test("settled slots become hours and verdicts once a day, which outlive them")
    func rolled() throws {
        let folder = try TemporaryFolder()
        let outage = OutageRecord(
            firstSequence: start.seconds / 60 + 30, lastSequence: start.seconds / 60 + 31, start: start + 30 * minute,
            startEarliest: start + 29 * minute, end: start + 32 * minute, endEarliest: start + 31 * minute,
            cause: .refused, regions: ["local"], downNs: 2 * minute, unknownNs: 0)
        let writer = try StoreWriter(
            path: folder.path, options: .init(isThreaded: false, rules: PlainRules(given: [outage])))
        let small = spec(slots: Duration.dayNs, hours: 4 * Duration.dayNs)
        let ring = try writer.open(small, now: start)
        let era = writer.eras(ring)[0]
        for index in 0..<Int64(3 * 1440) {
            let isDown = index == 30 || index == 31
            try writer.put(
                slot(isDown ? .down : .up, total: UInt32(10_000 + index)), ring: ring, region: 0,
                slot: era.firstSlot + index, era: era)
            writer.commit(at: start + index * minute)
        }
        let reader = try StoreReader(path: folder.path)
        let rolled = try #require(try reader.rolledUntil("shop"))
        #expect(
            rolled >= start + 2 * Duration.dayNs && rolled <= start + 3 * Duration.dayNs && rolled == rolled.hourStart)
        let firstDay = Interval(start: start, end: start + Duration.dayNs)
        let hours = try #require(try reader.hours("shop", in: firstDay)?.content.first).hours
        var expected = HourSummary(hour: start.seconds / 3_600)
        for index in 0..<60 {
            expected.add(slot(index == 30 || index == 31 ? .down : .up, total: UInt32(10_000 + index)))
        }
        #expect(hours.count == 24 && hours.first == expected)
        let cells = try #require(try reader.verdicts("shop", in: firstDay)?.content.stretches.first).cells
        #expect(cells.count == 1440 && cells.filter { $0.verdict == .down }.count == 2)
        #expect(cells.allSatisfy { $0.verdict.isKnown })
        #expect(try reader.outages("shop")?.content == [outage])
        // The slots themselves have been written over: their verdicts, hours and outages are told in their place.
        let firstHour = Interval(start: start, end: start + hour)
        let left = try #require(try reader.history("shop", in: firstHour)).content
        #expect(left.stretches.map(\.verdicts) == [Array(cells[..<60])] && left.slotsFrom == nil)
        #expect(left.hours.map(\.hours) == [[expected]] && left.outages == [outage])
    }

    @Test("beside the verdicts the samples of three hours are read, of two days where they were not all voted up")
    func quietDays() throws {
        let minutes: Int64 = 4 * 1440 + 100
        let odds: [(Int64, Verdict)] = [
            (1_440, .up), (1_440, .down), (minutes - 2_980, .down), (minutes - 2_000, .degraded),
            (minutes - 1_300, .unknown), (minutes - 1_100, .down), (minutes - 30, .down),
        ]
        for (odd, verdict) in odds {
            let folder = try TemporaryFolder()
            let writer = try StoreWriter(
                path: folder.path, options: .init(isThreaded: false, syncs: false, rules: PlainRules()))
            let ring = try writer.open(spec(slots: 9 * Duration.dayNs, hours: 40 * Duration.dayNs), now: start)
            let era = writer.eras(ring)[0]
            for index in 0..<minutes {
                try writer.put(
                    slot(index == odd ? verdict : .up), ring: ring, region: 0, slot: era.firstSlot + index, era: era)
                if index % 60 == 59 { writer.commit(at: start + index * minute) }
            }
            try writer.close(at: start + minutes * minute)
            let reader = try StoreReader(path: folder.path)
            let rolled = try #require(try reader.rolledUntil("shop"))
            let newest = start + (minutes - 1) * minute
            let twoDays = (newest - 2 * Duration.dayNs).hourStart
            let quiet = min(rolled, (newest - 3 * hour).hourStart)
            #expect(quiet > twoDays + 12 * hour)
            let at = start + odd * minute
            let isOdd = verdict != .up && twoDays <= at && at < quiet
            let history = try #require(
                try reader.history("shop", in: Interval(start: start, end: newest + minute), .verdicts)
            ).content
            #expect(history.slotsFrom == (isOdd ? twoDays : quiet), "\(verdict) at \(odd)")
            #expect(history.stretches.map(\.count).reduce(0, +) == Int(minutes))
        }
    }

    @Test("slots that are kept for two hours become hours in time")
    func shortlyKept() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false, rules: PlainRules()))
        let ring = try writer.open(spec(slots: 2 * hour, hours: Duration.dayNs), now: start)
        let era = writer.eras(ring)[0]
        for index in 0..<Int64(600) {
            try writer.put(slot(), ring: ring, region: 0, slot: era.firstSlot + index, era: era)
            writer.commit(at: start + index * minute)
        }
        let reader = try StoreReader(path: folder.path)
        let hours = try #require(try reader.hours("shop", in: Interval(start: start, end: start + 8 * hour)))
        #expect(hours.content.first?.hours.map(\.hour) == (0..<8).map { start.seconds / 3_600 + $0 })
        #expect(try #require(try reader.rolledUntil("shop")) >= start + 8 * hour)
    }

    @Test("what a stop longer than slots are kept left behind is rolled up before its places are taken")
    func longStop() throws {
        let folder = try TemporaryFolder()
        let small = spec(slots: 2 * hour, hours: 10 * Duration.dayNs)
        func run(from begun: Instant, minutes: Int64) throws {
            let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false, rules: PlainRules()))
            let ring = try writer.open(small, now: begun)
            let era = writer.eras(ring)[0]
            for index in 0..<minutes {
                let now = begun + index * minute
                try writer.put(slot(), ring: ring, region: 0, slot: era.grid.slot(at: now), era: era)
                writer.commit(at: now)
            }
            try writer.close(at: begun + minutes * minute)
        }
        try run(from: start, minutes: 90)
        let before = try StoreReader(path: folder.path).rolledUntil("shop") ?? start
        #expect(before < start + 90 * minute)
        // More than the ring has places: nothing of the time before the stop stands any more.
        try run(from: start + 5 * Duration.dayNs, minutes: 300)
        let reader = try StoreReader(path: folder.path)
        let early = Interval(start: start, end: start + 90 * minute)
        let cells = try #require(try reader.verdicts("shop", in: early)?.content.stretches.first).cells
        #expect(cells == [VerdictCell](repeating: VerdictCell(verdict: .up), count: 90))
        let hours = try #require(try reader.hours("shop", in: early)?.content.first).hours
        #expect(hours.map(\.up) == [60, 30])
    }

    @Test("of 1,025 outages the oldest goes, and one found again takes its own place")
    func outageRing() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/rings/shop.ring"
        _ = try StoreWriter(path: folder.path).open(spec(), now: begin)
        guard let file = try StoreFile.open(path, .readWrite) else {
            Issue.record("no file")
            return
        }
        let ring = try RingFile(file, check: "shop")
        func record(_ number: Int64, downNs: Int64 = Duration.minuteNs) -> OutageRecord {
            OutageRecord(
                firstSequence: number * 10, lastSequence: number * 10 + 1, start: nil, startEarliest: nil, end: nil,
                endEarliest: nil, cause: .refused, regions: ["local"], downNs: downNs, unknownNs: 0)
        }
        try ring.write((1...1_025).map { record($0) })
        try ring.write([record(700, downNs: 5 * minute)])
        let all = try StoreReader(path: folder.path).outages("shop")?.content
        #expect(all == (2...1_025).map { record($0, downNs: $0 == 700 ? 5 * minute : minute) })
    }

    @Test("of 1,100 outages that were rolled up the newest 1,024 are kept whole, through restarts and new files")
    func manyOutages() throws {
        let folder = try TemporaryFolder()
        // One every 6 minutes, of two slots.
        let outages = (0..<Int64(1_100)).map { number in
            let first = start.seconds / 60 + number * 6 + 3
            let at = start + (number * 6 + 3) * minute
            return OutageRecord(
                firstSequence: first, lastSequence: first + 1, start: at + 7 * Duration.millisecondNs,
                startEarliest: at - minute, end: at + 2 * minute, endEarliest: at + minute, cause: .refused,
                regions: ["local"], downNs: 2 * minute, unknownNs: 0)
        }
        func options() -> StoreWriter.Options {
            .init(isThreaded: false, syncs: false, rules: PlainRules(given: outages))
        }
        let kept = spec(slots: Duration.dayNs, hours: 40 * Duration.dayNs)
        var writer = try StoreWriter(path: folder.path, options: options())
        var ring = try writer.open(kept, now: start)
        let era = writer.eras(ring)[0]
        for index in 0..<Int64(1_100 * 6 + 2 * 1_440) {
            if index == 3_000 {
                try writer.close(at: start + index * minute)
                writer = try StoreWriter(path: folder.path, options: options())
                ring = try writer.open(kept, now: start + index * minute)
            }
            let isDown = index < 6_600 && [3, 4].contains(index % 6)
            try writer.put(
                slot(isDown ? .down : .up), ring: ring, region: 0, slot: era.firstSlot + index, era: era)
            writer.commit(at: start + index * minute)
        }
        let reader = try StoreReader(path: folder.path)
        let reading = try #require(try reader.outages("shop"))
        #expect(reading.content == Array(outages.suffix(1_024)))
        #expect(reading.damagedCount == 0)
        // Other room for the slots is a new file.
        let changed = spec(slots: 2 * Duration.dayNs, hours: 40 * Duration.dayNs)
        _ = try writer.open(changed, now: start + 7 * Duration.dayNs)
        #expect(try reader.outages("shop")?.content == Array(outages.suffix(1_024)))
        try writer.close(at: start + 7 * Duration.dayNs)
        #expect(try reader.verify().faults == [])
    }
}
