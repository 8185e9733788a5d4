import Vocabulary

/// An outage as it stands in a ring file: 64 bytes. Every byte is drawn in docs/ring-format.md.
struct OutageBytes {
    static let byteCount = 64
    private static let noInstant: UInt64 = (1 << 48) - 1

    /// Counts the outages of a check: its place is its serial number modulo the ring's capacity.
    let serial: UInt32
    let record: OutageRecord

    init(serial: UInt32, record: OutageRecord) {
        self.serial = serial
        self.record = record
    }

    /// `rings`: the places of the record's regions in the file.
    func bytes(rings: [Int]) -> [UInt8] {
        var bytes: [UInt8] = []
        append(UInt64(record.firstSequence), 6, to: &bytes)
        append(UInt64(clamping: record.lastSequence - record.firstSequence), 4, to: &bytes)
        for instant in [record.start, record.startEarliest, record.end, record.endEarliest, record.evidence] {
            append(instant.map { UInt64(clamping: $0.milliseconds) } ?? OutageBytes.noInstant, 6, to: &bytes)
        }
        append(rings.reduce(0) { $0 | 1 << UInt64($1) }, 8, to: &bytes)
        append(UInt64(clamping: (record.downNs + Duration.secondNs - 1) / Duration.secondNs), 4, to: &bytes)
        append(UInt64(clamping: record.unknownNs / Duration.secondNs), 3, to: &bytes)
        append(UInt64(record.cause.rawValue), 1, to: &bytes)
        append(UInt64(serial), 4, to: &bytes)
        precondition(bytes.count == OutageBytes.byteCount - 4, "an outage fills its record")
        append(UInt64(bytes.withUnsafeBytes { CRC32C.checksum($0) }), 4, to: &bytes)
        return bytes
    }

    private func append(_ number: UInt64, _ count: Int, to bytes: inout [UInt8]) {
        let most = count == 8 ? UInt64.max : (1 << UInt64(8 * count)) - 1
        let number = min(number, most)
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }

    enum State {
        case whole(OutageBytes)
        case unwritten
        case damaged
    }

    /// Something stands in the record `place` of `bytes`.
    static func isWritten(_ bytes: [UInt8], _ place: Int) -> Bool {
        let record = bytes.span.bytes.extracting(place * byteCount..<(place + 1) * byteCount)
        return stride(from: 0, to: byteCount, by: 8).contains {
            record.unsafeLoadUnaligned(fromByteOffset: $0, as: UInt64.self) != 0
        }
    }

    /// `regions`: those of the file, in the order of its rings.
    static func read(_ bytes: ArraySlice<UInt8>, regions: [String]) -> State {
        guard bytes.contains(where: { $0 != 0 }) else { return .unwritten }
        var offset = bytes.startIndex
        func number(_ count: Int) -> UInt64 {
            defer { offset += count }
            return (0..<count).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
        }
        let content = Array(bytes.prefix(byteCount - 4))
        let first = Int64(number(6))
        let last = first + Int64(number(4))
        let instants = (0..<5).map { _ -> Instant? in
            let milliseconds = number(6)
            // 48 bits of milliseconds are more than nanoseconds in 64 bits can say.
            guard milliseconds != noInstant, milliseconds < UInt64(Int64.max / Duration.millisecondNs) else {
                return nil
            }
            return Instant(milliseconds: Int64(milliseconds))
        }
        let mask = number(8)
        let downNs = Int64(number(4)) * Duration.secondNs
        let unknownNs = Int64(number(3)) * Duration.secondNs
        let cause = Cause(rawValue: UInt8(number(1))) ?? .internalFault
        let serial = UInt32(number(4))
        guard UInt32(number(4)) == content.withUnsafeBytes({ CRC32C.checksum($0) }) else { return .damaged }
        let record = OutageRecord(
            firstSequence: first, lastSequence: last, start: instants[0], startEarliest: instants[1],
            end: instants[2], endEarliest: instants[3], cause: cause,
            regions: regions.indices.filter { mask >> UInt64($0) & 1 == 1 }.map { regions[$0] }, downNs: downNs,
            unknownNs: unknownNs, evidence: instants[4])
        return .whole(OutageBytes(serial: serial, record: record))
    }
}
