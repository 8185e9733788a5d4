/// Neighbouring places of a ring as they were read, all of one lap: which of them hold what they should.
package enum SlotRun {
    /// Blanks the slots of other laps, and gives the indices of those that are written but not whole, as they are:
    /// the caller may have read them while they were written. `firstSequence`: the sequence number of the first
    /// slot in a ring of `capacity` slots. O(slots.count); allocates only when slots are not whole.
    package static func verify(
        _ slots: UnsafeMutableBufferPointer<Slot>, firstSequence: Int64, capacity: Int64
    ) -> [Int] {
        let lap = UInt64(truncatingIfNeeded: firstSequence / capacity) & 63
        var spread = UInt64(truncatingIfNeeded: firstSequence) &* Slot.sequenceFactor
        var suspects: [Int] = []
        for index in slots.indices {
            let slot = slots[index]
            let expected = Slot.checksum(slot.word0, slot.word1, spread: spread) | lap << 16
            spread &+= Slot.sequenceFactor
            if (slot.word0 ^ expected) & 0x3f_ffff == 0 { continue }
            switch state(slot, sequence: firstSequence + Int64(index), capacity: capacity) {
            case .whole, .unwritten: continue
            case .otherLap: slots[index] = .unwritten
            case .damaged: suspects.append(index)
            }
        }
        return suspects
    }

    package enum State: Hashable, Sendable {
        case whole
        case unwritten
        /// Whole, and written in an earlier or a later lap of the ring.
        case otherLap
        case damaged
    }

    /// What the place of `sequence` says when it holds `slot`.
    package static func state(_ slot: Slot, sequence: Int64, capacity: Int64) -> State {
        guard slot.isWritten else { return .unwritten }
        // The lap has six bits: the nearest lap that has them.
        let lap = UInt8(truncatingIfNeeded: sequence / capacity) & 63
        let ahead = Int64(Int8(bitPattern: (slot.lap &- lap) << 2) >> 2)
        guard slot.isWhole(sequence: sequence &+ ahead &* capacity) else { return .damaged }
        return ahead == 0 ? .whole : .otherLap
    }
}
