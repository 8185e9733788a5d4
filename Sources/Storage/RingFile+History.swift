import Vocabulary

/// Slots or verdicts as they were read, and how many records were not whole.
struct RingHistory {
    let history: History
    let damaged: Int
}

extension RingFile {
    /// The slots that start in `interval`, within `bounds`: those of the file, and over them what `tail` has.
    /// `newest`, `birth`: of file and tail together.
    func history(
        in interval: Interval, newest: Int64?, birth: Instant?, tail: [PendingSlots] = []
    ) throws(StoreError) -> RingHistory {
        let bounds = bounds(newest: newest, birth: birth, capacity: layout.slotCapacity)
        var damaged = 0
        var stretches: [History.Stretch] = []
        for (era, sequences) in self.stretches(of: interval, bounds.shown) {
            let readable = sequences.clamped(to: bounds.readable)
            var slots: [[Slot]] = []
            for index in header.rings(of: era) {
                var reading = try self.slots(ring: index, readable)
                // What is being moved may be torn for a moment, and is whole in the journal.
                damaged += reading.damaged.count { tail.isEmpty || tail[index].slot(at: $0) == nil }
                if !tail.isEmpty {
                    for entry in tail[index].entries(in: readable) {
                        if let newest, entry.sequence <= newest - layout.slotCapacity,
                            try isTaken(ring: index, entry.sequence, tail[index])
                        {
                            continue
                        }
                        reading.slots[Int(entry.sequence - readable.lowerBound)] = entry.slot
                    }
                }
                slots.append(padded(reading.slots, from: readable, to: sequences, with: .unwritten))
            }
            stretches.append(
                History.Stretch(era: era, firstSlot: era.slot(sequence: sequences.lowerBound), slots: slots))
        }
        return RingHistory(
            history: History(check: header.check, birth: birth, stretches: stretches), damaged: damaged)
    }

    /// True when a later lap has the place of a slot, in the file or in what waits for it.
    func isTaken(ring: Int, _ sequence: Int64, _ waiting: PendingSlots) throws(StoreError) -> Bool {
        let capacity = layout.slotCapacity
        for later in stride(from: sequence + capacity, through: waiting.newest ?? sequence, by: Int(capacity))
        where waiting.slot(at: later) != nil { return true }
        return try holdsLaterLap(ring: ring, sequence: sequence)
    }

    /// The voted verdicts of the slots that start in `interval`, within the same bounds.
    func verdictHistory(
        in interval: Interval, newest: Int64?, birth: Instant?
    ) throws(StoreError) -> RingHistory {
        let bounds = bounds(newest: newest, birth: birth, capacity: layout.blockCapacity * VerdictBlock.slotCount)
        var damaged = 0
        var stretches: [History.Stretch] = []
        for (era, sequences) in self.stretches(of: interval, bounds.shown) {
            let readable = sequences.clamped(to: bounds.readable)
            let (cells, damagedBlocks) = try verdicts(readable)
            damaged += damagedBlocks
            stretches.append(
                History.Stretch(
                    era: era, firstSlot: era.slot(sequence: sequences.lowerBound),
                    verdicts: padded(cells, from: readable, to: sequences, with: .unwritten)))
        }
        return RingHistory(
            history: History(check: header.check, birth: birth, stretches: stretches), damaged: damaged)
    }

    /// `readable`: sequence numbers that may stand in the ring. `shown`: those of the newest `capacity` and, so that
    /// what was lost counts as unknown, everything since the birth.
    private func bounds(
        newest: Int64?, birth: Instant?, capacity: Int64
    ) -> (readable: Range<Int64>, shown: Range<Int64>) {
        guard let newest else { return (0..<0, 0..<0) }
        let oldest = max(header.oldestSequence, newest - capacity + 1, 0)
        // Past the newest one that is whole: a damaged one may stand there, and is to be counted.
        // Before the oldest, too: each place says itself which lap it holds, and a clock that was once far ahead must
        // not hide what is right.
        let known = max(header.newestKnown ?? newest, newest - layout.newestSlack)
        let readable = header.oldestSequence..<max(header.oldestSequence, known + layout.newestSlack + 1, newest + 1)
        guard let birth else { return (readable, oldest..<max(oldest, newest + capacity)) }
        let era = header.eras[header.eraIndex(at: birth)]
        let first = max(min(oldest, era.sequence(slot: era.grid.slot(at: birth))), header.oldestSequence)
        return (readable, first..<max(first, newest + capacity))
    }

    private func padded<Element>(
        _ elements: [Element], from inner: Range<Int64>, to outer: Range<Int64>, with blank: Element
    ) -> [Element] {
        if inner == outer { return elements }
        let before = inner.isEmpty ? outer.count : Int(inner.lowerBound - outer.lowerBound)
        let after = outer.count - before - inner.count
        return Array(repeating: blank, count: before) + elements + Array(repeating: blank, count: after)
    }

    /// For each era the sequence numbers within `bounds` of its slots that start in `interval`; none is empty.
    private func stretches(of interval: Interval, _ bounds: Range<Int64>) -> [(era: Era, sequences: Range<Int64>)] {
        header.eras.indices.compactMap { index in
            let era = header.eras[index]
            let slots = era.grid.slots(in: interval)
            let sequences = (era.sequence(slot: slots.lowerBound)..<era.sequence(slot: slots.upperBound))
                .clamped(to: header.sequences(era: index)).clamped(to: bounds)
            return sequences.isEmpty ? nil : (era, sequences)
        }
    }
}
