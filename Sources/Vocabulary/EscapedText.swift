/// Text from outside made safe for a terminal and a log line: control characters, line ends, and the invisible
/// characters that reorder text are written as `\n`, `\u{1b}`; at most `limit` characters, then `…`.
package func escaped(_ text: String, limit: Int = 400) -> String {
    var safe = ""
    var count = 0
    for scalar in text.unicodeScalars {
        guard count < limit else { return safe + "…" }
        count += 1
        switch scalar {
        case "\n": safe += "\\n"
        case "\r": safe += "\\r"
        case "\t": safe += "\\t"
        case "\\": safe += "\\\\"
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                safe += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: safe.unicodeScalars.append(scalar)
            }
        }
    }
    return safe
}
