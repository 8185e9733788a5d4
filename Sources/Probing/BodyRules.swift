import Vocabulary

/// `body`: texts and patterns asked of it.
struct BodyRules: Sendable {
    /// Most texts or patterns of one list: the scanner keeps an answer for each in one word.
    static let rulesMax = 32
    /// Longest text that can be searched for, in bytes.
    static let textMax = 65_536

    var contains: [BodyText] = []
    var notContains: [BodyText] = []
    var matches: [Pattern] = []
    var json: [JSONRule] = []
    var severity = Severity.fail

    /// What needs the body as a whole, at its end.
    var needsWhole: Bool { !matches.isEmpty || !json.isEmpty }
    /// Absent texts are only known at the end, too; texts that must be there are known when they came by.
    var canStopEarly: Bool { notContains.isEmpty && !needsWhole }
    var longestText: Int { (contains + notContains).map(\.bytes.count).max() ?? 0 }
}

/// A text to look for, with what may be shown of it.
struct BodyText: Sendable {
    let bytes: [UInt8]
    let shown: String
}

extension BodyRules: ExpectationType {
    static let meaning = "what the body must and must not hold"
    static let example = "{contains: pong}"
    static let keys = [
        SettingDescription("contains", "a text the body must hold; or a list of texts", example: "pong"),
        SettingDescription("not_contains", "a text the body must not hold; or a list of texts", example: "error"),
        SettingDescription(
            "matches", "a regular expression (RE2) found in the body; or a list", example: "\"^\\\\{\""),
        SettingDescription(
            "json", "what JSON paths (RFC 9535) must select in it; every selected value, and at least one",
            example: "{\"$.ok\": true}"),
        SettingDescription.severity(.fail),
    ]
    static let blocks = [(name: "body", keys: keys), (name: "body: json: PATH", keys: JSONRule.pathKeys)]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let reader = SettingReader(setting, subject: "body of \(subject)", keys: keys, &mistakes)
        var rules = BodyRules()
        rules.contains = texts(reader, "contains", &mistakes)
        rules.notContains = texts(reader, "not_contains", &mistakes)
        for (text, place) in reader.texts("matches", &mistakes) ?? [] {
            if let pattern = Pattern.decode(text, at: place, &mistakes) { rules.matches.append(pattern) }
        }
        if rules.matches.count > rulesMax {
            mistakes.add(reader.place("matches"), "matches can hold at most \(rulesMax) patterns")
        }
        rules.severity = reader.severity(&mistakes) ?? .fail
        if let json = reader.value("json") {
            rules.json = JSONRule.decode(json, of: reader.subject, rules.severity, &mistakes)
        }
        expectations.body = rules
    }

    private static func texts(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> [BodyText] {
        let texts = reader.texts(key, &mistakes) ?? []
        if texts.count > BodyRules.rulesMax {
            mistakes.add(reader.place(key), "\(key) can hold at most \(BodyRules.rulesMax) texts")
        }
        return texts.compactMap { text, place in
            let bytes = Array(text.value.utf8)
            guard !bytes.isEmpty, bytes.count <= BodyRules.textMax else {
                mistakes.add(place, "\(key) must be a text of 1 to \(BodyRules.textMax) bytes")
                return nil
            }
            return BodyText(bytes: bytes, shown: text.shown)
        }
    }
}
