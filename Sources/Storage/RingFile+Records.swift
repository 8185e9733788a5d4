import Vocabulary

extension RingFile {
    /// Every slot's place of one region, in pieces: what stands there, and which sequence number it was written for;
    /// nil for a damaged one. Places never written are left out.
    func eachSlot(
        ring: Int, _ body: (_ place: Int64, _ sequence: Int64?, _ slot: Slot) -> Void
    ) throws(StoreError) {
        let capacity = layout.slotCapacity
        let step: Int64 = 16_384
        var first: Int64 = 0
        while first < capacity {
            let count = min(step, capacity - first)
            let bytes = try file.read(
                count: Int(count * RingLayout.slotBytes),
                at: layout.slotsOffset(region: ring) + first * RingLayout.slotBytes)
            var suspects: [Int64] = []
            bytes.withUnsafeBytes { bytes in
                for index in 0..<Int64(bytes.count) / RingLayout.slotBytes {
                    let offset = Int(index * RingLayout.slotBytes)
                    let slot = Slot(
                        word0: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
                        word1: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)))
                    guard slot.isWritten else { continue }
                    let place = first + index
                    if let own = ownSequence(of: slot, at: place) {
                        body(place, own, slot)
                    } else {
                        suspects.append(place)
                    }
                }
            }
            for place in suspects {
                let slot = try again(ring: ring, place: place)
                body(place, slot?.sequence, slot?.slot ?? .unwritten)
            }
            first += count
        }
    }

    /// A damaged slot read once more: a writer may have been at it.
    private func again(ring: Int, place: Int64) throws(StoreError) -> (sequence: Int64, slot: Slot)? {
        for _ in 0..<RingFile.triesMax {
            let bytes = try file.read(
                count: Int(RingLayout.slotBytes), at: layout.slotsOffset(region: ring) + place * RingLayout.slotBytes)
            guard bytes.count == Int(RingLayout.slotBytes) else { return nil }
            let slot = bytes.withUnsafeBytes {
                Slot(
                    word0: UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)),
                    word1: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)))
            }
            if let own = ownSequence(of: slot, at: place) { return (own, slot) }
        }
        return nil
    }

    enum RecordState: Hashable {
        case whole
        case unwritten
        case damaged
    }

    /// Every record of a ring of larger records, a place after the other: what `state` says of its bytes, asked again
    /// for one that is damaged, because a writer may have been at it.
    private func eachRecord(
        at offset: Int64, bytes size: Int64, count: Int64, state: ([UInt8], _ place: Int64) -> RecordState,
        _ body: (_ place: Int64, RecordState) -> Void
    ) throws(StoreError) {
        let step: Int64 = 4_096
        var first: Int64 = 0
        while first < count {
            let part = min(step, count - first)
            let bytes = try file.read(count: Int(part * size), at: offset + first * size)
            for index in 0..<Int64(bytes.count) / size {
                let place = first + index
                var found = state(Array(bytes[Int(index * size)..<Int((index + 1) * size)]), place)
                for _ in 0..<RingFile.triesMax where found == .damaged {
                    let again = try file.read(count: Int(size), at: offset + place * size)
                    if again.count == Int(size) { found = state(again, place) }
                }
                body(place, found)
            }
            first += part
        }
    }

    func eachHour(ring: Int, _ body: (_ place: Int64, RecordState) -> Void) throws(StoreError) {
        let capacity = layout.hourCapacity
        try eachRecord(
            at: layout.hoursOffset(region: ring), bytes: layout.hourBytes, count: capacity,
            state: { bytes, place in
                switch bytes.withUnsafeBytes({ HourRecord.read($0) }) {
                case .whole(let hour): hour.hour % capacity == place ? .whole : .damaged
                case .unwritten: .unwritten
                case .damaged: .damaged
                }
            }, body)
    }

    func eachBlock(_ body: (_ place: Int64, RecordState) -> Void) throws(StoreError) {
        let capacity = layout.blockCapacity
        try eachRecord(
            at: layout.verdictsOffset, bytes: RingLayout.blockBytes, count: capacity,
            state: { bytes, place in
                guard bytes.contains(where: { $0 != 0 }) else { return .unwritten }
                guard let number = bytes.withUnsafeBytes({ VerdictBlock.wholeNumber($0) }) else { return .damaged }
                return Int64(number) % capacity == place ? .whole : .damaged
            }, body)
    }

    func eachOutage(_ body: (_ place: Int64, RecordState) -> Void) throws(StoreError) {
        let regions = header.regions
        try eachRecord(
            at: layout.outagesOffset, bytes: RingLayout.outageBytes, count: RingLayout.outageCapacity,
            state: { bytes, place in
                switch OutageBytes.read(bytes[...], regions: regions) {
                case .whole(let outage):
                    Int64(outage.serial) % RingLayout.outageCapacity == place ? .whole : .damaged
                case .unwritten: .unwritten
                case .damaged: .damaged
                }
            }, body)
    }

    /// Reads every record and both copies of the header.
    func verify(into findings: inout StoreFindings) throws(StoreError) {
        let path = path
        for copy in 0...1 {
            findings.recordCount += 1
            var isWhole = false
            for _ in 0..<RingFile.triesMax where !isWhole {
                if case .whole = try RingFile.readCopy(file, copy) { isWhole = true }
            }
            if !isWhole { findings.add("\(path): copy \(copy == 0 ? "A" : "B") of its header is damaged") }
        }
        let bytes = try file.size()
        if bytes < layout.fileBytes { findings.add("\(path): \(missingText(bytes: bytes))") }
        var found = findings
        func note(_ state: RecordState, _ what: String, _ place: Int64, _ offset: Int64) {
            guard state != .unwritten else { return }
            found.recordCount += 1
            if state == .damaged { found.add("\(path): \(what) at place \(place) is damaged (byte \(offset))") }
        }
        for (ring, region) in header.regions.enumerated() {
            try eachSlot(ring: ring) { place, sequence, _ in
                note(
                    sequence == nil ? .damaged : .whole, "the slot of \"\(region)\"", place,
                    layout.slotsOffset(region: ring) + place * RingLayout.slotBytes)
            }
            try eachHour(ring: ring) { place, state in
                note(
                    state, "the hour of \"\(region)\"", place,
                    layout.hoursOffset(region: ring) + place * layout.hourBytes)
            }
        }
        try eachBlock { place, state in
            note(state, "the verdict block", place, layout.verdictsOffset + place * RingLayout.blockBytes)
        }
        try eachOutage { place, state in
            note(state, "the outage", place, layout.outagesOffset + place * RingLayout.outageBytes)
        }
        findings = found
    }
}
