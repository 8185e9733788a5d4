import Vocabulary

extension RingFile {
    /// Writes the voted verdicts of a history, a run of blocks at a time; where nothing is known nothing changes.
    func writeCells(_ history: RingHistory, _ rules: any RollUpRules) throws(StoreError) {
        for stretch in history.history.stretches {
            let first = stretch.era.sequence(slot: stretch.firstSlot)
            let cells = rules.cells(stretch)
            precondition(cells.count == stretch.count, "each slot has a verdict")
            guard first >= 0, !cells.isEmpty else { continue }
            let numbers =
                VerdictBlock.number(
                    sequence: first)..<(VerdictBlock.number(
                    sequence: first + Int64(cells.count) - 1) + 1)
            for piece in pieces(of: numbers, capacity: layout.blockCapacity) {
                try writeBlocks(piece, cells, first: first)
            }
        }
    }

    /// `numbers`: blocks side by side in the file. A newer block at a place stays.
    private func writeBlocks(_ numbers: Range<Int64>, _ cells: [VerdictCell], first: Int64) throws(StoreError) {
        let offset = blockOffset(number: numbers.lowerBound)
        var bytes = try file.read(count: numbers.count * VerdictBlock.byteCount, at: offset)
        guard bytes.count == numbers.count * VerdictBlock.byteCount else { return }
        for (index, number) in numbers.enumerated() {
            guard let number = UInt32(exactly: number) else { continue }
            let place = (index * VerdictBlock.byteCount)..<((index + 1) * VerdictBlock.byteCount)
            let held = bytes.withUnsafeBytes { VerdictBlock(UnsafeRawBufferPointer(rebasing: $0[place])) }
            if let held, held.number > number { continue }
            var block = held?.number == number ? held ?? VerdictBlock(number: number) : VerdictBlock(number: number)
            let sequences = (Int64(number) * VerdictBlock.slotCount)..<((Int64(number) + 1) * VerdictBlock.slotCount)
            for sequence in sequences.clamped(to: first..<(first + Int64(cells.count))) {
                let cell = cells[Int(sequence - first)]
                if cell.verdict.isKnown { block[sequence] = cell }
            }
            bytes.replaceSubrange(place, with: block.sealed)
        }
        try file.write(bytes, at: offset)
    }

    /// The verdicts of a run of slots, at most as many as the ring has places, and how many blocks were damaged.
    func verdicts(_ sequences: Range<Int64>) throws(StoreError) -> (cells: [VerdictCell], damagedBlocks: Int) {
        precondition(sequences.lowerBound >= 0, "a verdict has a place in the ring")
        var cells: [VerdictCell] = []
        cells.reserveCapacity(sequences.count)
        var damagedBlocks = 0
        guard !sequences.isEmpty else { return (cells, damagedBlocks) }
        let first = VerdictBlock.number(sequence: sequences.lowerBound)
        let last = VerdictBlock.number(sequence: sequences.upperBound - 1)
        for piece in pieces(of: first..<(last + 1), capacity: layout.blockCapacity) {
            let bytes = try file.read(
                count: piece.count * VerdictBlock.byteCount, at: blockOffset(number: piece.lowerBound))
            for (index, number) in piece.enumerated() {
                let places = (number * VerdictBlock.slotCount)..<((number + 1) * VerdictBlock.slotCount)
                let wanted = places.clamped(to: sequences)
                let inBlock = Int(wanted.lowerBound - places.lowerBound)..<Int(wanted.upperBound - places.lowerBound)
                if VerdictBlock.append(bytes, index, number: number, inBlock, to: &cells) { continue }
                let record = bytes.dropFirst(index * VerdictBlock.byteCount).prefix(VerdictBlock.byteCount)
                let block = try settled(Array(record), number: number)
                if block == nil { damagedBlocks += 1 }
                for place in wanted { cells.append(block?[place] ?? .unwritten) }
            }
        }
        return (cells, damagedBlocks)
    }

    /// The block in `record`, read again until it is whole: a writer may have been at it. An empty one when it was
    /// never written or belongs to another lap; nil when it stays damaged.
    private func settled(_ record: [UInt8], number: Int64) throws(StoreError) -> VerdictBlock? {
        var record = record
        for _ in 0..<RingFile.triesMax {
            // The end of a file that was cut short, or a place never written.
            if record.count < VerdictBlock.byteCount || record.allSatisfy({ $0 == 0 }) { break }
            if let block = record.withUnsafeBytes({ VerdictBlock($0) }) {
                return Int64(block.number) == number ? block : VerdictBlock(number: UInt32(truncatingIfNeeded: number))
            }
            record = try file.read(count: VerdictBlock.byteCount, at: blockOffset(number: number))
        }
        let isDamaged = record.count == VerdictBlock.byteCount && record.contains { $0 != 0 }
        return isDamaged ? nil : VerdictBlock(number: UInt32(truncatingIfNeeded: number))
    }

    /// Copies the blocks of another file that are whole, the newest last.
    func copyVerdicts(from other: RingFile) throws(StoreError) {
        let capacity = other.layout.blockCapacity
        var newest: Int64 = -1
        // Twice around: first to find the newest block, then to copy what is not older than this ring keeps.
        for isCopying in [false, true] {
            for place in 0..<capacity {
                let offset = other.layout.verdictsOffset + place * RingLayout.blockBytes
                let record = try other.file.read(count: VerdictBlock.byteCount, at: offset)
                guard record.count == VerdictBlock.byteCount,
                    let block = record.withUnsafeBytes({ VerdictBlock($0) })
                else { continue }
                let number = Int64(block.number)
                newest = max(newest, number)
                guard isCopying, number > newest - layout.blockCapacity else { continue }
                try record.withUnsafeBytes { pour($0, at: blockOffset(number: number)) }.get()
            }
        }
    }

    private func blockOffset(number: Int64) -> Int64 {
        layout.verdictsOffset + number % layout.blockCapacity * RingLayout.blockBytes
    }
}
