import Vocabulary

/// Words from outside made safe for HTML text and for quoted attributes. What would reorder or hide text is written
/// out as on a terminal.
func htmlEscaped(_ text: String, limit: Int = 400) -> String {
    var safe = ""
    for scalar in escaped(text, limit: limit).unicodeScalars {
        switch scalar {
        case "&": safe += "&amp;"
        case "<": safe += "&lt;"
        case ">": safe += "&gt;"
        case "\"": safe += "&quot;"
        case "'": safe += "&#39;"
        case "`": safe += "&#96;"
        default: safe.unicodeScalars.append(scalar)
        }
    }
    return safe
}
