import Vocabulary

/// A row of samples as comma-separated values. Source: RFC 4180; a field here never holds a line end.
enum CSVLine {
    static func write(_ row: SampleRow, to bytes: inout [UInt8]) {
        bytes.append(row.time)
        for field in [row.check, row.region] {
            bytes.append(comma)
            write(field: field, to: &bytes)
        }
        for name in [row.verdict.name, row.cause.name] {
            bytes.append(comma)
            bytes.append(name)
        }
        bytes.append(comma)
        if row.status != 0 { bytes.append(Int64(row.status)) }
        bytes.append(comma)
        bytes.append(milliseconds: row.totalUs)
        for leg in Leg.allCases {
            bytes.append(comma)
            bytes.append(milliseconds: row.legs[leg])
        }
        bytes.append(comma)
        bytes.append(row.marks.text)
        bytes.append(comma)
        if let leg = row.restLeg { bytes.append(leg.name) }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static let comma = UInt8(ascii: ",")
    private static let quote = UInt8(ascii: "\"")

    private static func write(field: String, to bytes: inout [UInt8]) {
        guard field.utf8.contains(where: { $0 == comma || $0 == quote || $0 < 0x20 }) else {
            bytes.append(field)
            return
        }
        bytes.append(quote)
        for byte in field.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }

    /// What stands in each column.
    static func header(_ line: Span<UInt8>, scratch: inout [UInt8]) throws(SampleMistake) -> [SampleField] {
        var columns: [SampleField] = []
        var cursor = 0
        while let field = try nextField(line, &cursor, &scratch) {
            let name = field.isQuoted ? scratch : line.extracting(field.range).bytes
            guard let column = SampleField.named(name.span) else {
                let all = SampleField.allCases.map(\.name).joined(separator: ", ")
                throw SampleMistake("column \"\(escaped(name.span.text, limit: 40))\" is none of \(all)")
            }
            guard !columns.contains(column) else { throw SampleMistake("column \(column.name) stands twice") }
            columns.append(column)
        }
        for field in SampleField.required where !columns.contains(field) {
            throw SampleMistake("column \(field.name) is missing")
        }
        return columns
    }

    static func read(
        _ line: Span<UInt8>, _ columns: [SampleField], into builder: inout SampleRowBuilder, scratch: inout [UInt8]
    ) throws(SampleMistake) {
        var cursor = 0
        var count = 0
        while let field = try nextField(line, &cursor, &scratch) {
            if count < columns.count {
                if field.isQuoted {
                    try builder.set(columns[count], scratch.span)
                } else {
                    try builder.set(columns[count], line.extracting(field.range))
                }
            }
            count += 1
        }
        guard count == columns.count else {
            throw SampleMistake("\(count) fields, and the header has \(columns.count)")
        }
    }

    /// The next field from `cursor` on, nil behind the last. Of a quoted one the content stands in `scratch`.
    private static func nextField(
        _ line: Span<UInt8>, _ cursor: inout Int, _ scratch: inout [UInt8]
    ) throws(SampleMistake) -> (range: Range<Int>, isQuoted: Bool)? {
        guard cursor <= line.count else { return nil }
        let start = cursor
        let isQuoted = start < line.count && line[start] == quote
        if isQuoted {
            cursor = try quotedEnd(line, start, &scratch)
            guard cursor == line.count || line[cursor] == comma else {
                throw SampleMistake("text behind a closing quote")
            }
        } else {
            while cursor < line.count, line[cursor] != comma { cursor += 1 }
        }
        let range = start..<cursor
        cursor += 1
        return (range, isQuoted)
    }

    /// Copies what stands between quotes, two of them for one, and gives the place behind the closing one.
    private static func quotedEnd(
        _ line: Span<UInt8>, _ start: Int, _ scratch: inout [UInt8]
    ) throws(SampleMistake) -> Int {
        scratch.removeAll(keepingCapacity: true)
        var index = start + 1
        while index < line.count {
            if line[index] == quote {
                guard index + 1 < line.count, line[index + 1] == quote else { return index + 1 }
                index += 1
            }
            scratch.append(line[index])
            index += 1
        }
        throw SampleMistake("a quote is not closed on its line")
    }
}
