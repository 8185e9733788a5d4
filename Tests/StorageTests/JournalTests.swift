import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Journal")
struct JournalTests {
    private let minute = Duration.minuteNs

    private func segments(_ path: String) throws -> [String] {
        try StoreFolder.names(in: path + "/journal") ?? []
    }

    @Test("what was committed is read by others, survives the end of the process, and moves into the ring at the close")
    func lives() throws {
        let folder = try TemporaryFolder()
        let first = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        let ring = try first.open(spec(), now: begin)
        for index in 0..<3 { try first.put(slot(total: UInt32(index + 1)), ring, at: begin + Int64(index) * minute) }
        let reader = try StoreReader(path: folder.path)
        #expect(try reader.facts("shop", from: begin, to: begin + 3 * minute).map(\.totalUs) == [1, 2, 3])
        #expect(try reader.birth("shop") == begin)
        #expect(try reader.open("shop")?.header.newestKnown == nil)
        first.abandon()

        let second = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        let again = try second.open(spec(), now: begin + 3 * minute)
        #expect(second.newestSlot(again) == begin + 2 * minute && second.birth(again) == begin)
        #expect(try second.slot(again, region: "local", at: begin + minute).totalUs == 2)
        try second.put(slot(total: 4), again, at: begin + 3 * minute)
        try second.close(at: begin + 4 * minute)
        #expect(try segments(folder.path) == [])
        #expect(try reader.facts("shop", from: begin, to: begin + 4 * minute).map(\.totalUs) == [1, 2, 3, 4])
    }

    @Test("once an hour slots move into their rings, a few rings a turn, and the journal is cut", arguments: [3, 300])
    func moves(series: Int) throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        let rings = try (0..<series).map {
            try writer.open(spec("c\($0)", slots: Duration.hourNs, hours: Duration.hourNs), now: begin)
        }
        for tick in 0..<Int64(62) {
            let now = begin + tick * minute
            for ring in rings {
                let era = writer.era(ring, at: now)
                try writer.put(
                    slot(total: UInt32(tick + 1)), ring: ring, region: 0, slot: era.grid.slot(at: now), era: era)
            }
            writer.commit(at: now)
            // The move begins with the 61st tick; turns go on.
            for turn in 1..<30 { writer.commit(at: now + Int64(turn) * Duration.secondNs) }
        }
        #expect(writer.fault == nil)
        #expect(try segments(folder.path).count == 1)
        let tail = try JournalTail.read(store: folder.path, checks: nil)
        #expect(tail.series.count == series && tail.series.allSatisfy { $0.slots.count <= 2 })
        let reader = try StoreReader(path: folder.path)
        for number in [0, series - 1] {
            let totals = try reader.facts("c\(number)", from: begin, to: begin + 62 * minute).map(\.totalUs)
            #expect(totals == (1...62).map { UInt32($0) })
        }
    }

    @Test("a slot of a check that nobody opens again moves too, and that of one without a ring goes")
    func leftBehind() throws {
        let folder = try TemporaryFolder()
        let first = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        for name in ["shop", "gone"] {
            try first.put(slot(total: 7), try first.open(spec(name), now: begin), at: begin)
        }
        first.abandon()
        try StoreFolder.remove(folder.path + "/rings/gone.ring")
        try StoreWriter(path: folder.path, options: .init(isThreaded: false)).close(at: begin)
        #expect(try segments(folder.path) == [])
        let reader = try StoreReader(path: folder.path)
        #expect(try reader.facts("shop", from: begin, to: begin + minute).map(\.totalUs) == [7])
        #expect(try reader.history("gone", in: Interval(start: begin, end: begin + minute)) == nil)
    }

    @Test(
        "while nothing can be written samples wait up to a bound, then are counted as lost, and writing goes on by itself"
    )
    func waits() throws {
        let folder = try TemporaryFolder()
        let disk = FailingDisk()
        let writer = try StoreWriter(
            path: folder.path, options: .init(isThreaded: false, waitingMax: 5, watch: disk))
        let ring = try writer.open(spec(), now: begin)
        try writer.put(slot(total: 1), ring, at: begin)
        disk.fail(with: 28)
        let era = writer.era(ring, at: begin)
        func put(_ index: Int64) throws -> Bool {
            let at = begin + index * minute
            defer { writer.commit(at: at) }
            return try writer.put(
                slot(total: UInt32(index + 1)), ring: ring, region: 0, slot: era.grid.slot(at: at), era: era)
        }
        #expect(try put(1))
        guard case .noSpace? = writer.fault else {
            Issue.record("\(String(describing: writer.fault))")
            return
        }
        for index in 2..<Int64(7) { #expect(try put(index)) }
        #expect(writer.waitingCount == 5 && writer.lostCount == 0)
        #expect(try !put(7))
        #expect(writer.lostCount == 1)
        disk.fail(with: 0)
        for turn in 0..<10 { writer.commit(at: begin + 8 * minute + Int64(turn) * Duration.secondNs) }
        #expect(writer.fault == nil && writer.waitingCount == 0)
        #expect(try put(8))
        writer.abandon()
        let totals = try StoreReader(path: folder.path).facts("shop", from: begin, to: begin + 9 * minute).map(
            \.totalUs)
        #expect(totals == [1, 2, 3, 4, 5, 6, 7, 0, 9])
    }

    @Test("a sync that failed is answered with a new segment, never with another sync of the old one")
    func failedSync() throws {
        let folder = try TemporaryFolder()
        let disk = FailingDisk()
        let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false, watch: disk))
        let ring = try writer.open(spec(), now: begin)
        disk.failSyncs(with: 5)
        let era = writer.era(ring, at: begin)
        try writer.put(slot(total: 1), ring: ring, region: 0, slot: era.grid.slot(at: begin), era: era)
        writer.commit(at: begin)
        writer.commit(at: begin + Duration.secondNs)
        #expect(writer.fault?.description.hasSuffix("Input/output error; check the path and the disk") == true)
        let before = try segments(folder.path)
        disk.failSyncs(with: 0)
        for turn in 1..<20 { writer.commit(at: begin + Int64(turn) * Duration.secondNs) }
        #expect(writer.fault == nil)
        #expect(try Set(segments(folder.path)).isDisjoint(with: before))
        #expect(disk.syncedAgain == [])
        #expect(try StoreReader(path: folder.path).facts("shop", from: begin, to: begin + minute).map(\.totalUs) == [1])
    }

    @Test("a sequence number out of a record's reach is told by a new base")
    func reach() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false))
        let small = spec(period: Duration.secondNs, slots: Duration.hourNs, hours: Duration.hourNs)
        let ring = try writer.open(small, now: begin)
        let far = Int64(1 << 21)
        for seconds in [0, far - 1, far, 3 * far] {
            try writer.put(slot(total: UInt32(seconds % 1_000 + 1)), ring, at: begin + seconds * Duration.secondNs)
        }
        let reader = try StoreReader(path: folder.path)
        for seconds in [0, far - 1, far, 3 * far] {
            let at = begin + seconds * Duration.secondNs
            let totals = try reader.facts("shop", from: at, to: at + Duration.secondNs).map(\.totalUs)
            #expect(totals == [UInt32(seconds % 1_000 + 1)], "\(seconds)")
        }
    }
}

/// A disk that fails as long as it is told to.
final class FailingDisk: StoreWatch, @unchecked Sendable {
    // Proof: used by writers without threads alone.
    private var code: Int32 = 0
    private var syncCode: Int32 = 0
    private var failed = Set<String>()
    /// Files that were synced after a sync of theirs had failed.
    private(set) var syncedAgain: [String] = []

    func fail(with code: Int32) { self.code = code }
    func failSyncs(with code: Int32) { syncCode = code }

    func before(_ call: StoreCall) -> Int32 {
        if case .sync(let path) = call {
            if failed.contains(path) { syncedAgain.append(path) }
            if syncCode != 0 {
                failed.insert(path)
                return syncCode
            }
        }
        return code
    }

    func after(_ call: StoreCall) {}
}
