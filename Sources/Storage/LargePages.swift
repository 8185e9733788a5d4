import Glibc

/// Pages of 2 MiB for memory that is filled at once: a year of slots takes 2,000 small ones, whose faults cost as much
/// as reading it. Source: madvise(2), MADV_HUGEPAGE.
enum LargePages {
    private static let pageBytes = 2 << 20

    /// Only a wish: where the kernel has none nothing changes.
    static func ask(for memory: UnsafeMutableRawBufferPointer) {
        guard memory.count >= 2 * pageBytes, let base = memory.baseAddress else { return }
        let first = base.alignedUp(toMultipleOf: pageBytes)
        let end = (base + memory.count).alignedDown(toMultipleOf: pageBytes)
        if first < end { madvise(first, end - first, MADV_HUGEPAGE) }
    }
}
