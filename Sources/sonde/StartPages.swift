import Foundation
import Glibc
import Probing
import Vocabulary

/// What only the start needed stays in memory: code and tables that were read once (the configuration, laying out,
/// what libraries do when they load), and the heap of the configuration's nodes and of the first probes, which are all
/// asked within two seconds. Given back once, it costs nothing: what is read again comes from the page cache.
enum StartPages {
    /// How long after its start a loop gives them back: the first probes are over, but for those that hang.
    static let afterNs = 10 * Duration.secondNs

    static func giveBack() {
        Heap.giveBack()
        giveBackFiles()
    }

    /// Only what nobody can have written to, and no page of which is the process' own: it is as it stands in its file,
    /// so nothing can be lost.
    private static func giveBackFiles() {
        // Without /proc there is nothing to give back.
        guard let maps = try? String(contentsOfFile: "/proc/self/smaps", encoding: .utf8) else { return }
        var mapping: (start: UInt, end: UInt)?
        for line in maps.split(separator: "\n") {
            let fields = line.split(separator: " ", omittingEmptySubsequences: true)
            if fields[0] == "Anonymous:" {
                if let mapping, fields[1] == "0", let start = UnsafeMutableRawPointer(bitPattern: mapping.start) {
                    madvise(start, Int(mapping.end - mapping.start), MADV_DONTNEED)
                }
            } else if !fields[0].hasSuffix(":") {
                let ends = fields[0].split(separator: "-").compactMap { UInt(String($0), radix: 16) }
                let isFile = fields.count == 6 && ["r-xp", "r--p"].contains(fields[1]) && fields[5].hasPrefix("/")
                mapping = isFile && ends.count == 2 ? (ends[0], ends[1]) : nil
            }
        }
    }
}
