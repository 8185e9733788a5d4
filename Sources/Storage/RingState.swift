import Vocabulary

/// What the writer knows of one ring: its header, what waits for it, and what of it is on the disk.
final class RingState {
    let check: String
    /// As it stands in the file, or will with the pass under way.
    var header: RingHeader { didSet { present = Present(header) } }
    private(set) var present: Present
    /// As it is surely on the disk, and in which copy; a pass that fails goes back to it.
    var safeHeader: RingHeader
    var safeCopy: Int
    /// Which copy holds `header`.
    var copy: Int
    /// The header was read from a file that a killed process may have left unsynced.
    var isSettled: Bool
    /// The other copy of the header misses something that cannot be found again: it is to follow with the next pass.
    var needsFollowing = false
    /// By ring of the header.
    var series: [Series]
    /// Sequence number of the newest slot that holds a sample, in the file or waiting.
    var newest: Int64?
    /// The same, of what was written into the file.
    var newestInFile: Int64?
    var birth: Instant?
    /// Its sequence number: most slots are compared with it and no more.
    private var birthSequence: Int64?

    /// What nearly every slot that is put needs of the header: a header is large, and copying it costs more than a
    /// slot.
    struct Present {
        let era: Era
        private let from: Instant
        private let firstSequence: Int64
        private let firstSlot: Int64
        let oldestSequence: Int64
        let slotCapacity: Int64
        /// The place in the file of each region of the era.
        let rings: [Int]

        init(_ header: RingHeader) {
            era = header.eras[header.eras.count - 1]
            from = era.from
            firstSequence = era.firstSequence
            firstSlot = era.firstSlot
            oldestSequence = header.oldestSequence
            slotCapacity = header.layout.slotCapacity
            rings = header.rings(of: era)
        }

        /// nil for a slot of another era, or before this one.
        @inline(__always)
        func sequence(_ slot: Int64, era: Era) -> Int64? {
            guard era.firstSequence == firstSequence, era.from.nanoseconds == from.nanoseconds, slot >= firstSlot
            else { return nil }
            return firstSequence + (slot - firstSlot)
        }
    }

    struct Series {
        let region: String
        /// Came since the last pass began; and what that pass writes, until it is on the disk.
        var fresh = PendingSlots()
        var moving = PendingSlots()
        var place = JournalWriter.Place()
    }

    init(_ ring: RingFile, isSettled: Bool) throws(StoreError) {
        check = ring.header.check
        header = ring.header
        present = Present(ring.header)
        safeHeader = ring.header
        safeCopy = ring.copy
        copy = ring.copy
        self.isSettled = isSettled
        series = ring.header.regions.map { Series(region: $0) }
        newestInFile = try ring.newestSequence()
        newest = newestInFile
        birth = ring.header.birth
        birthSequence = birth.map { birth in
            let era = ring.header.eras[ring.header.eraIndex(at: birth)]
            return era.sequence(slot: era.grid.slot(at: birth))
        }
    }

    /// Takes slots that a reading of the journal brought; those of regions that the file does not have are dropped.
    func adopt(_ slots: PendingSlots, region: String) {
        guard let place = series.firstIndex(where: { $0.region == region }) else { return }
        let slots = slots.reckonable(by: header)
        for entry in slots.entries where entry.sequence >= header.oldestSequence {
            note(entry.slot, at: entry.sequence)
            series[place].fresh.put(entry.slot, at: entry.sequence)
        }
    }

    /// A slot that is about to be stored: the birth and the newest slot may move.
    func note(_ slot: Slot, at sequence: Int64) {
        newest = max(newest ?? sequence, sequence)
        guard slot.verdict.isKnown, sequence < birthSequence ?? .max else { return }
        birthSequence = sequence
        birth = header.start(sequence: sequence)
    }

    /// The slot that waits for its ring; nil when none does.
    func waiting(ring: Int, at sequence: Int64) -> Slot? {
        series[ring].fresh.slot(at: sequence) ?? series[ring].moving.slot(at: sequence)
    }

    var isWaiting: Bool { series.contains { !$0.fresh.isEmpty || !$0.moving.isEmpty } }
    var waitingCount: Int { series.reduce(0) { $0 + $1.fresh.count + $1.moving.count } }

    /// Everything that waits is to be written with this pass.
    func gather() {
        for index in series.indices where !series[index].fresh.isEmpty {
            series[index].moving.add(series[index].fresh)
            series[index].fresh = PendingSlots()
        }
    }

    /// The pass is on the disk.
    func settle() {
        for index in series.indices { series[index].moving = PendingSlots() }
        safeHeader = header
        safeCopy = copy
        isSettled = true
    }

    /// The pass may have left anything: the next one writes all of it again.
    func unsettle() {
        var header = safeHeader
        header.generation = self.header.generation
        self.header = header
        copy = safeCopy
        needsFollowing = true
    }
}
