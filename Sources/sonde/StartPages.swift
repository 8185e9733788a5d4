import Foundation
import Glibc

/// Code that only the start needed (reading the configuration, laying out, what libraries do when they load) stays
/// mapped and counts as the daemon's memory. Given back once, it costs nothing: what is called again comes from the
/// page cache.
enum StartPages {
    /// Only mapped code, never data: code is as it stands in its file, so nothing can be lost.
    static func giveBack() {
        // Without /proc there is nothing to give back.
        guard let maps = try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8) else { return }
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            guard fields.count == 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let ends = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
            guard ends.count == 2, let start = UnsafeMutableRawPointer(bitPattern: ends[0]) else { continue }
            madvise(start, Int(ends[1] - ends[0]), MADV_DONTNEED)
        }
    }
}
