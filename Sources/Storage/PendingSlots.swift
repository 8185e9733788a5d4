import Vocabulary

/// Slots of one series that are not in its ring yet, oldest first, one for each sequence number.
///
/// An hour of ten thousand series waits in memory, so a slot takes the 16 bytes of its facts and no more: the bits that
/// its place will give, checksum and lap, hold the end of its sequence number until then.
struct PendingSlots: Sendable {
    struct Entry: Hashable, Sendable {
        let sequence: Int64
        /// Without lap and checksum: its place gives them.
        var slot: Slot
    }

    /// Checksum and lap, in a slot's first word.
    private static let placeBits: UInt64 = (1 << 22) - 1
    /// An hour of minutes, and what comes while the rings have their turn: 1 KiB in one piece.
    private static let hourCount = 62

    /// What all sequence numbers of `near` have in common, above the bits that they keep themselves.
    private var block: Int64 = 0
    private var near: [Slot] = []
    /// All of them instead, once they do not lie in one block.
    private var far: [Entry] = []

    var isEmpty: Bool { count == 0 }
    var count: Int { near.count + far.count }
    var newest: Int64? { isEmpty ? nil : sequence(at: count - 1) }
    var entries: [Entry] { (0..<count).map(entry) }

    /// The last one put for a sequence number stands. O(1) for what is newer than all, else O(count).
    mutating func put(_ slot: Slot, at sequence: Int64) {
        // Nearly always it is the newest of its block.
        if let last = near.last, PendingSlots.block(of: sequence) == block,
            sequence > block | Int64(last.word0 & PendingSlots.placeBits)
        {
            near.append(PendingSlots.packed(slot, at: sequence))
        } else {
            putAnywhere(slot, at: sequence)
        }
    }

    private mutating func putAnywhere(_ slot: Slot, at sequence: Int64) {
        if isEmpty {
            block = PendingSlots.block(of: sequence)
            near.reserveCapacity(PendingSlots.hourCount)
        }
        if far.isEmpty, PendingSlots.block(of: sequence) != block {
            far = entries
            near = []
        }
        let index = newest.map { sequence > $0 } ?? true ? count : firstIndex(from: sequence)
        let isThere = index < count && self.sequence(at: index) == sequence
        if far.isEmpty {
            let packed = PendingSlots.packed(slot, at: sequence)
            if isThere { near[index] = packed } else { near.insert(packed, at: index) }
        } else {
            let entry = Entry(sequence: sequence, slot: slot.facts)
            if isThere { far[index] = entry } else { far.insert(entry, at: index) }
        }
    }

    /// nil when none waits for this sequence number.
    func slot(at sequence: Int64) -> Slot? {
        guard let newest, sequence <= newest else { return nil }
        let index = firstIndex(from: sequence)
        return self.sequence(at: index) == sequence ? entry(index).slot : nil
    }

    /// Those in a range of sequence numbers.
    func entries(in sequences: Range<Int64>) -> [Entry] {
        (firstIndex(from: sequences.lowerBound)..<firstIndex(from: sequences.upperBound)).map(entry)
    }

    /// Adds what came later: it stands where both have a slot.
    mutating func add(_ later: PendingSlots) {
        if isEmpty {
            self = later
        } else {
            for index in 0..<later.count {
                let entry = later.entry(index)
                put(entry.slot, at: entry.sequence)
            }
        }
    }

    /// Without those whose sequence numbers a ring cannot reckon with: a record made up by chance or malice.
    func reckonable(by header: RingHeader) -> PendingSlots {
        guard let newest, !header.isReckonable(newest) else { return self }
        var kept = PendingSlots()
        for entry in entries where header.isReckonable(entry.sequence) { kept.put(entry.slot, at: entry.sequence) }
        return kept
    }

    /// Neighbours without a gap, none longer than `max`.
    func runs(max: Int) -> [ArraySlice<Entry>] {
        let entries = entries
        var runs: [ArraySlice<Entry>] = []
        var first = 0
        while first < entries.count {
            var end = first + 1
            while end < entries.count, end - first < max, entries[end].sequence == entries[end - 1].sequence + 1 {
                end += 1
            }
            runs.append(entries[first..<end])
            first = end
        }
        return runs
    }

    private func firstIndex(from sequence: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self.sequence(at: middle) < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func sequence(at index: Int) -> Int64 {
        far.isEmpty ? block | Int64(near[index].word0 & PendingSlots.placeBits) : far[index].sequence
    }

    private func entry(_ index: Int) -> Entry {
        far.isEmpty ? Entry(sequence: sequence(at: index), slot: near[index].facts) : far[index]
    }

    private static func block(of sequence: Int64) -> Int64 { sequence & ~Int64(placeBits) }

    private static func packed(_ slot: Slot, at sequence: Int64) -> Slot {
        let end = UInt64(truncatingIfNeeded: sequence) & placeBits
        return Slot(word0: slot.word0 & ~placeBits | end, word1: slot.word1)
    }
}
