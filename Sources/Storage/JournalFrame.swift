import Vocabulary

/// The journal's unit: what is written together and checked together. Every byte is drawn in docs/ring-format.md.
///
///     CRC32C of the rest 32 bits | bytes 16 | kind 8 | copy 8 | head check 32 | content
///
/// The head check covers the second word, the segment and the place in it: so a reader that looks for one series may
/// go from frame to frame without reading them, and finds the next one behind a damaged place.
enum JournalFrame {
    static let headBytes = 12
    static let recordBytes = 20
    /// A frame with so many records stays within 4,096 bytes: one that is damaged costs no more.
    static let recordsMax = (4096 - headBytes) / recordBytes
    static let frameBytesMax = 4096

    enum Kind: UInt8 {
        /// Names a series and gives it a number.
        case series = 1
        /// Slots of any series.
        case slots = 2
    }

    /// A record's slot has its sequence number, less the series' base, where its checksum and lap will be.
    static let sequenceBits: UInt64 = 22
    static let sequenceMask: UInt64 = (1 << sequenceBits) - 1
    static let reach: Int64 = 1 << 21

    /// Whether a sequence number can be told by its difference from `base`.
    static func reaches(_ sequence: Int64, from base: Int64) -> Bool { (-reach..<reach).contains(sequence - base) }

    static func append(_ slot: Slot, series: UInt32, sequence: Int64, base: Int64, to records: inout [UInt8]) {
        precondition(reaches(sequence, from: base), "a record reaches 2^21 slots from its base")
        let offset = UInt64(bitPattern: sequence - base) & sequenceMask
        let word0 = (slot.word0 & ~sequenceMask) | offset
        // Five words of four bytes, so that nothing stands between them.
        let record = (
            series.littleEndian, UInt32(truncatingIfNeeded: word0).littleEndian,
            UInt32(truncatingIfNeeded: word0 >> 32).littleEndian, UInt32(truncatingIfNeeded: slot.word1).littleEndian,
            UInt32(truncatingIfNeeded: slot.word1 >> 32).littleEndian
        )
        withUnsafeBytes(of: record) { records.append(contentsOf: $0) }
    }

    static func sequence(word0: UInt64, base: Int64) -> Int64 {
        base + (Int64(bitPattern: word0 << (64 - sequenceBits)) >> Int64(64 - sequenceBits))
    }

    /// Adds a frame that will stand at `offset` of the segment `number`.
    static func append(
        _ kind: Kind, copy: UInt8 = 0, _ content: ArraySlice<UInt8>, at offset: Int64, segment number: UInt64,
        to bytes: inout [UInt8]
    ) {
        let start = bytes.count
        let padding = -content.count & 3
        let length = headBytes + content.count + padding
        precondition(length <= frameBytesMax, "a frame has at most 4,096 bytes")
        let word = UInt32(length) | UInt32(kind.rawValue) << 16 | UInt32(copy) << 24
        bytes.append(contentsOf: [0, 0, 0, 0])
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: headCheck(word, at: offset, segment: number).littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: content)
        for _ in 0..<padding { bytes.append(0) }
        bytes.withUnsafeMutableBytes { buffer in
            let rest = UnsafeRawBufferPointer(rebasing: buffer[(start + 4)..<(start + length)])
            buffer.storeBytes(of: CRC32C.checksum(rest).littleEndian, toByteOffset: start, as: UInt32.self)
        }
    }

    /// A head as it stands in a segment: nil when it is none, or of another place.
    struct Head {
        let length: Int
        let kind: Kind
        let copy: UInt8

        init?(_ bytes: UnsafeRawBufferPointer, at offset: Int64, segment number: UInt64) {
            guard bytes.count >= headBytes else { return nil }
            let word = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            let check = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
            guard check == headCheck(word, at: offset, segment: number),
                let kind = Kind(rawValue: UInt8(truncatingIfNeeded: word >> 16))
            else { return nil }
            length = Int(word & 0xffff)
            self.kind = kind
            copy = UInt8(truncatingIfNeeded: word >> 24)
            guard length >= headBytes, length <= frameBytesMax, length & 3 == 0 else { return nil }
        }
    }

    /// True when no bit of the frame has changed since it was written.
    static func isWhole(_ frame: UnsafeRawBufferPointer) -> Bool {
        UInt32(littleEndian: frame.loadUnaligned(as: UInt32.self))
            == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: frame[4...]))
    }

    private static func headCheck(_ word: UInt32, at offset: Int64, segment number: UInt64) -> UInt32 {
        // The constants of SplitMix64: odd, and without long runs of equal bits.
        let place = UInt64(bitPattern: offset) &* 0x9e37_79b9_7f4a_7c15 &+ number &* 0x94d0_49bb_1331_11eb
        return UInt32(truncatingIfNeeded: ((UInt64(word) ^ place) &* 0xbf58_476d_1ce4_e5b9) >> 32)
    }
}

/// What a frame of the kind `series` says: which series a number stands for.
struct JournalSeries: Hashable, Sendable {
    let number: UInt32
    /// What the sequence numbers of its records are counted from.
    let base: Int64
    let check: String
    let region: String

    private static let fixedBytes = 14

    var content: [UInt8] {
        var bytes: [UInt8] = []
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: base.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(check.utf8.count))
        bytes.append(UInt8(region.utf8.count))
        return bytes + Array(check.utf8) + Array(region.utf8)
    }

    /// nil when the numbers contradict each other. `content`: what follows the frame's head.
    init?(_ content: UnsafeRawBufferPointer) {
        guard let names = JournalSeries.names(content) else { return nil }
        number = JournalSeries.number(content)
        base = Int64(littleEndian: content.loadUnaligned(fromByteOffset: 4, as: Int64.self))
        check = String(decoding: names.check, as: UTF8.self)
        region = String(decoding: names.region, as: UTF8.self)
        // Sequence numbers of a ring are below 2^56: see RingHeader.isSound.
        guard (-JournalFrame.reach...1 << 57).contains(base) else { return nil }
    }

    init(number: UInt32, base: Int64, check: String, region: String) {
        self.number = number
        self.base = base
        self.check = check
        self.region = region
    }

    static func number(_ content: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(littleEndian: content.loadUnaligned(as: UInt32.self))
    }

    /// The names as they lie there; nil when they do not fit.
    static func names(
        _ content: UnsafeRawBufferPointer
    ) -> (check: UnsafeRawBufferPointer, region: UnsafeRawBufferPointer)? {
        guard content.count >= fixedBytes else { return nil }
        let (check, region) = (Int(content[12]), Int(content[13]))
        guard fixedBytes + check + region <= content.count else { return nil }
        return (
            UnsafeRawBufferPointer(rebasing: content[fixedBytes..<(fixedBytes + check)]),
            UnsafeRawBufferPointer(rebasing: content[(fixedBytes + check)..<(fixedBytes + check + region)])
        )
    }
}
