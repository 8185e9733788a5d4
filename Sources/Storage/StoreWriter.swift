// In: slots with their check, region, era and slot number, as the core loop judged them.
// Out: a journal and ring files of a fixed size that any process can read at any time; slots and eras read back.
// Must never: interpret what it stores, decide which of two samples stands, or read a clock.
import Glibc
import Vocabulary

/// Which ring file of a writer.
package struct RingID: Hashable, Sendable {
    let index: Int
}

/// The one process that writes a store. Owned by one thread.
///
/// What was put is in the journal when `commit` returns, so nothing is lost with the process; on the disk within a
/// second, and in its ring within an hour. Faults of the disk are never thrown by `put` and `commit`: samples wait in
/// memory, `fault` tells, and writing goes on by itself.
package final class StoreWriter {
    /// Samples that wait in memory, at most, while neither journal nor rings take them: 44 MB. More are lost, and
    /// counted.
    package static let waitingSamplesMax = 1_000_000
    /// Ring files held open: of more, all are closed.
    static let openRingsMax = 256
    /// Looks at the lock, 50 ms apart, before another process counts as writing.
    private static let lockTries = 4

    package let path: String
    package let options: Options
    /// What was found missing at open, in sentences.
    package internal(set) var notes: [String] = []
    /// Why samples wait; nil while all is well.
    package var fault: StoreError? { journalFault ?? ringFault }
    var journalFault: StoreError?
    var ringFault: StoreError?
    /// Tries to write that have failed since all was well.
    package internal(set) var failedTries = 0
    /// Samples that could not even wait.
    package internal(set) var lostCount = 0
    /// Samples put since the journal stopped taking them.
    package internal(set) var waitingCount = 0

    private var lockFile: StoreFile?
    var rings: [RingState] = []
    private var ids: [String: RingID] = [:]
    /// What an earlier process left in the journal, by check, until its ring is opened or the first pass.
    var left: [String: [JournalTail.Series]] = [:]
    var journal: JournalWriter
    /// The journal failed, and what waits is to be written into a new segment.
    var isJournalBroken = false
    /// The new segment is written, and not yet surely on the disk.
    var isJournalOnTrial = false
    /// The last pass failed as a whole: the next one comes soon.
    var hasPassFailed = false
    /// Rings that the last pass could not write.
    var failedRings: [Int] = []
    /// Segments before this one may go with the next sync of the journal, or with the one under way.
    var cutWanted: UInt64?
    var cutUnderWay: UInt64?
    var nextTry: Instant?
    var lastSync: Instant?
    var lastPass: Instant?
    /// The last one over all rings.
    var lastWholePass: Instant?
    var pass: MovePass?
    let journalSync: SyncThread
    let ringSync: SyncThread
    private var openRings: [Int: RingFile] = [:]

    package struct Options: Sendable {
        /// false: slots go from memory into the rings, and a killed process loses them. For an import, which can be
        /// begun again.
        package var journals = true
        /// false: syncs are waited for, so that tests know when they happen.
        package var isThreaded = true
        /// false: the disk is never waited for. For virtual time, where years pass in a minute.
        package var syncs = true
        /// Samples that wait, at most, while nothing can be written.
        package var waitingMax = StoreWriter.waitingSamplesMax
        package var rules: (any RollUpRules)?
        package var watch: (any StoreWatch)?

        package init(
            journals: Bool = true, isThreaded: Bool = true, syncs: Bool = true,
            waitingMax: Int = StoreWriter.waitingSamplesMax, rules: (any RollUpRules)? = nil,
            watch: (any StoreWatch)? = nil
        ) {
            self.waitingMax = waitingMax
            self.journals = journals
            self.isThreaded = isThreaded
            self.syncs = syncs
            self.rules = rules
            self.watch = watch
        }
    }

    /// Makes the folders where they are missing, and takes up what an earlier process left in the journal. Throws
    /// `busy` at once when another process writes the store.
    package init(path: String, options: Options = Options()) throws(StoreError) {
        try StoreFolder.make(path)
        try StoreFolder.make(StorePath.rings(path))
        try StoreFolder.make(StorePath.journal(path))
        lockFile = try StoreWriter.locked(path, watch: options.watch)
        self.path = path
        self.options = options
        for name in try StoreFolder.names(in: StorePath.rings(path)) ?? []
        where name.hasSuffix(RingFile.unfinishedSuffix) {
            try StoreFolder.remove("\(StorePath.rings(path))/\(name)", watch: options.watch)
        }
        let tail = try JournalTail.read(store: path, checks: nil)
        var bytes: Int64 = 0
        for number in tail.segments {
            bytes += try StoreFile.open(StorePath.segment(number, in: path), .read)?.size() ?? 0
        }
        journal = JournalWriter(store: path, older: tail.segments, olderBytes: bytes, watch: options.watch)
        journalSync = SyncThread(name: "journal", isThreaded: options.isThreaded)
        ringSync = SyncThread(name: "rings", isThreaded: options.isThreaded)
        for series in tail.series { left[series.check, default: []].append(series) }
        if tail.damagedCount > 0 {
            notes.append("\(StorePath.journal(path)): \(tail.damagedCount) damaged places; their slots are unknown")
        }
    }

    private static func locked(_ path: String, watch: (any StoreWatch)?) throws(StoreError) -> StoreFile {
        guard let file = try StoreFile.open(StorePath.lock(path), .openOrCreate, watch: watch) else {
            throw .noStore(path: path)
        }
        // Whoever only asks who writes holds the lock for a moment: a second look tells them apart.
        var isOurs = try file.lock()
        for _ in 0..<lockTries where !isOurs {
            poll(nil, 0, 50)
            isOurs = try file.lock()
        }
        guard isOurs else {
            let text = String(decoding: try file.read(count: 20, at: 0), as: UTF8.self)
            throw .busy(path: path, pid: Int(text.prefix { $0.isNumber }))
        }
        // Only for the message of whoever comes second: the lock itself goes with this process.
        try file.truncate(bytes: 0)
        try file.write(Array("\(getpid())\n".utf8), at: 0)
        return file
    }

    /// Opens a check's ring file, or makes it at its full size. When period, vote or regions differ from its last era,
    /// a new one begins at the next slot; when it needs other room, what is whole moves into a new file.
    /// Opening a check again, as after a reload, changes it in place and gives the same id.
    package func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> RingID {
        if let known = ids[spec.check] { return try reopen(known, spec, now: now) }
        try takeFormerName(spec)
        let left = (left[spec.check] ?? []).map {
            JournalTail.Series(check: spec.check, region: spec.presentName(of: $0.region), slots: $0.slots)
        }
        let prepared = try RingFile.prepared(
            path: StorePath.ring(of: spec.check, in: path), spec: spec, now: now, left: left, watch: options.watch)
        notes += prepared.notes
        let state = try RingState(prepared.ring, isSettled: prepared.isSettled)
        for series in left { state.adopt(series.slots, region: series.region) }
        let isRenamed =
            (self.left[spec.check] ?? []).map(\.check) != left.map(\.check)
            || (self.left[spec.check] ?? []).map(\.region) != left.map(\.region)
        self.left[spec.check] = nil
        let id = add(state)
        // Under the new name readers find what waits, and so does the next start.
        if isRenamed, options.journals { try journalise(state, at: now) }
        return id
    }

    /// The file of the check's former name becomes its own, where it has none yet and nobody else has that name.
    private func takeFormerName(_ spec: RingSpec) throws(StoreError) {
        guard let former = spec.formerCheck, former != spec.check, RingSpec.isFileName(former), ids[former] == nil
        else { return }
        let old = StorePath.ring(of: former, in: path)
        let new = StorePath.ring(of: spec.check, in: path)
        let isFirst = try StoreFile.open(new, .read) == nil
        if try StoreFile.open(old, .read) != nil {
            guard isFirst else { return }
            try StoreFolder.rename(old, to: new, watch: options.watch)
        }
        // Also what an earlier start with this name had not moved yet.
        if let slots = left.removeValue(forKey: former) { left[spec.check, default: []] += slots }
    }

    @discardableResult
    func add(_ state: RingState) -> RingID {
        let id = RingID(index: rings.count)
        rings.append(state)
        ids[state.check] = id
        return id
    }

    private func reopen(_ id: RingID, _ spec: RingSpec, now: Instant) throws(StoreError) -> RingID {
        let old = rings[id.index]
        // What waits goes into the file as it is now, so that a new one is made of all there is.
        openRings[id.index] = nil
        let waiting = old.series.map { series in
            var slots = series.moving
            slots.add(series.fresh)
            return JournalTail.Series(
                check: spec.check, region: spec.presentName(of: series.region), slots: slots)
        }
        let prepared = try RingFile.prepared(
            path: StorePath.ring(of: spec.check, in: path), spec: spec, now: now, left: waiting, watch: options.watch)
        notes += prepared.notes
        let state = try RingState(prepared.ring, isSettled: prepared.isSettled || old.isSettled)
        for series in waiting where !series.slots.isEmpty { state.adopt(series.slots, region: series.region) }
        rings[id.index] = state
        ids[spec.check] = id
        return id
    }

    /// Oldest first; the first reaches back before its `from`.
    package func eras(_ ring: RingID) -> [Era] { rings[ring.index].header.eras }

    package func era(_ ring: RingID, at instant: Instant) -> Era {
        let state = rings[ring.index]
        let present = state.present.era
        return instant >= present.from ? present : state.header.eras[state.header.eraIndex(at: instant)]
    }

    package func birth(_ ring: RingID) -> Instant? { rings[ring.index].birth }

    /// The start of the newest slot that holds a sample; nil when none does.
    package func newestSlot(_ ring: RingID) -> Instant? {
        rings[ring.index].newest.map { rings[ring.index].header.start(sequence: $0) }
    }

    /// True when a slot that starts at `instant` is still kept at `now`, and has a place.
    package func keeps(_ ring: RingID, _ instant: Instant, now: Instant) -> Bool {
        let header = rings[ring.index].header
        let era = era(ring, at: instant)
        return instant >= now - header.retention.slotsNs
            && era.sequence(slot: era.grid.slot(at: instant)) >= header.oldestSequence
    }

    /// The slot that holds `instant`; `unwritten` when nothing whole stands there or the region was not asked then.
    package func slot(_ ring: RingID, region: String, at instant: Instant) throws(StoreError) -> Slot {
        let state = rings[ring.index]
        let era = state.header.eras[state.header.eraIndex(at: instant)]
        let sequence = era.sequence(slot: era.grid.slot(at: instant))
        guard era.regions.contains(region), let index = state.header.regions.firstIndex(of: region),
            sequence >= state.header.oldestSequence, let newest = state.newest, sequence <= newest
        else { return .unwritten }
        if let slot = state.waiting(ring: index, at: sequence) { return slot }
        // Most slots are asked for before anything of theirs is stored: nothing this young is in the file.
        guard let newestInFile = state.newestInFile, sequence <= newestInFile else { return .unwritten }
        return try file(of: ring.index).slots(ring: index, sequence..<(sequence + 1)).slots[0]
    }

    /// Stores a slot as it is given, whatever stood there. False, and nothing is stored, when a later lap of the ring
    /// has taken its place, its era was forgotten, or no more can wait.
    /// `region`: index in `era.regions`; `number`: slot in `era.grid`.
    @discardableResult
    package func put(
        _ slot: Slot, ring: RingID, region: Int, slot number: Int64, era: Era
    ) throws(StoreError) -> Bool {
        let state = rings[ring.index]
        let present = state.present.sequence(number, era: era)
        let sequence = present ?? state.header.sequence(number, era: era)
        let place = present == nil ? state.header.ring(era.regions[region]) : state.present.rings[region]
        guard sequence >= state.present.oldestSequence else { return false }
        // Only what is a lap behind can meet a later one; a clock that was once wrong must not lock out what is right.
        if let newest = state.newest, sequence <= newest - state.present.slotCapacity,
            try isTaken(ring.index, place: place, sequence: sequence)
        {
            return false
        }
        if isJournalBroken {
            guard waitingCount < options.waitingMax else {
                lostCount += 1
                return false
            }
            waitingCount += 1
        }
        let facts = slot.facts
        state.note(facts, at: sequence)
        state.series[place].fresh.put(facts, at: sequence)
        if options.journals {
            if !isJournalBroken { write(facts, state, place: place, at: sequence) }
        } else {
            directCount += 1
        }
        return true
    }

    /// Into the journal's batch. `place`: of the series in the file.
    func write(_ slot: Slot, _ state: RingState, place: Int, at sequence: Int64) {
        if !journal.knows(state.series[place].place, at: sequence) {
            let series = state.series[place]
            state.series[place].place = journal.name(
                series.place, at: sequence, check: state.check, region: series.region)
        }
        journal.append(slot, at: sequence, place: state.series[place].place)
    }

    /// Slots put since the last move of a writer without a journal.
    var directCount = 0

    private func isTaken(_ index: Int, place: Int, sequence: Int64) throws(StoreError) -> Bool {
        let series = rings[index].series[place]
        let ring = try file(of: index)
        if try ring.isTaken(ring: place, sequence, series.fresh) { return true }
        return try ring.isTaken(ring: place, sequence, series.moving)
    }

    /// The ring's file, opened when it is not. One that went away is made anew, and what it held is unknown.
    func file(of index: Int) throws(StoreError) -> RingFile {
        if let open = openRings[index] { return open }
        if openRings.count >= StoreWriter.openRingsMax { openRings.removeAll() }
        let state = rings[index]
        let path = StorePath.ring(of: state.check, in: path)
        let ring: RingFile
        if let file = try StoreFile.open(path, .readWrite, watch: options.watch) {
            ring = RingFile(file, header: state.header, copy: state.copy)
        } else {
            notes.append("\(path): was gone and is made anew; what it held is unknown")
            ring = try RingFile.made(path: path, state.header, watch: options.watch) { _ throws(StoreError) in }
        }
        openRings[index] = ring
        return ring
    }

    func closeFiles() { openRings.removeAll() }
    func closeFile(_ index: Int) { openRings[index] = nil }

    /// Lets go of the store as the end of the process would: nothing more is written. For tests.
    package func abandon() {
        rings = []
        ids = [:]
        closeFiles()
        lockFile = nil
    }

    /// Moves everything into the rings, brings it to the disk, and lets another process write. Nothing may be put
    /// afterwards. Throws when something could not be moved: it stays in the journal, or was never stored.
    package func close(at now: Instant? = nil) throws(StoreError) {
        defer {
            rings = []
            ids = [:]
            closeFiles()
            lockFile = nil
        }
        try finish(at: now)
    }
}

/// Where things stand in a store's folder.
enum StorePath {
    static let ringSuffix = ".ring"
    static func lock(_ store: String) -> String { store + "/lock" }
    static func rings(_ store: String) -> String { store + "/rings" }
    static func ring(of check: String, in store: String) -> String { "\(rings(store))/\(check)\(ringSuffix)" }
    static func journal(_ store: String) -> String { store + "/journal" }
    static func segment(_ number: UInt64, in store: String) -> String {
        "\(journal(store))/\(JournalSegment.name(number))"
    }
}
