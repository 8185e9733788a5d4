import Glibc

/// A text as C wants it, made once and kept as long as the plan.
final class CText: @unchecked Sendable {
    // Unchecked: written in init only.
    let bytes: UnsafeMutablePointer<CChar>

    /// Without the zero at the end.
    let count: Int

    convenience init(_ text: String) { self.init(Array(text.utf8)) }

    init(_ text: [UInt8]) {
        count = text.count
        bytes = .allocate(capacity: count + 1)
        for (index, byte) in text.enumerated() { bytes[index] = CChar(bitPattern: byte) }
        bytes[count] = 0
    }

    deinit { bytes.deallocate() }
}
