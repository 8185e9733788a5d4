import Glibc
import Vocabulary

/// Rows of samples out of a file, one after the other, however long it is.
package final class SampleReader {
    package let path: String
    package let format: SampleFormat
    private var lines: LineReader
    private var builder = SampleRowBuilder()
    /// CSV: what stands in each column. Empty until the header is read.
    private var columns: [SampleField] = []
    /// A field's text without its quotes or escapes.
    private var scratch: [UInt8] = []

    /// `format`: nil takes JSON lines when the file's name ends in `.jsonl`, else CSV. Reads CSV's header.
    package init(path: String, format: SampleFormat? = nil) throws(SampleTextError) {
        self.path = path
        self.format = format ?? (path.hasSuffix(".jsonl") ? .jsonl : .csv)
        lines = try SampleReader.lines(of: path)
        if self.format == .csv { columns = try header() }
    }

    /// Number of the line that `next` read last.
    package var line: Int { lines.number }

    /// The next row; nil after the last. A line that cannot be read is thrown, and the next call goes on behind it.
    package func next() throws(SampleTextError) -> SampleRow? {
        while let range = try nextLine() {
            if range.isEmpty { continue }
            do throws(SampleMistake) {
                builder.begin()
                let bytes = lines.buffer
                let line = bytes.span.extracting(range)
                switch format {
                case .csv: try CSVLine.read(line, columns, into: &builder, scratch: &scratch)
                case .jsonl: try JSONLine.read(line, into: &builder, scratch: &scratch)
                }
                return try builder.finished()
            } catch {
                throw SampleTextError(path: path, line: lines.number, message: error.message)
            }
        }
        return nil
    }

    private static func lines(of path: String) throws(SampleTextError) -> LineReader {
        do throws(LineFault) { return try LineReader(path: path) } catch { throw SampleTextError(path, 0, error) }
    }

    private func nextLine() throws(SampleTextError) -> Range<Int>? {
        do throws(LineFault) {
            guard let range = try lines.next() else { return nil }
            // The mark that some programs put before UTF-8.
            let mark: [UInt8] = [0xef, 0xbb, 0xbf]
            let hasMark = lines.number == 1 && range.count >= 3 && Array(lines.buffer[range].prefix(3)) == mark
            return hasMark ? (range.lowerBound + 3)..<range.upperBound : range
        } catch {
            throw SampleTextError(path, lines.number, error)
        }
    }

    private func header() throws(SampleTextError) -> [SampleField] {
        let usual = SampleFormat.csv.header ?? ""
        guard let range = try nextLine() else {
            throw SampleTextError(path: path, line: 1, message: "no header; the first line is \(usual)")
        }
        do throws(SampleMistake) {
            let bytes = lines.buffer
            return try CSVLine.header(bytes.span.extracting(range), scratch: &scratch)
        } catch {
            throw SampleTextError(path: path, line: lines.number, message: error.message)
        }
    }
}

/// Where and why a file of samples cannot be read.
package struct SampleTextError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String
    /// From 1; 0 for the file as a whole.
    package let line: Int
    package let message: String

    package var description: String { line == 0 ? "\(path): \(message)" : "\(path):\(line): \(message)" }

    init(path: String, line: Int, message: String) {
        self.path = path
        self.line = line
        self.message = message
    }

    fileprivate init(_ path: String, _ line: Int, _ fault: LineFault) {
        switch fault {
        case .system(let code):
            self.init(path: path, line: 0, message: "cannot read it: \(String(cString: strerror(code)))")
        case .tooLong:
            self.init(path: path, line: line, message: "longer than \(LineReader.lineBytesMax) bytes; no row is")
        }
    }
}
