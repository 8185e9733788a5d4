import CNet
import Vocabulary

/// A question asked of a text.
enum TextRule: Sendable {
    /// Any of them.
    case equals([SettingText])
    case contains(SettingText)
    case notContains(SettingText)
    case matches(Pattern)

    /// `contains "pong"`.
    var name: String {
        switch self {
        case .equals(let texts): "equals " + texts.map { "\"\($0.shown)\"" }.joined(separator: " or ")
        case .contains(let text): "contains \"\(text.shown)\""
        case .notContains(let text): "not_contains \"\(text.shown)\""
        case .matches(let pattern): "matches \"\(pattern.shown)\""
        }
    }

    var isOfAbsence: Bool {
        if case .notContains = self { return true }
        return false
    }

    func isMet(_ text: [UInt8]) -> Bool {
        switch self {
        case .equals(let texts): texts.contains { $0.value.utf8.elementsEqual(text) }
        case .contains(let wanted): TextRule.holds(text, wanted)
        case .notContains(let wanted): !TextRule.holds(text, wanted)
        case .matches(let pattern):
            pattern.isFound(in: text)
        }
    }

    static let keys = [
        SettingDescription("contains", "a text it must hold; or a list of texts", example: "json"),
        SettingDescription("not_contains", "a text it must not hold; or a list of texts", example: "charset=latin1"),
        SettingDescription("matches", "a regular expression (RE2) found in it; or a list", example: "\"^text/\""),
    ]

    /// Of the keys above, in their order.
    static func decode(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [TextRule] {
        func texts(_ key: String) -> [(text: SettingText, place: Place)] {
            let texts = reader.texts(key, &mistakes) ?? []
            if texts.count > BodyRules.rulesMax {
                mistakes.add(reader.place(key), "\(key) can hold at most \(BodyRules.rulesMax) texts")
            }
            return texts
        }
        var rules = texts("contains").map { contains($0.text) }
        rules += texts("not_contains").map { notContains($0.text) }
        for (text, place) in texts("matches") {
            if let pattern = Pattern.decode(text, at: place, &mistakes) { rules.append(.matches(pattern)) }
        }
        return rules
    }

    private static func holds(_ text: [UInt8], _ wanted: SettingText) -> Bool {
        let wanted = Array(wanted.value.utf8)
        return wanted.isEmpty || cnet_find(text, text.count, wanted, wanted.count) != nil
    }
}
