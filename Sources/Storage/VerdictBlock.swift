import Vocabulary

/// 112 voted verdicts in 64 bytes: block n holds the slots with the sequence numbers 112 n ... 112 n + 111.
///
///     56 bytes: a verdict in 4 bits, the earlier slot in the lower half | block number 32 bits | CRC32C 32 bits
struct VerdictBlock {
    static let slotCount: Int64 = 112
    private static let cellBytes = 56
    private static let numberOffset = 56
    private static let checksumOffset = 60
    static let byteCount = 64

    let number: UInt32
    private(set) var bytes: [UInt8]

    static func number(sequence: Int64) -> Int64 { floorDivide(sequence, slotCount) }

    init(number: UInt32) {
        self.number = number
        bytes = [UInt8](repeating: 0, count: VerdictBlock.byteCount)
    }

    /// nil when it was never written or is not whole.
    init?(_ record: UnsafeRawBufferPointer) {
        guard let number = VerdictBlock.wholeNumber(record) else { return nil }
        self.number = number
        bytes = Array(record)
    }

    /// The number of the whole block in `record`; nil when it was never written or is not whole.
    static func wholeNumber(_ record: UnsafeRawBufferPointer) -> UInt32? {
        precondition(record.count == byteCount, "a verdict block has 64 bytes")
        let checksum = UInt32(littleEndian: record.loadUnaligned(fromByteOffset: checksumOffset, as: UInt32.self))
        guard checksum == CRC32C.checksum(UnsafeRawBufferPointer(rebasing: record[..<checksumOffset])) else {
            return nil
        }
        return UInt32(littleEndian: record.loadUnaligned(fromByteOffset: numberOffset, as: UInt32.self))
    }

    /// Cell `index` of the whole block in `record`.
    static func cell(_ record: UnsafeRawBufferPointer, _ index: Int) -> VerdictCell {
        VerdictCell(bits: record[index >> 1] >> UInt8(4 * (index & 1)))
    }

    /// Adds the cells `places` of the record `index` in `bytes`; false, and nothing is added, unless it is the whole
    /// block `number`.
    static func append(
        _ bytes: [UInt8], _ index: Int, number: Int64, _ places: Range<Int>, to cells: inout [VerdictCell]
    ) -> Bool {
        bytes.withUnsafeBytes { bytes in
            let start = index * byteCount
            guard start + byteCount <= bytes.count else { return false }
            let record = UnsafeRawBufferPointer(rebasing: bytes[start..<(start + byteCount)])
            guard let whole = wholeNumber(record), Int64(whole) == number else { return false }
            cells.append(addingCapacity: places.count) { cells in
                if places.count == slotCount { return appendAll(record, to: &cells) }
                for place in places { cells.append(cell(record, place)) }
            }
            return true
        }
    }

    /// Sixteen cells a step: a month of many checks has millions.
    private static func appendAll(_ record: UnsafeRawBufferPointer, to cells: inout OutputSpan<VerdictCell>) {
        cells.withUnsafeMutableBufferPointer { buffer, count in
            let room = UnsafeMutableRawBufferPointer(buffer)
            for step in 0..<cellBytes / 8 {
                let bytes = record.loadUnaligned(fromByteOffset: 8 * step, as: SIMD8<UInt8>.self)
                // A cell is a byte of four bits.
                var sixteen = SIMD16<UInt8>()
                sixteen.evenHalf = bytes & 15
                sixteen.oddHalf = bytes &>> 4
                room.storeBytes(of: sixteen, toByteOffset: count + 16 * step, as: SIMD16<UInt8>.self)
            }
            count += Int(slotCount)
        }
    }

    subscript(sequence: Int64) -> VerdictCell {
        get { bytes.withUnsafeBytes { VerdictBlock.cell($0, place(sequence)) } }
        set {
            let place = place(sequence)
            let shift = UInt8(4 * (place & 1))
            bytes[place >> 1] = bytes[place >> 1] & ~(15 << shift) | newValue.bits << shift
        }
    }

    /// The record with its number and checksum.
    var sealed: [UInt8] {
        var sealed = bytes
        sealed.withUnsafeMutableBytes { record in
            record.storeBytes(of: number.littleEndian, toByteOffset: VerdictBlock.numberOffset, as: UInt32.self)
            let content = UnsafeRawBufferPointer(rebasing: record[..<VerdictBlock.checksumOffset])
            let checksum = CRC32C.checksum(content)
            record.storeBytes(of: checksum.littleEndian, toByteOffset: VerdictBlock.checksumOffset, as: UInt32.self)
        }
        return sealed
    }

    private func place(_ sequence: Int64) -> Int {
        precondition(VerdictBlock.number(sequence: sequence) == Int64(number), "a block holds its own 112 slots")
        return Int(sequence - Int64(number) * VerdictBlock.slotCount)
    }
}
