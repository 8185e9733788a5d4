import Vocabulary

/// Prometheus' text format 0.0.4.
package enum MetricsText: MetricsFormat {
    package static let name = "metrics"
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package static func render(_ metrics: Metrics) -> String {
        var text = ""
        for family in metrics.families {
            text += "# HELP \(family.name) \(family.help)\n# TYPE \(family.name) \(family.kind)\n"
            for value in family.values {
                text += family.name + value.suffix
                if !value.labels.isEmpty {
                    text += "{" + value.labels.map { "\($0)=\"\(escaped($1))\"" }.joined(separator: ",") + "}"
                }
                text += " \(value.number)\n"
            }
        }
        return text
    }

    /// Backslash, quotation mark and line feed. Source: Prometheus, "Exposition formats".
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
