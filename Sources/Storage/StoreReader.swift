import Vocabulary

/// Reads a store: in any process, at any time, without the writer's help and without a lock.
package struct StoreReader: Sendable {
    package let path: String

    package init(path: String) throws(StoreError) {
        guard try StoreFile.names(in: StorePath.rings(path)) != nil else { throw .noStore(path: path) }
        self.path = path
    }

    /// The checks that have a ring file, by name.
    package func checks() throws(StoreError) -> [String] {
        let names = try StoreFile.names(in: StorePath.rings(path)) ?? []
        return names.filter { $0.hasSuffix(StorePath.ringSuffix) }.map {
            String($0.dropLast(StorePath.ringSuffix.count))
        }
        .filter(RingSpec.isFileName)
    }

    /// What was read, and what of it was not whole.
    package struct Reading<Content: Sendable>: Sendable {
        package let content: Content
        /// Records that were written and fail their checksum now; they count as never written.
        package let damagedCount: Int
        /// What else is missing, in sentences.
        package let notes: [String]
    }

    /// The slots that start in `interval`, from the birth or the oldest kept on, whichever is older; at most one ring's
    /// length beyond the newest, so the caller ends the interval at its own now. nil when the check has no ring file.
    package func history(_ check: String, in interval: Interval) throws(StoreError) -> Reading<History>? {
        guard let ring = try open(check) else { return nil }
        let bounds = try bounds(of: ring, capacity: ring.layout.slotCapacity)
        var damaged = 0
        var stretches: [History.Stretch] = []
        for (era, sequences) in ring.stretches(interval, bounds.shown) {
            let readable = sequences.clamped(to: bounds.readable)
            var slots: [[Slot]] = []
            for index in ring.header.rings(of: era) {
                let reading = try ring.slots(ring: index, readable)
                damaged += reading.damaged
                slots.append(padded(reading.slots, from: readable, to: sequences, with: .unwritten))
            }
            stretches.append(
                History.Stretch(era: era, firstSlot: era.slot(sequence: sequences.lowerBound), slots: slots))
        }
        let history = History(check: check, birth: ring.header.birth, stretches: stretches)
        return Reading(content: history, damagedCount: damaged, notes: try notes(of: ring))
    }

    /// The voted verdicts of the slots that start in `interval`, within the same bounds; kept longer than slots are.
    package func verdicts(_ check: String, in interval: Interval) throws(StoreError) -> Reading<VerdictHistory>? {
        guard let ring = try open(check) else { return nil }
        let bounds = try bounds(of: ring, capacity: ring.layout.blockCapacity * VerdictBlock.slotCount)
        var damaged = 0
        var stretches: [VerdictHistory.Stretch] = []
        for (era, sequences) in ring.stretches(interval, bounds.shown) {
            let readable = sequences.clamped(to: bounds.readable)
            let (cells, damagedBlocks) = try ring.verdicts(readable)
            damaged += damagedBlocks
            stretches.append(
                VerdictHistory.Stretch(
                    era: era, firstSlot: era.slot(sequence: sequences.lowerBound),
                    cells: padded(cells, from: readable, to: sequences, with: .unwritten)))
        }
        let history = VerdictHistory(check: check, birth: ring.header.birth, stretches: stretches)
        return Reading(content: history, damagedCount: damaged, notes: try notes(of: ring))
    }

    /// The start of the newest slot that holds a sample; nil when none does, or the check has no ring file.
    package func newestSlot(_ check: String) throws(StoreError) -> Instant? {
        guard let ring = try open(check), let newest = try ring.newestSequence() else { return nil }
        return ring.header.start(sequence: newest)
    }

    /// The eras of a check, oldest first; nil when it has no ring file.
    package func eras(_ check: String) throws(StoreError) -> [Era]? { try open(check)?.header.eras }

    package func birth(_ check: String) throws(StoreError) -> Instant? { try open(check)?.header.birth }

    /// Bytes that the ring file of `spec` takes from its first moment on.
    package static func bytes(of spec: RingSpec) -> Int64 {
        RingLayout(periodNs: spec.periodNs, retention: spec.retention, regionCount: spec.regions.count).fileBytes
    }

    private func open(_ check: String) throws(StoreError) -> RingFile? {
        guard RingSpec.isFileName(check),
            let file = try StoreFile.open(StorePath.ring(of: check, in: path), .read)
        else { return nil }
        return try RingFile(file, check: check)
    }

    private func notes(of ring: RingFile) throws(StoreError) -> [String] {
        let bytes = try ring.file.size()
        return bytes < ring.layout.fileBytes ? ["\(ring.path): \(ring.missingText(bytes: bytes))"] : []
    }

    /// `readable`: sequence numbers that may stand in the ring. `shown`: those of the newest `capacity` and, so that
    /// what was lost counts as unknown, everything since the birth.
    private func bounds(
        of ring: RingFile, capacity: Int64
    ) throws(StoreError) -> (readable: Range<Int64>, shown: Range<Int64>) {
        let header = ring.header
        guard let known = header.newestKnown, let newest = try ring.newestSequence() else { return (0..<0, 0..<0) }
        let oldest = max(header.oldestSequence, newest - capacity + 1, 0)
        // Past the newest one that is whole: a damaged one may stand there, and is to be counted.
        // Before the oldest, too: each place says itself which lap it holds, and a clock that was once far ahead must
        // not hide what is right.
        let readable = header.oldestSequence..<max(header.oldestSequence, known + ring.layout.newestSlack + 1)
        guard let birth = header.birth else { return (readable, oldest..<max(oldest, newest + capacity)) }
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
}

extension RingFile {
    /// For each era the sequence numbers within `bounds` of its slots that start in `interval`; none is empty.
    fileprivate func stretches(_ interval: Interval, _ bounds: Range<Int64>) -> [(era: Era, sequences: Range<Int64>)] {
        header.eras.indices.compactMap { index in
            let era = header.eras[index]
            let slots = era.grid.slots(in: interval)
            let sequences = (era.sequence(slot: slots.lowerBound)..<era.sequence(slot: slots.upperBound))
                .clamped(to: header.sequences(era: index)).clamped(to: bounds)
            return sequences.isEmpty ? nil : (era, sequences)
        }
    }
}
