import Glibc

/// The memory of this process.
enum Resident {
    /// Bytes in RAM. Source: proc(5), statm: the second number, in pages.
    static func bytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
        let numbers = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            .split(separator: " ")
        return (Int(numbers[1]) ?? 0) * Int(getpagesize())
    }
}
