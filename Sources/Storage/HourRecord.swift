import Vocabulary

/// An hour of one region as it stands in a ring file: 64 bytes, or 128 for periods under 15 s, whose hours count
/// beyond 255. Every byte is drawn in docs/ring-format.md.
enum HourRecord {
    private static let checksumOffset = 4
    private static let sumOffset = 8
    private static let minOffset = 13
    private static let maxOffset = 17
    private static let countsOffset = 21
    /// unknown, up, degraded, down, mixed
    private static let countsCount = 5

    private static func histogramOffset(_ width: Int) -> Int { countsOffset + countsCount * width }

    static func bytes(_ hour: HourSummary, count: Int) -> [UInt8] {
        let width = count == 64 ? 1 : 2
        precondition(histogramOffset(width) + ResponseBuckets.count * width <= count, "an hour fits its record")
        var bytes = [UInt8](repeating: 0, count: count)
        let counts = [hour.unknown, hour.up, hour.degraded, hour.down, hour.mixed] + hour.histogram.map { Int($0) }
        bytes.withUnsafeMutableBytes { record in
            record.storeBytes(of: UInt32(truncatingIfNeeded: hour.hour).littleEndian, as: UInt32.self)
            // The sum's fifth byte is overwritten by nothing: the minimum follows it.
            record.storeBytes(of: hour.sumUs.littleEndian, toByteOffset: sumOffset, as: Int64.self)
            record.storeBytes(of: hour.minUs.littleEndian, toByteOffset: minOffset, as: UInt32.self)
            record.storeBytes(of: hour.maxUs.littleEndian, toByteOffset: maxOffset, as: UInt32.self)
            for (index, number) in counts.enumerated() {
                let most = width == 1 ? 255 : 65_535
                let number = min(number, most)
                record[countsOffset + index * width] = UInt8(number & 255)
                if width == 2 { record[countsOffset + index * width + 1] = UInt8(number >> 8) }
            }
            record.storeBytes(
                of: checksum(UnsafeRawBufferPointer(record)), toByteOffset: checksumOffset, as: UInt32.self)
        }
        return bytes
    }

    enum State {
        case whole(HourSummary)
        case unwritten
        case damaged
    }

    static func read(_ record: UnsafeRawBufferPointer) -> State {
        guard record.contains(where: { $0 != 0 }) else { return .unwritten }
        guard record.loadUnaligned(fromByteOffset: checksumOffset, as: UInt32.self) == checksum(record) else {
            return .damaged
        }
        let width = record.count == 64 ? 1 : 2
        func number(_ index: Int) -> Int {
            let offset = countsOffset + index * width
            return Int(record[offset]) | (width == 2 ? Int(record[offset + 1]) << 8 : 0)
        }
        func word(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: record.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        var hour = HourSummary(hour: Int64(word(0)))
        hour.sumUs = Int64(word(sumOffset)) | Int64(record[sumOffset + 4]) << 32
        hour.minUs = word(minOffset)
        hour.maxUs = word(maxOffset)
        hour.unknown = number(0)
        hour.up = number(1)
        hour.degraded = number(2)
        hour.down = number(3)
        hour.mixed = number(4)
        for bucket in 0..<ResponseBuckets.count { hour.histogram[bucket] = UInt16(number(countsCount + bucket)) }
        return .whole(hour)
    }

    /// CRC32C of everything else, as it lies there.
    private static func checksum(_ record: UnsafeRawBufferPointer) -> UInt32 {
        var bytes = Array(record)
        for index in checksumOffset..<(checksumOffset + 4) { bytes[index] = 0 }
        // Never 0, so that a record is never all zero.
        return max(1, bytes.withUnsafeBytes { CRC32C.checksum($0) }).littleEndian
    }
}
