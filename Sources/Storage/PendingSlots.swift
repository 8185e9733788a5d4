import Vocabulary

/// Slots of one series that are not in its ring yet, oldest first, one for each sequence number.
struct PendingSlots: Sendable {
    struct Entry: Hashable, Sendable {
        let sequence: Int64
        /// Without lap and checksum: its place gives them.
        var slot: Slot
    }

    private(set) var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    var newest: Int64? { entries.last?.sequence }

    /// The last one put for a sequence number stands. O(1) for what is newer than all, else O(count).
    mutating func put(_ slot: Slot, at sequence: Int64) {
        guard let last = entries.last, sequence <= last.sequence else {
            // An hour of minutes, in one piece.
            if entries.isEmpty { entries.reserveCapacity(64) }
            return entries.append(Entry(sequence: sequence, slot: slot))
        }
        let index = firstIndex(from: sequence)
        if entries[index].sequence == sequence {
            entries[index].slot = slot
        } else {
            entries.insert(Entry(sequence: sequence, slot: slot), at: index)
        }
    }

    /// nil when none waits for this sequence number.
    func slot(at sequence: Int64) -> Slot? {
        guard let last = entries.last, sequence <= last.sequence else { return nil }
        let entry = entries[firstIndex(from: sequence)]
        return entry.sequence == sequence ? entry.slot : nil
    }

    /// Those in a range of sequence numbers.
    func entries(in sequences: Range<Int64>) -> ArraySlice<Entry> {
        entries[firstIndex(from: sequences.lowerBound)..<firstIndex(from: sequences.upperBound)]
    }

    /// Adds what came later: it stands where both have a slot.
    mutating func add(_ later: PendingSlots) {
        if isEmpty {
            entries = later.entries
        } else {
            for entry in later.entries { put(entry.slot, at: entry.sequence) }
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
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
