import Dispatch
import Synchronization
import Vocabulary

/// Neighbouring slots of one region as they stand in a ring file.
struct SlotReading {
    var slots: [Slot]
    /// Sequence numbers of slots that were written and are no longer whole: they are `unwritten` in `slots`.
    var damaged: [Int64]
}

extension RingFile {
    /// A record that fails its checksum is read so often before it counts as damaged: a writer may have been at it.
    static let triesMax = 8

    /// Writes neighbouring slots. The caller has made sure that no later lap stands at their places.
    func write(_ slots: [Slot], ring: Int, firstSequence: Int64) throws(StoreError) {
        let capacity = layout.slotCapacity
        let sealed = slots.enumerated().map { index, slot in
            slot.sealed(sequence: firstSequence + Int64(index), capacity: capacity)
        }
        for piece in pieces(of: firstSequence..<(firstSequence + Int64(slots.count)), capacity: capacity) {
            let first = Int(piece.lowerBound - firstSequence)
            let offset = slotOffset(ring: ring, sequence: piece.lowerBound)
            try sealed.withUnsafeBytes { bytes in
                let part = bytes[
                    (first * Int(RingLayout.slotBytes))..<((first + piece.count) * Int(RingLayout.slotBytes))]
                return pour(UnsafeRawBufferPointer(rebasing: part), at: offset)
            }.get()
        }
    }

    /// The slots of one region's ring, one pass over the bytes as they lie there. A place that stands for two of them
    /// is given to the one that it holds.
    func slots(ring: Int, _ sequences: Range<Int64>) throws(StoreError) -> SlotReading {
        let count = sequences.count
        guard sequences.lowerBound >= 0 else {
            let before = min(count, Int(-sequences.lowerBound))
            var reading = try slots(ring: ring, max(0, sequences.lowerBound)..<max(0, sequences.upperBound))
            reading.slots.insert(contentsOf: repeatElement(.unwritten, count: before), at: 0)
            return reading
        }
        var outcome: Result<[Int64], StoreError> = .success([])
        let slots = [Slot](unsafeUninitializedCapacity: count) { buffer, initialized in
            let wanted = UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            LargePages.ask(for: UnsafeMutableRawBufferPointer(wanted))
            outcome = fillShared(wanted, ring: ring, sequences)
            // On failure the bytes are of no use, but must be something: any bits are a value of Slot, two words.
            if case .failure = outcome { wanted.initialize(repeating: .unwritten) }
            initialized = count
        }
        return SlotReading(slots: slots, damaged: try outcome.get())
    }

    /// From so many slots on, a quarter of a year at one minute, two threads fill a half each.
    private static let sharedLeast = 1 << 17

    private func fillShared(
        _ buffer: UnsafeMutableBufferPointer<Slot>, ring: Int, _ sequences: Range<Int64>
    ) -> Result<[Int64], StoreError> {
        guard sequences.count >= RingFile.sharedLeast else { return fill(buffer, ring: ring, sequences) }
        let middle = sequences.lowerBound + Int64(sequences.count / 2)
        let halves = [sequences.lowerBound..<middle, middle..<sequences.upperBound]
        let outcomes = Mutex([Result<[Int64], StoreError>](repeating: .success([]), count: halves.count))
        // Reading changes nothing of the file's, and the halves of the buffer have no slot in common.
        nonisolated(unsafe) let (file, buffer) = (self, buffer)
        DispatchQueue.concurrentPerform(iterations: halves.count) { number in
            let first = Int(halves[number].lowerBound - sequences.lowerBound)
            let part = UnsafeMutableBufferPointer(rebasing: buffer[first..<(first + halves[number].count)])
            let outcome = file.fill(part, ring: ring, halves[number])
            outcomes.withLock { $0[number] = outcome }
        }
        let (earlier, later) = outcomes.withLock { ($0[0], $0[1]) }
        return earlier.flatMap { damaged in later.map { damaged + $0 } }
    }

    /// Fills all of `buffer` with whole or unwritten slots, and gives the sequence numbers of damaged ones.
    private func fill(
        _ buffer: UnsafeMutableBufferPointer<Slot>, ring: Int, _ sequences: Range<Int64>
    ) -> Result<[Int64], StoreError> {
        var damaged: [Int64] = []
        for piece in pieces(of: sequences, capacity: layout.slotCapacity) {
            let first = Int(piece.lowerBound - sequences.lowerBound)
            let part = UnsafeMutableBufferPointer(rebasing: buffer[first..<(first + piece.count)])
            let bytes = UnsafeMutableRawBufferPointer(part)
            switch file.fill(bytes, at: slotOffset(ring: ring, sequence: piece.lowerBound)) {
            case .failure(let error): return .failure(error)
            case .success(let filled):
                // Half a slot at the end of a file that was cut short.
                let whole = filled / Int(RingLayout.slotBytes) * Int(RingLayout.slotBytes)
                UnsafeMutableRawBufferPointer(rebasing: bytes[whole...]).initializeMemory(as: UInt8.self, repeating: 0)
            }
            for suspect in SlotRun.verify(part, firstSequence: piece.lowerBound, capacity: layout.slotCapacity) {
                let sequence = piece.lowerBound + Int64(suspect)
                switch settled(ring: ring, sequence: sequence) {
                case .failure(let error): return .failure(error)
                case .success(let slot):
                    part[suspect] = slot ?? .unwritten
                    if slot == nil { damaged.append(sequence) }
                }
            }
        }
        return .success(damaged)
    }

    /// True when the place of a slot is taken by one of a later lap.
    func holdsLaterLap(ring: Int, sequence: Int64) throws(StoreError) -> Bool {
        let held = try raw(ring: ring, sequence: sequence).get()
        let own = SlotRun.sequence(of: held, near: sequence, capacity: layout.slotCapacity)
        return held.isWritten && own.map { $0 > sequence } ?? false
    }

    /// The slot at the place of `sequence` as it stands there.
    private func raw(ring: Int, sequence: Int64) -> Result<Slot, StoreError> {
        var words: (UInt64, UInt64) = (0, 0)
        let outcome = withUnsafeMutableBytes(of: &words) {
            file.fill($0, at: slotOffset(ring: ring, sequence: sequence))
        }
        return outcome.map { _ in Slot(word0: UInt64(littleEndian: words.0), word1: UInt64(littleEndian: words.1)) }
    }

    /// Every whole slot of one region's ring with its sequence number, oldest first. `newest`: one near them.
    func allSlots(ring: Int, newest: Int64) throws(StoreError) -> [(sequence: Int64, slot: Slot)] {
        let capacity = layout.slotCapacity
        let bytes = try file.read(
            count: Int(capacity * RingLayout.slotBytes), at: layout.slotsOffset(region: ring))
        var found: [(sequence: Int64, slot: Slot)] = []
        bytes.withUnsafeBytes { bytes in
            for place in 0..<Int64(bytes.count) / RingLayout.slotBytes {
                let offset = Int(place * RingLayout.slotBytes)
                let slot = Slot(
                    word0: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
                    word1: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
                let sequence = place + floorDivide(newest - place, capacity) * capacity
                guard slot.isWritten, let own = SlotRun.sequence(of: slot, near: sequence, capacity: capacity) else {
                    continue
                }
                found.append((own, slot))
            }
        }
        return found.sorted { $0.sequence < $1.sequence }
    }

    /// Reads one slot again until it is whole; nil when it stays damaged.
    private func settled(ring: Int, sequence: Int64) -> Result<Slot?, StoreError> {
        for _ in 0..<RingFile.triesMax {
            let slot: Slot
            switch raw(ring: ring, sequence: sequence) {
            case .failure(let error): return .failure(error)
            case .success(let held): slot = held
            }
            switch SlotRun.state(slot, sequence: sequence, capacity: layout.slotCapacity) {
            case .whole: return .success(slot)
            case .unwritten, .otherLap: return .success(.unwritten)
            // Six bits tell a lap from its neighbours only, and the journal may be many laps ahead of the file.
            case .damaged where ownSequence(of: slot, at: sequence) != nil: return .success(.unwritten)
            case .damaged: continue
            }
        }
        return .success(nil)
    }

    /// The sequence number that a slot found at the place of `sequence` was written for, near those of the file itself;
    /// nil when it is not whole.
    func ownSequence(of slot: Slot, at sequence: Int64) -> Int64? {
        let capacity = layout.slotCapacity
        // A writer that was killed before its first header left slots near the beginning of the newest era.
        let near = header.newestKnown ?? header.eras[header.eras.count - 1].firstSequence
        let place = sequence % capacity
        return SlotRun.sequence(
            of: slot, near: place + floorDivide(near - place, capacity) * capacity, capacity: capacity)
    }

    private func slotOffset(ring: Int, sequence: Int64) -> Int64 {
        layout.slotsOffset(region: ring) + sequence % layout.slotCapacity * RingLayout.slotBytes
    }

    /// The sequence number of the newest slot that holds a sample; nil when none does.
    func newestSequence() throws(StoreError) -> Int64? {
        guard let known = header.newestKnown else { return nil }
        var newest = known
        let end = known + layout.newestSlack
        for ring in header.regions.indices where newest < end {
            newest = try newestWritten(ring: ring, (newest + 1)..<(end + 1)) ?? newest
        }
        return newest
    }

    /// The last of these slots of one region's ring that holds a sample. Looked for from behind, and nothing is
    /// reckoned of places that were never written or hold another lap by their bits: nearly all of them. One that is
    /// half written may be among these; until its ring is synced it stands in the journal as well.
    private func newestWritten(ring: Int, _ sequences: Range<Int64>) throws(StoreError) -> Int64? {
        for piece in pieces(of: sequences, capacity: layout.slotCapacity).reversed() {
            let found = withUnsafeTemporaryAllocation(of: Slot.self, capacity: piece.count) { slots in
                let bytes = UnsafeMutableRawBufferPointer(slots)
                return file.fill(bytes, at: slotOffset(ring: ring, sequence: piece.lowerBound)).flatMap {
                    filled -> Result<Int64?, StoreError> in
                    let count = filled / Int(RingLayout.slotBytes)
                    return lastWritten(in: UnsafeBufferPointer(rebasing: slots[..<count]), ring: ring, piece.lowerBound)
                }
            }
            if let newest = try found.get() { return newest }
        }
        return nil
    }

    /// `slots`: of one lap, as they lie in the file.
    private func lastWritten(
        in slots: UnsafeBufferPointer<Slot>, ring: Int, _ firstSequence: Int64
    ) -> Result<Int64?, StoreError> {
        let lap = UInt8(truncatingIfNeeded: firstSequence / layout.slotCapacity) & 63
        for index in slots.indices.reversed() where slots[index].lap == lap && slots[index].isWritten {
            let sequence = firstSequence + Int64(index)
            if slots[index].isWhole(sequence: sequence) { return .success(sequence) }
            switch settled(ring: ring, sequence: sequence) {
            case .failure(let error): return .failure(error)
            case .success(let slot): if slot?.isWritten == true { return .success(sequence) }
            }
        }
        return .success(nil)
    }
}

/// Cuts a run of sequence numbers where the ring begins again.
func pieces(of sequences: Range<Int64>, capacity: Int64) -> [Range<Int64>] {
    var pieces: [Range<Int64>] = []
    var first = sequences.lowerBound
    while first < sequences.upperBound {
        let end = min(sequences.upperBound, (floorDivide(first, capacity) + 1) * capacity)
        pieces.append(first..<end)
        first = end
    }
    return pieces
}
