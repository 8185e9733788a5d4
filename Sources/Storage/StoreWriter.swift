// In: slots and voted verdicts with their check, region, era and slot number, as the core loop judged them.
// Out: ring files of a fixed size that any process can read at any time; slots, verdicts and eras read back.
// Must never: interpret what it stores, decide which of two samples stands, or read a clock.
import Glibc
import Vocabulary

/// Which ring file of a writer.
package struct RingID: Hashable, Sendable {
    fileprivate let index: Int
}

/// The one process that writes a store. Owned by one thread.
///
/// A slot is in the file when `put` returns, so nothing is lost with the process; on the disk once `sync` returns.
package final class StoreWriter {
    package let path: String
    /// What was found missing at open, in sentences.
    package private(set) var notes: [String] = []
    private var lockFile: StoreFile?
    private var rings: [Ring] = []
    private var ids: [String: RingID] = [:]

    /// Makes the folders where they are missing. Throws `busy` at once when another process writes the store.
    package init(path: String) throws(StoreError) {
        try StoreFile.makeFolder(path)
        try StoreFile.makeFolder(StorePath.rings(path))
        let lockPath = StorePath.lock(path)
        guard let lockFile = try StoreFile.open(lockPath, .openOrCreate) else { throw .noStore(path: path) }
        guard try lockFile.lock() else {
            let text = String(decoding: try lockFile.read(count: 20, at: 0), as: UTF8.self)
            throw .busy(path: path, pid: Int(text.prefix { $0.isNumber }))
        }
        // Only for the message of whoever comes second: the lock itself goes with this process.
        try lockFile.truncate(bytes: 0)
        try lockFile.write(Array("\(getpid())\n".utf8), at: 0)
        self.path = path
        self.lockFile = consume lockFile
        for name in try StoreFile.names(in: StorePath.rings(path)) ?? [] where name.hasSuffix(RingFile.unfinishedSuffix)
        {
            try StoreFile.remove("\(StorePath.rings(path))/\(name)")
        }
    }

    /// Opens a check's ring file, or makes it at its full size. When period, vote or regions differ from its last era,
    /// a new one begins at the next slot; when it needs other room, what is whole moves into a new file.
    /// Opening a check again, as after a reload, changes it in place and gives the same id.
    package func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> RingID {
        if let id = ids[spec.check] { try rings[id.index].file.sync() }
        let prepared = try RingFile.prepared(
            path: StorePath.ring(of: spec.check, in: path), spec: spec, now: now)
        notes += prepared.notes
        let ring = Ring(file: prepared.ring, newest: try prepared.ring.newestSequence())
        if let id = ids[spec.check] {
            rings[id.index] = ring
            return id
        }
        let id = RingID(index: rings.count)
        rings.append(ring)
        ids[spec.check] = id
        return id
    }

    /// Oldest first; the first reaches back before its `from`.
    package func eras(_ ring: RingID) -> [Era] { rings[ring.index].file.header.eras }

    package func era(_ ring: RingID, at instant: Instant) -> Era {
        let header = rings[ring.index].file.header
        return header.eras[header.eraIndex(at: instant)]
    }

    package func birth(_ ring: RingID) -> Instant? { rings[ring.index].file.header.birth }

    /// The start of the newest slot that holds a sample; nil when none does.
    package func newestSlot(_ ring: RingID) -> Instant? {
        guard let newest = rings[ring.index].newest else { return nil }
        return rings[ring.index].file.header.start(sequence: newest)
    }

    /// True when a slot that starts at `instant` is still kept at `now`, and has a place.
    package func keeps(_ ring: RingID, _ instant: Instant, now: Instant) -> Bool {
        let header = rings[ring.index].file.header
        let era = era(ring, at: instant)
        return instant >= now - header.retention.slotsNs
            && era.sequence(slot: era.grid.slot(at: instant)) >= header.oldestSequence
    }

    /// The slot that holds `instant`; `unwritten` when nothing whole stands there or the region was not asked then.
    package func slot(_ ring: RingID, region: String, at instant: Instant) throws(StoreError) -> Slot {
        let file = rings[ring.index].file
        let era = era(ring, at: instant)
        let sequence = era.sequence(slot: era.grid.slot(at: instant))
        guard era.regions.contains(region), let index = file.header.regions.firstIndex(of: region),
            sequence >= file.header.oldestSequence
        else { return .unwritten }
        return try file.slots(ring: index, sequence..<(sequence + 1)).slots[0]
    }

    /// Stores a slot as it is given, whatever stood there. False, and nothing is written, when a later lap of the
    /// ring has taken its place or its era was forgotten.
    /// `region`: index in `era.regions`; `number`: slot in `era.grid`.
    @discardableResult
    package func put(
        _ slot: Slot, ring: RingID, region: Int, slot number: Int64, era: Era
    ) throws(StoreError) -> Bool {
        let file = rings[ring.index].file
        let sequence = file.sequence(number, era: era)
        let place = file.header.ring(era.regions[region])
        guard sequence >= file.header.oldestSequence else { return false }
        // Only what is a lap behind can meet a later one; a clock that was once wrong must not lock out what is right.
        if let newest = rings[ring.index].newest, sequence <= newest - file.layout.slotCapacity,
            try file.holdsLaterLap(ring: place, sequence: sequence)
        {
            return false
        }
        try file.makeKnown(sequence: sequence, start: slot.verdict.isKnown ? era.grid.start(of: number) : nil)
        try file.write(slot, ring: place, sequence: sequence)
        rings[ring.index].newest = max(rings[ring.index].newest ?? sequence, sequence)
        return true
    }

    /// Stores the voted verdict of a slot. False when it is older than what the ring still keeps.
    @discardableResult
    package func putVerdict(
        _ cell: VerdictCell, ring: RingID, slot number: Int64, era: Era
    ) throws(StoreError) -> Bool {
        let file = rings[ring.index].file
        let sequence = file.sequence(number, era: era)
        guard sequence >= file.header.oldestSequence else { return false }
        return try file.write(cell, sequence: sequence)
    }

    /// Everything put before is on the disk when this returns: at most once a second, for all files that changed.
    /// All are tried, whichever fails; the first failure is thrown.
    package func sync() throws(StoreError) {
        var first: StoreError?
        for ring in rings {
            do { try ring.file.sync() } catch { first = first ?? error }
        }
        if let first { throw first }
    }

    /// Syncs, and lets another process write. Nothing may be put afterwards.
    package func close() throws(StoreError) {
        defer {
            rings = []
            ids = [:]
            lockFile = nil
        }
        try sync()
        // Once more, for the headers that the first one let follow.
        try sync()
    }

    private struct Ring {
        let file: RingFile
        /// Sequence number of the newest slot that holds a sample.
        var newest: Int64?
    }
}

/// Where things stand in a store's folder.
enum StorePath {
    static let ringSuffix = ".ring"
    static func lock(_ store: String) -> String { store + "/lock" }
    static func rings(_ store: String) -> String { store + "/rings" }
    static func ring(of check: String, in store: String) -> String { "\(rings(store))/\(check)\(ringSuffix)" }
}
