/// Neighbouring places of a ring as they were read, all of one lap: which of them hold what they should.
package enum SlotRun {
    /// Blanks the slots of other laps, and gives the indices of those that are written but not whole, as they are:
    /// the caller may have read them while they were written. `firstSequence`: the sequence number of the first
    /// slot in a ring of `capacity` slots. O(slots.count); allocates only when slots are not whole.
    package static func verify(
        _ slots: UnsafeMutableBufferPointer<Slot>, firstSequence: Int64, capacity: Int64
    ) -> [Int] {
        var suspects: [Int] = []
        var index = 0
        while true {
            index = nextMismatch(slots, from: index, firstSequence: firstSequence, capacity: capacity)
            guard index < slots.count else { return suspects }
            switch state(slots[index], sequence: firstSequence + Int64(index), capacity: capacity) {
            case .whole, .unwritten: break
            case .otherLap: slots[index] = .unwritten
            case .damaged: suspects.append(index)
            }
            index += 1
            // Gaps are long: a place never written needs no arithmetic.
            while index < slots.count, !slots[index].isWritten { index += 1 }
        }
    }

    /// The index of the first slot from `index` on that is not whole and of this lap; `slots.count` when all are. Four
    /// at a time.
    /// A function of its own, never inlined, so that all it needs stays in registers: it sees every slot that is read.
    @inline(never)
    private static func nextMismatch(
        _ slots: UnsafeMutableBufferPointer<Slot>, from index: Int, firstSequence: Int64, capacity: Int64
    ) -> Int {
        let lap = (UInt64(truncatingIfNeeded: firstSequence / capacity) & 63) << 16
        var spread = UInt64(truncatingIfNeeded: firstSequence + Int64(index)) &* Slot.sequenceFactor
        @inline(__always)
        func differs(_ index: Int, _ ahead: UInt64) -> UInt64 {
            let slot = slots[index]
            let sum = Slot.checksum(slot.word0, slot.word1, spread: spread &+ ahead &* Slot.sequenceFactor)
            return (slot.word0 ^ (sum | lap)) & 0x3f_ffff
        }
        var index = index
        while index &+ 4 <= slots.count {
            let four = differs(index, 0) | differs(index &+ 1, 1) | differs(index &+ 2, 2) | differs(index &+ 3, 3)
            if four != 0 { break }
            spread &+= 4 &* Slot.sequenceFactor
            index &+= 4
        }
        while index < slots.count, differs(index, 0) == 0 {
            spread &+= Slot.sequenceFactor
            index &+= 1
        }
        return index
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
        guard let own = self.sequence(of: slot, near: sequence, capacity: capacity) else { return .damaged }
        return own == sequence ? .whole : .otherLap
    }

    /// The sequence number that a slot was written for, found at the place of `sequence`: of the nearest lap that has
    /// its six bits. nil when it is not whole.
    package static func sequence(of slot: Slot, near sequence: Int64, capacity: Int64) -> Int64? {
        let lap = UInt8(truncatingIfNeeded: sequence / capacity) & 63
        let ahead = Int64(Int8(bitPattern: (slot.lap &- lap) << 2) >> 2)
        let own = sequence &+ ahead &* capacity
        return slot.isWhole(sequence: own) ? own : nil
    }
}
