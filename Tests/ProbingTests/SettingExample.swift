/// Reads a key's example as the configuration would: flow YAML of plain and quoted texts, `[lists]` and `{maps: …}`.
struct SettingExample {
    private var rest: Substring

    private init(_ text: String) { rest = text[...] }

    /// nil when the example is not well-formed.
    static func read(_ text: String) -> SettingLiteral? {
        var reader = SettingExample(text)
        guard let value = reader.value(), reader.isAtEnd else { return nil }
        return value
    }

    private var isAtEnd: Bool { rest.allSatisfy { $0 == " " } }

    private mutating func value() -> SettingLiteral? {
        skipSpaces()
        switch rest.first {
        case "[": return list()
        case "{": return map()
        default: return text(endingAt: rest.startIndex == rest.base.startIndex ? "" : ",]}").map { .text($0) }
        }
    }

    private mutating func list() -> SettingLiteral? {
        var items: [SettingLiteral] = []
        rest.removeFirst()
        while !take("]") {
            guard let item = value() else { return nil }
            items.append(item)
            guard take(",") || rest.first == "]" else { return nil }
        }
        return .list(items)
    }

    private mutating func map() -> SettingLiteral? {
        var members: [(key: String, value: SettingLiteral)] = []
        rest.removeFirst()
        while !take("}") {
            guard let key = text(endingAt: ":"), take(":"), let value = value() else { return nil }
            members.append((key, value))
            guard take(",") || rest.first == "}" else { return nil }
        }
        return .map(members)
    }

    private mutating func text(endingAt ends: String) -> String? {
        skipSpaces()
        if rest.first == "\"" || rest.first == "'" { return quoted() }
        let plain = rest.prefix { !ends.contains($0) }
        rest = rest[plain.endIndex...]
        let text = plain.trimmingSuffix { $0 == " " }
        skipSpaces()
        return text.isEmpty ? nil : String(text)
    }

    private mutating func quoted() -> String? {
        let quote = rest.removeFirst()
        var text = ""
        while let character = rest.popFirst() {
            if character == quote {
                skipSpaces()
                return text
            }
            guard character == "\\", quote == "\"" else {
                text.append(character)
                continue
            }
            guard let escaped = rest.popFirst() else { return nil }
            switch escaped {
            case "r": text.append("\r")
            case "n": text.append("\n")
            case "\\", "\"": text.append(escaped)
            default: return nil
            }
        }
        return nil
    }

    private mutating func take(_ character: Character) -> Bool {
        skipSpaces()
        guard rest.first == character else { return false }
        rest.removeFirst()
        skipSpaces()
        return true
    }

    private mutating func skipSpaces() { rest = rest.drop { $0 == " " } }
}

extension Substring {
    fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> Substring {
        var trimmed = self
        while let last = trimmed.last, isTrimmed(last) { trimmed.removeLast() }
        return trimmed
    }
}
