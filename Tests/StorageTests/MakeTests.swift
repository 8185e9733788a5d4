import Glibc
import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Making many rings")
struct MakeTests {
    private let specs = (0...StoreWriter.filesMadeMax).map {
        spec("check-\($0)", slots: Duration.hourNs, hours: Duration.hourNs)
    }

    @Test("many new rings are brought to the disk in one call, and opened as if each had been made alone")
    func oneCall() throws {
        let folder = try TemporaryFolder()
        let disk = CountingDisk()
        let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false, watch: disk))
        try writer.makeRings(specs, now: begin)
        #expect(disk.syncs == ["syncAll", "syncFolder"])
        for spec in specs {
            let ring = try writer.open(spec, now: begin)
            #expect(writer.eras(ring) == RingHeader(spec: spec, now: begin).eras)
            try writer.put(slot(), ring, at: begin)
        }
        #expect(disk.syncs.count { $0 == "syncAll" } == 1)
        try writer.close(at: begin)
        let reader = try StoreReader(path: folder.path)
        for spec in specs {
            #expect(try reader.facts(spec.check, from: begin, to: begin + Duration.minuteNs) == [slot().facts])
        }
    }

    @Test("a few are left to be made one by one, and one under a former name to be found")
    func few() throws {
        let folder = try TemporaryFolder()
        let disk = CountingDisk()
        let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false, watch: disk))
        try writer.makeRings(Array(specs.dropFirst()), now: begin)
        let renamed = RingSpec(
            check: "new", periodNs: Duration.minuteNs, vote: .majority, regions: ["local"],
            retention: specs[0].retention, formerCheck: "old")
        try writer.makeRings(specs.dropFirst() + [renamed], now: begin)
        #expect(disk.syncs == [])
        #expect(try StoreFolder.names(in: StorePath.rings(folder.path)) == [])
    }

    @Test("whichever call fails, the next start makes them all")
    func faults() throws {
        // The folder opened, each file opened, sized and given two headers; then all synced, each named, the folder synced.
        let count = specs.count
        let written = 1 + 4 * count
        let named = written + 1 + count
        let failing = Array(0...4) + [written - 1, written, written + 1, written + 1 + count / 2, named - 1, named]
        for number in failing + [named + 1] {
            let folder = try TemporaryFolder()
            let disk = CountingDisk()
            let writer = try StoreWriter(path: folder.path, options: .init(isThreaded: false, watch: disk))
            disk.failAfter(number)
            do {
                try writer.makeRings(specs, now: begin)
                #expect(number == named + 1)
            } catch { #expect(failing.contains(number)) }
            writer.abandon()
            let next = try StoreWriter(path: folder.path, options: .init(isThreaded: false, syncs: false))
            try next.makeRings(specs, now: begin)
            for spec in specs { _ = try next.open(spec, now: begin) }
            #expect(next.notes == [])
            let names = try StoreFolder.names(in: StorePath.rings(folder.path))
            #expect(names == specs.map { $0.check + StorePath.ringSuffix }.sorted())
        }
    }
}

/// Counts what waits for the disk, and fails one call when it is told to.
private final class CountingDisk: StoreWatch, @unchecked Sendable {
    // Proof: used by writers without threads alone.
    private(set) var syncs: [String] = []
    private var left = Int.max

    func failAfter(_ calls: Int) { left = calls }

    func before(_ call: StoreCall) -> Int32 {
        switch call {
        case .sync: syncs.append("sync")
        case .syncAll: syncs.append("syncAll")
        case .syncFolder: syncs.append("syncFolder")
        case .open, .write, .resize, .rename, .remove: break
        }
        left -= 1
        return left == -1 ? EIO : 0
    }

    func after(_ call: StoreCall) {}
}
