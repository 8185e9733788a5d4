import Vocabulary

/// The text forms of samples. What `line` writes, `SampleReader` reads back into the same slot, bit for bit.
package enum SampleFormat: String, Sendable, CaseIterable {
    case csv
    case jsonl

    /// The first line of a file; nil for none.
    package var header: String? {
        switch self {
        case .csv: SampleField.allCases.map(\.name).joined(separator: ",")
        case .jsonl: nil
        }
    }

    /// Adds the row's line, with its end, to `bytes`.
    package func write(_ row: SampleRow, to bytes: inout [UInt8]) {
        switch self {
        case .csv: CSVLine.write(row, to: &bytes)
        case .jsonl: JSONLine.write(row, to: &bytes)
        }
    }
}

extension [UInt8] {
    mutating func append(_ text: String) { append(contentsOf: text.utf8) }

    /// Decimal digits, zeros before them up to `width`.
    mutating func append(_ number: Int64, width: Int = 1) {
        var place: Int64 = 1
        var digits = 1
        while digits < width || number / place >= 10 {
            place *= 10
            digits += 1
        }
        while place > 0 {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / place % 10))
            place /= 10
        }
    }

    /// 12345 as `12.345`.
    mutating func append(milliseconds us: UInt32) {
        append(Int64(us / 1000))
        append(UInt8(ascii: "."))
        append(Int64(us % 1000), width: 3)
    }

    /// As `Instant.rfc3339Exact`, without strings on the way: an export has millions of them.
    mutating func append(_ instant: Instant) {
        let day = floorDivide(instant.seconds, 86_400)
        let date = CivilDate(daysSinceEpoch: Int(day))
        let second = instant.seconds - day * 86_400
        append(Int64(date.year), width: 4)
        for (separator, number) in [
            ("-" as Unicode.Scalar, Int64(date.month)), ("-", Int64(date.day)), ("T", second / 3600),
            (":", second / 60 % 60), (":", second % 60),
        ] {
            append(UInt8(ascii: separator))
            append(number, width: 2)
        }
        append(UInt8(ascii: "."))
        let inSecond = instant.nanoseconds - instant.seconds * Duration.secondNs
        if inSecond % Duration.millisecondNs == 0 {
            append(inSecond / Duration.millisecondNs, width: 3)
        } else if inSecond % Duration.microsecondNs == 0 {
            append(inSecond / Duration.microsecondNs, width: 6)
        } else {
            append(inSecond, width: 9)
        }
        append(UInt8(ascii: "Z"))
    }
}
