import Foundation
import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Faults")
struct FaultTests {
    /// A store with one check and an hour of slots, rolled up and closed.
    private func store(_ count: Int64 = 60) throws -> (folder: TemporaryFolder, path: String, file: String) {
        let folder = try TemporaryFolder()
        let path = folder.path + "/store"
        let writer = try StoreWriter(path: path, options: .init(rules: PlainRules()))
        let ring = try writer.open(spec(), now: begin)
        for index in 0..<count {
            try writer.put(slot(total: UInt32(index + 1)), ring, at: begin + index * Duration.minuteNs)
        }
        // Late enough for the day's roll-up.
        try writer.close(at: begin + 26 * Duration.hourNs)
        return (folder, path, path + "/rings/shop.ring")
    }

    private func bytes(_ file: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: file))) }
    private func write(_ bytes: [UInt8], _ file: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }

    private func put(_ byte: UInt8, _ offset: Int, _ file: String) throws {
        try StoreFile.open(file, .readWrite)?.write([byte], at: Int64(offset))
    }

    private let hour = Interval(start: begin, end: begin + Duration.hourNs)

    @Test("a second writer is refused at once with the first's process id, and may write after it")
    func secondWriter() throws {
        let folder = try TemporaryFolder()
        let first = try StoreWriter(path: folder.path)
        let error = #expect(throws: StoreError.self) { _ = try StoreWriter(path: folder.path) }
        let text = "\(folder.path): the process \(getpid()) writes this store; stop it first, or use another store"
        #expect(error?.description == text)
        try first.close()
        _ = try StoreWriter(path: folder.path)
    }

    @Test("folders and files are open to their owner alone")
    func modes() throws {
        let (folder, path, file) = try store()
        for (name, mode) in [(path, 0o700), (path + "/rings", 0o700), (path + "/lock", 0o600), (file, 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: name)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
        }
        _ = folder
    }

    @Test("there is no store to read where none was made")
    func noStore() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: StoreError.self) { _ = try StoreReader(path: folder.path + "/none") }
        #expect(error?.description == "\(folder.path)/none: no store here yet; `sonde run` makes one")
    }

    @Test("a file that is no ring of this version and check is refused in a sentence, by both sides, and left as it is")
    func refused() throws {
        let original = try store()
        let sound = try bytes(original.file)
        let away = "move it away, and the next start makes a new one"
        var version = sound
        version[8] = 7
        version[RingHeader.copyBytes + 8] = 7
        var damaged = sound
        damaged[100] ^= 1
        damaged[RingHeader.copyBytes + 100] ^= 1
        var other = RingHeader(spec: spec("api"), now: begin).bytes
        other += [UInt8](repeating: 0, count: RingHeader.copyBytes - other.count)
        let rows: [(name: String, content: [UInt8], text: String)] = [
            ("text", Array(String(repeating: "hello ", count: 40_000).utf8), "not a ring file; \(away)"),
            ("zeros", [UInt8](repeating: 0, count: 100_000), "not a ring file; \(away)"),
            (
                "another version", version,
                "written in format 7, and this version reads format 2; use the version that wrote it"
            ),
            ("another check", other, "holds the check \"api\", not \"shop\"; move it back to its own name"),
            (
                "both headers damaged", damaged,
                "neither copy of its header is whole (\(sound.count) bytes are there); \(away)"
            ),
            ("empty", [], "neither copy of its header is whole (0 bytes are there); \(away)"),
            (
                "cut in the header", Array(sound[..<90]),
                "neither copy of its header is whole (90 bytes are there); \(away)"
            ),
        ]
        for row in rows {
            let (folder, path, file) = try store()
            try write(row.content, file)
            let writing = #expect(throws: StoreError.self) { _ = try StoreWriter(path: path).open(spec(), now: begin) }
            #expect(writing?.description == "\(file): \(row.text)", "\(row.name)")
            let reading = #expect(throws: StoreError.self) { _ = try StoreReader(path: path).history("shop", in: hour) }
            #expect(reading == writing, "\(row.name)")
            #expect(try bytes(file) == row.content, "\(row.name)")
            _ = folder
        }
    }

    @Test("a store that stands where a file is, or is not a folder of ours, is refused")
    func notAFolder() throws {
        let folder = try TemporaryFolder()
        let file = try folder.file("store", "text")
        #expect(throws: StoreError.self) { _ = try StoreWriter(path: file) }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "text")
    }

    @Test("one damaged header copy leaves the other")
    func oneHeader() throws {
        for copy in 0...1 {
            let (folder, path, file) = try store()
            var content = try bytes(file)
            content[copy * RingHeader.copyBytes + 40] ^= 4
            try write(content, file)
            #expect(try StoreReader(path: path).facts("shop", from: begin, to: begin + Duration.hourNs).count == 60)
            _ = folder
        }
    }

    @Test("a torn header write leaves the header of the last sync")
    func tornHeader() throws {
        let (folder, path, file) = try store()
        let before = try bytes(file)
        var writer: StoreWriter? = try StoreWriter(path: path)
        let ring = try #require(try writer?.open(spec(vote: .all), now: begin + Duration.dayNs))
        #expect(writer?.eras(ring).count == 2)
        writer = nil
        let after = try bytes(file)
        for copy in 0...1 {
            // The write of this copy ended after its first 128 bytes.
            let half = copy * RingHeader.copyBytes..<copy * RingHeader.copyBytes + 128
            var torn = before
            torn.replaceSubrange(half, with: after[half])
            try write(torn, file)
            let reader = try StoreReader(path: path)
            #expect(try reader.eras("shop")?.count == 1)
            #expect(try reader.facts("shop", from: begin, to: hour.end).map(\.totalUs) == Array(1...60))
        }
        _ = folder
    }

    @Test("a file cut short opens with what is whole and says what is missing")
    func cutShort() throws {
        let (folder, path, file) = try store()
        let layout = RingLayout(periodNs: Duration.minuteNs, retention: spec().retention, regionCount: 1)
        let place = (begin.seconds / 60) % layout.slotCapacity
        let keptPlaces = place + 10
        try write(Array(try bytes(file)[..<Int(layout.slotsOffset + keptPlaces * 16 + 7)]), file)
        let reader = try StoreReader(path: path)
        let text =
            "\(file): cut short at byte \(layout.slotsOffset + keptPlaces * 16 + 7) of \(layout.fileBytes); "
            + "places lost, now unknown: \(3072 - keptPlaces) of 3072 slots of \"local\", "
            + "256 of 256 hours of \"local\", "
            + "192 of 192 verdict blocks, 1024 of 1024 outages"
        let read = try #require(try reader.history("shop", in: hour))
        #expect(read.notes == [text] && read.damagedCount == 0)
        let expected = Array(1...10) + [UInt32](repeating: 0, count: 50)
        #expect(try reader.facts("shop", from: begin, to: begin + Duration.hourNs).map(\.totalUs) == expected)
        let verdicts = try #require(try reader.verdicts("shop", in: hour)).content.stretches.flatMap(\.cells)
        #expect(verdicts == [VerdictCell](repeating: .unwritten, count: 60))

        let writer = try StoreWriter(path: path)
        let ring = try writer.open(spec(), now: begin)
        #expect(writer.notes == [text])
        try writer.put(slot(total: 7), ring, at: begin + 30 * Duration.minuteNs)
        try writer.sync()
        #expect(try bytes(file).count == Int(layout.fileBytes))
        #expect(try reader.history("shop", in: hour)?.notes == [])
        // The header knows of it, though the slot itself is lost.
        #expect(try reader.newestSlot("shop") == begin + 59 * Duration.minuteNs)
        _ = folder
    }

    @Test("a flipped bit costs its own record and no other")
    func flippedBits() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let (folder, path, file) = try store()
        let sound = try bytes(file)
        let layout = RingLayout(periodNs: Duration.minuteNs, retention: spec().retention, regionCount: 1)
        let place = (begin.seconds / 60) % layout.slotCapacity
        let reader = try StoreReader(path: path)
        for _ in 0..<200 {
            let index = Int64(random.next() % 60)
            let at = Int(layout.slotsOffset + (place + index) % layout.slotCapacity * 16) + Int(random.next() % 16)
            try put(sound[at] ^ 1 << UInt8(random.next() % 8), at, file)
            let read = try #require(try reader.history("shop", in: hour))
            let expected = (0..<60).map { $0 == index ? 0 : UInt32($0 + 1) }
            #expect(read.content.stretches[0].slots[0].map(\.totalUs) == expected, "seed \(seed)")
            // One whose lap was hit may once in 65,536 times pass for whole in another lap; it is not shown either.
            #expect(read.damagedCount == 1 || at % 16 == 2, "seed \(seed)")
            try put(sound[at], at, file)
        }
        let block = Int(layout.verdictsOffset + (begin.seconds / 60 / 112) % layout.blockCapacity * 64)
        for byte in 0..<64 {
            try put(sound[block + byte] ^ 0x10, block + byte, file)
            let read = try #require(try reader.verdicts("shop", in: hour))
            #expect(read.damagedCount == 1)
            try put(sound[block + byte], block + byte, file)
        }
        _ = folder
    }

    @Test("every length a file can be cut to opens or is refused in words, and never shows what was not stored")
    func everyLength() throws {
        let (folder, path, file) = try store()
        let sound = try bytes(file)
        let used = RingHeader(spec: spec(), now: begin).bytes.count
        let layout = RingLayout(periodNs: Duration.minuteNs, retention: spec().retention, regionCount: 1)
        let lengths =
            Array(0...(used + 1)) + Array(stride(from: used + 2, to: sound.count, by: 1021)) + [
                Int(layout.slotsOffset), Int(layout.verdictsOffset), Int(layout.outagesOffset), sound.count - 1,
            ]
        for length in lengths.sorted(by: >) {
            try StoreFile.open(file, .readWrite)?.truncate(bytes: Int64(length))
            do {
                let read = try #require(try StoreReader(path: path).history("shop", in: hour))
                let seen = read.content.stretches.first?.slots[0].map(\.totalUs) ?? []
                let isRight = seen.enumerated().allSatisfy { $0.element == 0 || $0.element == UInt32($0.offset + 1) }
                #expect(isRight && length >= used && read.notes.count == 1, "cut to \(length)")
            } catch StoreError.headerLost(file, Int64(length)) {
                #expect(length < used, "cut to \(length)")
            }
        }
        _ = folder
    }

    @Test("a header made up of anything, its checksum right, is read or refused and never crashes")
    func inventedHeaders() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let (folder, path, file) = try store()
        let sound = try bytes(file)
        let used = RingHeader(spec: spec(), now: begin).bytes.count
        var (accepted, refused) = (0, 0)
        let far = Interval(start: begin - 9 * Duration.dayNs, end: begin + 9 * Duration.dayNs)
        for _ in 0..<300 {
            var header = Array(sound[..<used])
            for _ in 0...Int(random.next() % 3) {
                let offset = 16 + Int(random.next() % UInt64(used - 24))
                let value = [0, 1, 0xff, 0x7f, 0x80, UInt8(truncatingIfNeeded: random.next())][Int(random.next() % 6)]
                for index in offset...(offset + Int(random.next() % 4)) { header[index] = value }
            }
            let checksum = header[..<(used - 4)].withUnsafeBytes { CRC32C.checksum($0) }
            header.replaceSubrange((used - 4)..., with: withUnsafeBytes(of: checksum.littleEndian) { Array($0) })
            for copy in 0...1 {
                try StoreFile.open(file, .readWrite)?.write(header, at: Int64(copy * RingHeader.copyBytes))
            }
            do {
                let reader = try StoreReader(path: path)
                for interval in [hour, far] {
                    _ = try reader.history("shop", in: interval)
                    _ = try reader.verdicts("shop", in: interval)
                }
                _ = try reader.newestSlot("shop")
                accepted += 1
            } catch {
                #expect(error.description.contains(path), "seed \(seed)")
                refused += 1
            }
        }
        #expect(accepted > 0 && refused > 0, "seed \(seed)")
        _ = folder
    }

    @Test("an unfinished file of a killed process is cleared away, and the old one stands")
    func unfinished() throws {
        let (folder, path, file) = try store()
        try write([1, 2, 3], file + ".new")
        let writer = try StoreWriter(path: path)
        _ = try writer.open(spec(), now: begin)
        #expect(try StoreFolder.names(in: path + "/rings") == ["shop.ring"])
        #expect(try StoreReader(path: path).facts("shop", from: begin, to: begin + Duration.hourNs).count == 60)
        _ = folder
    }

    @Test("a disk without room is refused before the first probe, and nothing is left behind")
    func noSpace() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        // 9 TB: more than the disk of a test machine has free.
        let regions = (0..<64).map { "r\($0)" }
        let huge = spec(period: Duration.secondNs, regions: regions, slots: 9_000_000_000 * Duration.secondNs)
        let error = #expect(throws: StoreError.self) { _ = try writer.open(huge, now: begin) }
        guard case .noSpace("\(folder.path)/rings/shop.ring", StoreReader.bytes(of: huge), let freeBytes)? = error
        else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            error?.description
                == "\(folder.path)/rings/shop.ring: needs \(StoreReader.bytes(of: huge)) bytes and the disk "
                + "has \(freeBytes) free; make room or keep less history")
        #expect(try StoreFolder.names(in: folder.path + "/rings") == [])
    }

    @Test("more regions than a file holds are refused in a sentence")
    func regionsMax() throws {
        let folder = try TemporaryFolder()
        let writer = try StoreWriter(path: folder.path)
        let many = (0..<64).map { "r\($0)" }
        let ring = try writer.open(spec(regions: many, slots: Duration.hourNs, hours: Duration.hourNs), now: begin)
        let error = #expect(throws: StoreError.self) {
            _ = try writer.open(spec(regions: ["new"], slots: Duration.hourNs, hours: Duration.hourNs), now: begin)
        }
        #expect(
            error?.description
                == "\(folder.path)/rings/shop.ring: would hold 65 regions, and a ring file holds 64 in its "
                + "life; rename the check to begin a new file")
        #expect(writer.eras(ring).count == 1)
    }

    @Test(
        "a failed system call becomes the error whose next move it asks for",
        arguments: [
            (EACCES, "s/lock: not allowed to write it; check its owner and mode, and that the disk is not read-only"),
            (EROFS, "s/lock: not allowed to write it; check its owner and mode, and that the disk is not read-only"),
            (
                EMFILE,
                "s/lock: too many open files; raise the limit (`ulimit -n`) to the number of probes at once and 512 more"
            ),
            (ENOSPC, "s/lock: needs 0 bytes and the disk has 0 free; make room or keep less history"),
            (EIO, "s/lock: cannot write it: Input/output error; check the path and the disk"),
        ])
    func errors(code: Int32, text: String) {
        #expect(StoreError.failed("write", "s/lock", code: code).description == text)
    }

    @Test("a store whose writer has not said its pid yet is refused without one")
    func busyWithoutPid() {
        let text = "s: another process writes this store; stop it first, or use another store"
        #expect(StoreError.busy(path: "s", pid: nil).description == text)
    }
}
