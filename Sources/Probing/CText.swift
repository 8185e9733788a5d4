import Glibc

/// A text as C wants it, made once and kept as long as the plan.
final class CText: @unchecked Sendable {
    // Unchecked: written in init only.
    let bytes: UnsafeMutablePointer<CChar>

    init(_ text: String) {
        let count = text.utf8.count
        let bytes = UnsafeMutablePointer<CChar>.allocate(capacity: count + 1)
        text.withCString { bytes.update(from: $0, count: count + 1) }
        self.bytes = bytes
    }

    deinit { bytes.deallocate() }
}
