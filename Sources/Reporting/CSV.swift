import Vocabulary

/// Comma-separated values as RFC 4180 has them: lines end in CR LF, fields that need it are quoted.
enum CSV {
    enum Field {
        /// Words from outside. Those that a spreadsheet would take for a formula get an apostrophe in front.
        case text(String)
        /// Our own numbers and instants, as they are; empty for what does not apply.
        case value(String?)
    }

    static func header(_ names: [String]) -> String { names.joined(separator: ",") + "\r\n" }

    static func row(_ fields: [Field]) -> String { fields.map { text($0) }.joined(separator: ",") + "\r\n" }

    private static func text(_ field: Field) -> String {
        switch field {
        case .value(let value): value ?? ""
        case .text(let text): quoted(isFormula(text) ? "'" + text : text)
        }
    }

    /// Source: OWASP, "CSV Injection".
    private static func isFormula(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        return ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"].contains(first)
    }

    private static func quoted(_ text: String) -> String {
        let special: Set<Unicode.Scalar> = [",", "\"", "\r", "\n"]
        guard text.unicodeScalars.contains(where: { special.contains($0) }) else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            if scalar == "\"" { quoted += "\"" }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }
}
