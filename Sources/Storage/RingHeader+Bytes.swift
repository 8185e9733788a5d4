import Vocabulary

extension RingHeader {
    static let magic = Array("SONDRING".utf8)
    private static let noInstant = Int64.min
    private static let noSequence = Int64.min
    private static let fixedBytes = 168
    private static let regionBytes = 64
    private static let eraBytes = 96
    private static let checksumBytes = 4
    /// Bytes of the largest header; asserted to fit a copy's room.
    private static let bytesMax = fixedBytes + regionsMax * regionBytes + erasMax * eraBytes + checksumBytes

    /// The copy's bytes in use, checksum included.
    var bytes: [UInt8] {
        precondition(RingHeader.bytesMax <= RingHeader.copyBytes, "the largest header fits its room")
        var bytes = RingHeader.magic
        let count =
            RingHeader.fixedBytes + regions.count * RingHeader.regionBytes + eras.count * RingHeader.eraBytes
            + RingHeader.checksumBytes
        bytes.reserveCapacity(count)
        append(UInt32(RingHeader.formatVersion), to: &bytes)
        append(UInt32(count), to: &bytes)
        append(generation, to: &bytes)
        append(birth?.nanoseconds ?? RingHeader.noInstant, to: &bytes)
        append(newestKnown ?? RingHeader.noSequence, to: &bytes)
        append(rolledUntil?.nanoseconds ?? RingHeader.noInstant, to: &bytes)
        for number in [
            oldestSequence, retention.slotsNs, retention.hoursNs, layout.slotCapacity, layout.hourCapacity,
            layout.blockCapacity,
        ] {
            append(number, to: &bytes)
        }
        for number in [Int(layout.hourBytes), regions.count, eras.count, 0] { append(UInt16(number), to: &bytes) }
        append(text: check, to: &bytes)
        for region in regions { append(text: region, to: &bytes) }
        for era in eras { append(era, to: &bytes) }
        append(bytes.withUnsafeBytes { CRC32C.checksum($0) }, to: &bytes)
        precondition(bytes.count == count, "a header has the size it says")
        return bytes
    }

    private func append(_ era: Era, to bytes: inout [UInt8]) {
        append(era.from.nanoseconds, to: &bytes)
        append(era.periodNs, to: &bytes)
        append(era.firstSequence, to: &bytes)
        let vote: (kind: UInt16, count: UInt16) =
            switch era.vote {
            case .any: (0, 0)
            case .majority: (1, 0)
            case .all: (2, 0)
            case .atLeast(let count): (3, UInt16(clamping: count))
            }
        let rings = rings(of: era)
        for number in [vote.kind, vote.count, UInt16(rings.count), 0] { append(number, to: &bytes) }
        bytes += rings.map { UInt8($0) } + [UInt8](repeating: 0, count: RingHeader.regionsMax - rings.count)
    }

    private func append(text: String, to bytes: inout [UInt8]) {
        let utf8 = Array(text.utf8)
        precondition(utf8.count <= RingHeader.regionBytes, "a name has at most 64 bytes")
        bytes += utf8 + [UInt8](repeating: 0, count: RingHeader.regionBytes - utf8.count)
    }

    private func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// What one copy's room holds.
    enum Copy {
        case whole(RingHeader)
        case damaged
        case otherVersion(Int)
        case foreign
    }

    static func read(_ copy: [UInt8]) -> Copy {
        guard copy.starts(with: magic) else { return .foreign }
        guard copy.count >= 16 else { return .damaged }
        var reader = HeaderReader(bytes: copy, offset: 8)
        let version = Int(reader.number(UInt32.self))
        guard version == formatVersion else { return .otherVersion(version) }
        let count = Int(reader.number(UInt32.self))
        guard count >= fixedBytes + checksumBytes, count <= copy.count else { return .damaged }
        let checksum = copy.withUnsafeBytes {
            CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[..<(count - checksumBytes)]))
        }
        var tail = HeaderReader(bytes: copy, offset: count - checksumBytes)
        guard tail.number(UInt32.self) == checksum, let header = reader.header(count: count) else { return .damaged }
        return .whole(header)
    }

    /// Reads numbers and names of a copy whose checksum holds.
    private struct HeaderReader {
        let bytes: [UInt8]
        var offset: Int

        /// nil when the numbers contradict each other.
        mutating func header(count: Int) -> RingHeader? {
            let generation = number(UInt64.self)
            let birth = number(Int64.self)
            let newestKnown = number(Int64.self)
            let rolledUntil = number(Int64.self)
            let oldestSequence = number(Int64.self)
            let retention = Retention(slotsNs: number(Int64.self), hoursNs: number(Int64.self))
            let (slots, hours, blocks) = (number(Int64.self), number(Int64.self), number(Int64.self))
            let hourBytes = Int64(number(UInt16.self))
            let (regionCount, eraCount) = (Int(number(UInt16.self)), Int(number(UInt16.self)))
            _ = number(UInt16.self)
            let layout = RingLayout(
                regionCount: regionCount, slotCapacity: slots, hourCapacity: hours, hourBytes: hourBytes,
                blockCapacity: blocks)
            let expected = fixedBytes + regionCount * regionBytes + eraCount * RingHeader.eraBytes + checksumBytes
            guard expected == count, layout.isSound, (1...erasMax).contains(eraCount) else { return nil }
            let check = text()
            let regions = (0..<regionCount).map { _ in text() }
            let eras = (0..<eraCount).compactMap { _ in era(regions: regions) }
            guard eras.count == eraCount else { return nil }
            let header = RingHeader(
                generation: generation, check: check, retention: retention, layout: layout,
                birth: birth == noInstant ? nil : Instant(nanoseconds: birth),
                newestKnown: newestKnown == noSequence ? nil : newestKnown, oldestSequence: oldestSequence,
                rolledUntil: rolledUntil == noInstant ? nil : Instant(nanoseconds: rolledUntil),
                regions: regions, eras: eras)
            return header.isSound ? header : nil
        }

        private mutating func era(regions: [String]) -> Era? {
            let from = Instant(nanoseconds: number(Int64.self))
            let (periodNs, firstSequence) = (number(Int64.self), number(Int64.self))
            let (voteKind, voteCount) = (number(UInt16.self), Int(number(UInt16.self)))
            let regionCount = Int(number(UInt16.self))
            _ = number(UInt16.self)
            let rings = bytes[offset..<(offset + regionsMax)].prefix(regionCount).map { Int($0) }
            offset += regionsMax
            guard rings.count == regionCount, rings.allSatisfy(regions.indices.contains) else { return nil }
            let vote: Vote
            switch voteKind {
            case 0: vote = .any
            case 1: vote = .majority
            case 2: vote = .all
            case 3: vote = .atLeast(voteCount)
            default: return nil
            }
            return Era(
                from: from, periodNs: periodNs, vote: vote, regions: rings.map { regions[$0] },
                firstSequence: firstSequence)
        }

        mutating func number<Number: FixedWidthInteger>(_ type: Number.Type) -> Number {
            defer { offset += MemoryLayout<Number>.size }
            return bytes.withUnsafeBytes { Number(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: type)) }
        }

        private mutating func text() -> String {
            defer { offset += regionBytes }
            return String(decoding: bytes[offset..<(offset + regionBytes)].prefix { $0 != 0 }, as: UTF8.self)
        }
    }
}
