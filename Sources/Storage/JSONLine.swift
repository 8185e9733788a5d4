import Vocabulary

/// A row of samples as one JSON object on one line, with the keys of the CSV columns. Source: RFC 8259.
enum JSONLine {
    static func write(_ row: SampleRow, to bytes: inout [UInt8]) {
        bytes.append("{\"time\":\"")
        bytes.append(row.time)
        bytes.append("\",\"check\":")
        bytes.append(JSON.string(row.check).text)
        bytes.append(",\"region\":")
        bytes.append(JSON.string(row.region).text)
        bytes.append(",\"verdict\":\"")
        bytes.append(row.verdict.name)
        bytes.append("\",\"cause\":\"")
        bytes.append(row.cause.name)
        bytes.append("\",\"status\":")
        if row.status == 0 { bytes.append("null") } else { bytes.append(Int64(row.status)) }
        bytes.append(",\"total_ms\":")
        bytes.append(milliseconds: row.totalUs)
        for leg in Leg.allCases {
            bytes.append(",\"")
            bytes.append(leg.name)
            bytes.append("_ms\":")
            bytes.append(milliseconds: row.legs[leg])
        }
        bytes.append(",\"marks\":\"")
        bytes.append(row.marks.text)
        bytes.append("\",\"rest_leg\":")
        bytes.append(row.restLeg.map { "\"" + $0.name + "\"}\n" } ?? "null}\n")
    }

    static func read(
        _ line: Span<UInt8>, into builder: inout SampleRowBuilder, scratch: inout [UInt8]
    ) throws(SampleMistake) {
        var cursor = 0
        try expect("{", line, &cursor)
        skipSpace(line, &cursor)
        if cursor < line.count, line[cursor] == UInt8(ascii: "}") {
            cursor += 1
        } else {
            repeat {
                try string(line, &cursor, &scratch)
                guard let field = SampleField.named(scratch.span) else {
                    throw SampleMistake("unknown key \"\(escaped(scratch.span.text, limit: 40))\"")
                }
                try expect(":", line, &cursor)
                skipSpace(line, &cursor)
                if cursor < line.count, line[cursor] == UInt8(ascii: "\"") {
                    try string(line, &cursor, &scratch)
                    try builder.set(field, scratch.span)
                } else {
                    let word = bareWord(line, &cursor)
                    if !line.extracting(word).isEqual(to: null) {
                        guard line.extracting(word).startsNumber else {
                            throw SampleMistake("\(field.name) is neither a text, a number nor null")
                        }
                        try builder.set(field, line.extracting(word))
                    }
                }
                skipSpace(line, &cursor)
                guard cursor < line.count, line[cursor] == UInt8(ascii: ",") else { break }
                cursor += 1
            } while true
            try expect("}", line, &cursor)
        }
        skipSpace(line, &cursor)
        guard cursor == line.count else { throw SampleMistake("text behind the object") }
    }

    private static let null = Array("null".utf8)

    private static func skipSpace(_ line: Span<UInt8>, _ cursor: inout Int) {
        while cursor < line.count, isSpace(line[cursor]) { cursor += 1 }
    }

    private static func expect(
        _ character: Unicode.Scalar, _ line: Span<UInt8>, _ cursor: inout Int
    ) throws(SampleMistake) {
        skipSpace(line, &cursor)
        guard cursor < line.count, line[cursor] == UInt8(ascii: character) else {
            throw SampleMistake("not a JSON object: \(character) is missing")
        }
        cursor += 1
    }

    /// A number or a literal: everything up to a comma, a brace or a space.
    private static func bareWord(_ line: Span<UInt8>, _ cursor: inout Int) -> Range<Int> {
        let start = cursor
        while cursor < line.count, !endsWord(line[cursor]) { cursor += 1 }
        return start..<cursor
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || isSpace(byte)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

    /// Reads a string, escapes resolved, into `scratch`.
    private static func string(
        _ line: Span<UInt8>, _ cursor: inout Int, _ scratch: inout [UInt8]
    ) throws(SampleMistake) {
        try expect("\"", line, &cursor)
        scratch.removeAll(keepingCapacity: true)
        while cursor < line.count {
            let byte = line[cursor]
            cursor += 1
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): try escape(line, &cursor, &scratch)
            default: scratch.append(byte)
            }
        }
        throw SampleMistake("a text is not closed on its line")
    }

    private static func escape(
        _ line: Span<UInt8>, _ cursor: inout Int, _ scratch: inout [UInt8]
    ) throws(SampleMistake) {
        let mistake = SampleMistake("an escape that JSON does not have")
        guard cursor < line.count else { throw mistake }
        let byte = line[cursor]
        cursor += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): scratch.append(byte)
        case UInt8(ascii: "b"): scratch.append(0x08)
        case UInt8(ascii: "f"): scratch.append(0x0c)
        case UInt8(ascii: "n"): scratch.append(0x0a)
        case UInt8(ascii: "r"): scratch.append(0x0d)
        case UInt8(ascii: "t"): scratch.append(0x09)
        case UInt8(ascii: "u"):
            var units = [try codeUnit(line, &cursor)]
            // The first half of a character beyond 16 bits: its second half follows.
            if (0xd800..<0xdc00).contains(units[0]), cursor + 1 < line.count, line[cursor] == UInt8(ascii: "\\"),
                line[cursor + 1] == UInt8(ascii: "u")
            {
                cursor += 2
                units.append(try codeUnit(line, &cursor))
            }
            scratch += Array(String(decoding: units, as: UTF16.self).utf8)
        default: throw mistake
        }
    }

    private static func codeUnit(_ line: Span<UInt8>, _ cursor: inout Int) throws(SampleMistake) -> UInt16 {
        guard cursor + 4 <= line.count, let unit = UInt16(line.extracting(cursor..<(cursor + 4)).text, radix: 16) else {
            throw SampleMistake("an escape that JSON does not have")
        }
        cursor += 4
        return unit
    }
}

extension Span<UInt8> {
    fileprivate var startsNumber: Bool {
        !isEmpty && (self[0] == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self[0]))
    }
}
