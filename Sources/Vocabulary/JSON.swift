/// A JSON value whose objects keep the order of their keys and whose nulls are written: outputs are read by people
/// and compared by tests.
package indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    /// A number already in its text form, such as `0.997857` or `12.345`.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])
    /// JSON already, as `written(at:)` gives it.
    case written(String)

    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSON

        package init(key: String, value: JSON) {
            self.key = key
            self.value = value
        }
    }

    package static func object(_ members: KeyValuePairs<String, JSON>) -> JSON {
        .object(members.map { Member(key: $0.key, value: $0.value) })
    }
    package static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
    package static func optional(_ number: Int64?) -> JSON { number.map { .int($0) } ?? .null }
    package static func instant(_ instant: Instant?) -> JSON { instant.map { .string($0.rfc3339) } ?? .null }
    /// Microseconds as milliseconds with three decimals, `12.345`.
    package static func milliseconds(us: Int64?) -> JSON {
        us.map { .number("\($0 / 1000).\(padded(Int($0 % 1000), 3))") } ?? .null
    }
    /// floor(10^6 x numerator / denominator) / 10^6 in integers; null when the denominator is 0.
    /// Source: docs/uptime.md, rule 5.
    package static func ratio(_ numerator: Int64, _ denominator: Int64) -> JSON {
        guard denominator > 0 else { return .null }
        let (high, low) = numerator.multipliedFullWidth(by: 1_000_000)
        let millionths = Int(denominator.dividingFullWidth((high, low)).quotient)
        return .number("\(millionths / 1_000_000).\(padded(millionths % 1_000_000, 6))")
    }

    /// On one line, no spaces.
    package var text: String {
        var text = ""
        write(to: &text, indent: nil)
        return text
    }

    /// Indented by two spaces, for reading.
    package var prettyText: String {
        var text = ""
        write(to: &text, indent: 0)
        return text
    }

    /// The value as text for reading, to stand `depth` lists or objects deep: so that the parts of a long document can
    /// be written apart.
    package func written(at depth: Int) -> JSON {
        var text = ""
        write(to: &text, indent: 2 * depth)
        return .written(text)
    }

    private func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .int(let value): text += String(value)
        case .number(let digits): text += digits
        case .string(let value): JSON.write(value, to: &text)
        case .written(let value): text += value
        case .array(let items):
            JSON.writeList(items, "[", "]", to: &text, indent: indent) { $0.write(to: &$1, indent: $2) }
        case .object(let members):
            JSON.writeList(members, "{", "}", to: &text, indent: indent) { member, text, inner in
                JSON.write(member.key, to: &text)
                text += inner == nil ? ":" : ": "
                member.value.write(to: &text, indent: inner)
            }
        }
    }

    private static func writeList<Item>(
        _ items: [Item], _ open: String, _ close: String, to text: inout String, indent: Int?,
        _ writeItem: (Item, inout String, Int?) -> Void
    ) {
        text += open
        let inner = indent.map { $0 + 2 }
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: " ", count: inner) }
            writeItem(item, &text, inner)
        }
        if let indent, !items.isEmpty { text += "\n" + String(repeating: " ", count: indent) }
        text += close
    }

    private static func write(_ string: String, to text: inout String) {
        text += "\""
        defer { text += "\"" }
        // Mostly nothing is to be escaped.
        if string.utf8.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != 0x22 && $0 != 0x5c }) { return text += string }
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f || (0x80...0x9f).contains(scalar.value):
                let hex = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
