/// The Castagnoli checksum: finds every burst of up to 32 bits, and any one to three flipped bits of a record here.
/// Source: RFC 3720, appendix B.4 (polynomial 0x1EDC6F41, reflected).
enum CRC32C {
    /// O(bytes); eight bytes a step.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        tables.withUnsafeBufferPointer { tables in
            var crc = ~UInt32(0)
            var index = 0
            while index + 8 <= bytes.count {
                let word =
                    UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)) ^ UInt64(crc)
                var next: UInt32 = 0
                for place in 0..<8 {
                    next ^= tables[(7 - place) << 8 | Int(word >> UInt64(8 * place) & 0xff)]
                }
                crc = next
                index += 8
            }
            while index < bytes.count {
                crc = crc >> 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc) ^ bytes[index])]
                index += 1
            }
            return ~crc
        }
    }

    /// Eight tables of 256: entry `k << 8 | b` is the checksum of byte b followed by k zero bytes.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 0 ? crc >> 1 : crc >> 1 ^ 0x82f6_3b78 }
            tables[byte] = crc
        }
        for entry in 256..<tables.count {
            let shorter = tables[entry - 256]
            tables[entry] = shorter >> 8 ^ tables[Int(shorter & 0xff)]
        }
        return tables
    }()
}
