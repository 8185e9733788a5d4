import Glibc
import Vocabulary

/// The lines of a file or pipe of any length, with a bounded buffer.
struct LineReader: ~Copyable {
    /// A longer line is no row of samples.
    static let lineBytesMax = 65_536

    /// Number of the line that `next` gave last, from 1.
    private(set) var number = 0
    /// Holds that line; `next` says where.
    private(set) var buffer = [UInt8](repeating: 0, count: 4 * lineBytesMax)
    private let descriptor: Int32
    /// What of the buffer is read and not yet given.
    private var filled = 0..<0
    private var isAtEnd = false

    /// The errno of a failed open.
    init(path: String) throws(LineFault) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw .system(errno) }
    }

    deinit { _ = close(descriptor) }

    /// The next line's place in `buffer`, without its end (LF or CR LF); nil after the last.
    mutating func next() throws(LineFault) -> Range<Int>? {
        var searched = filled.lowerBound
        while true {
            if let end = firstLineFeed(in: searched..<filled.upperBound) {
                let line = filled.lowerBound..<end
                filled = (end + 1)..<filled.upperBound
                return given(line)
            }
            if isAtEnd {
                guard !filled.isEmpty else { return nil }
                let line = filled
                filled = filled.upperBound..<filled.upperBound
                return given(line)
            }
            guard filled.count <= LineReader.lineBytesMax else {
                number += 1
                throw .tooLong
            }
            moveToFront()
            searched = filled.upperBound
            try readMore()
        }
    }

    private mutating func given(_ line: Range<Int>) -> Range<Int> {
        number += 1
        let hasReturn = !line.isEmpty && buffer[line.upperBound - 1] == UInt8(ascii: "\r")
        return line.lowerBound..<(line.upperBound - (hasReturn ? 1 : 0))
    }

    private func firstLineFeed(in range: Range<Int>) -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress,
                let found = memchr(start + range.lowerBound, Int32(UInt8(ascii: "\n")), range.count)
            else { return nil }
            return UnsafeRawPointer(found) - start
        }
    }

    private mutating func moveToFront() {
        guard filled.lowerBound > 0 else { return }
        let range = filled
        buffer.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            memmove(start, start + range.lowerBound, range.count)
        }
        filled = 0..<range.count
    }

    private mutating func readMore() throws(LineFault) {
        let start = filled.upperBound
        while true {
            let count = buffer.withUnsafeMutableBytes { bytes in
                read(descriptor, bytes.baseAddress.map { $0 + start }, bytes.count - start)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw .system(errno)
            }
            if count == 0 { isAtEnd = true }
            filled = filled.lowerBound..<(start + count)
            return
        }
    }
}

enum LineFault: Error {
    /// The errno of a failed open or read.
    case system(Int32)
    case tooLong
}
