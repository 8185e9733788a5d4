import Vocabulary

/// Bytes of a file as text, or the one mistake that says why they are none and where.
enum DecodedText {
    static func decode(_ bytes: [UInt8], file: String, _ mistakes: inout Mistakes) -> String? {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
            mistakes.add(Place(file: file, line: 1, column: 1), "the file is UTF-16; save it as UTF-8")
            return nil
        }
        if let offset = bytes.firstIndex(of: 0) {
            mistakes.add(place(of: offset, in: bytes, file: file), "the file holds a NUL byte; it must be plain text")
            return nil
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let offset = firstInvalidOffset(in: bytes)
        mistakes.add(place(of: offset, in: bytes, file: file), "the file is not UTF-8 here; save it as UTF-8")
        return nil
    }

    /// Line and column count from 1; columns count characters (Unicode scalars), as YAML's marks do.
    private static func place(of offset: Int, in bytes: [UInt8], file: String) -> Place {
        let before = bytes[..<offset]
        let line = before.count { $0 == 0x0a } + 1
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        let column = String(decoding: before[lineStart...], as: UTF8.self).unicodeScalars.count + 1
        return Place(file: file, line: line, column: column)
    }

    private static func firstInvalidOffset(in bytes: [UInt8]) -> Int {
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error, .emptyInput: return min(offset, bytes.count)
            }
        }
    }
}
