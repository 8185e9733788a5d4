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

    /// Adds the row's line, with its end, to `text`.
    package func write(_ row: SampleRow, to text: inout String) {
        switch self {
        case .csv: CSVLine.write(row, to: &text)
        case .jsonl: JSONLine.write(row, to: &text)
        }
    }
}

/// 12345 as `12.345`.
func millisecondText(us: UInt32) -> String { "\(us / 1000).\(padded(Int(us % 1000), 3))" }
