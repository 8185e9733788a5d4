/// One challenge of a `WWW-Authenticate` field. Source: RFC 9110, 11.2 to 11.6.
struct HTTPChallenge: Equatable {
    /// In small letters.
    let scheme: String
    /// By name, in small letters; quotes and escapes taken off.
    var parameters: [String: String] = [:]

    /// The challenges of one field's value, in its order. What cannot be read is left out.
    static func all(in value: String) -> [HTTPChallenge] {
        var reader = Reader(rest: value[...])
        var all: [HTTPChallenge] = []
        while let word = reader.word() {
            if !all.isEmpty, reader.take("=") {
                all[all.count - 1].parameters[word.lowercased()] = reader.value()
            } else {
                all.append(HTTPChallenge(scheme: word.lowercased()))
            }
        }
        return all
    }

    private struct Reader {
        var rest: Substring

        /// The next word; nil at the end.
        mutating func word() -> String? {
            rest = rest.drop { $0 == " " || $0 == "\t" || $0 == "," || $0 == "=" }
            let word = rest.prefix { !" \t,=\"".contains($0) }
            rest = rest[word.endIndex...]
            if word.isEmpty, !rest.isEmpty {
                // A quote where no value belongs: passed over.
                _ = value()
                return self.word()
            }
            return word.isEmpty ? nil : String(word)
        }

        mutating func take(_ character: Character) -> Bool {
            let after = rest.drop { $0 == " " || $0 == "\t" }
            guard after.first == character else { return false }
            rest = after.dropFirst()
            return true
        }

        /// A word, or a quoted text.
        mutating func value() -> String {
            rest = rest.drop { $0 == " " || $0 == "\t" }
            guard rest.first == "\"" else {
                let word = rest.prefix { !" \t,".contains($0) }
                rest = rest[word.endIndex...]
                return String(word)
            }
            rest = rest.dropFirst()
            var text = ""
            while let character = rest.popFirst(), character != "\"" {
                guard character == "\\", let escaped = rest.popFirst() else {
                    text.append(character)
                    continue
                }
                text.append(escaped)
            }
            return text
        }
    }
}
