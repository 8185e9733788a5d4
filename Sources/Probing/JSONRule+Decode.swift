import Vocabulary

extension JSONRule {
    static let pathKeys =
        [
            SettingDescription(
                "equals",
                "the value: true, false, null and numbers are meant as JSON, as are texts in quotation marks of their "
                    + "own ('\"3\"' is the text 3); everything else is a text; or a list of which one is enough",
                example: "ok"),
            SettingDescription("over", "a number that it must exceed", example: "3"),
            SettingDescription("under", "a number that it must stay below", example: "100"),
            SettingDescription(
                "contains", "a text that it must hold, or, of a list, an element; or several", example: "pong"),
            SettingDescription("not_contains", "likewise what it must not hold", example: "error"),
            SettingDescription("matches", "a regular expression (RE2) found in the text; or several", example: "^v2"),
            SettingDescription("exists", "true: the path selects something; false: nothing", example: "false"),
            SettingDescription(
                "count", "how many values the path selects: a number, {over: n} or {under: n}", example: "{over: 0}"),
            SettingDescription(
                "severity", "what a miss weighs: fail, degrade or warn; default that of body", example: "warn"),
        ]
    private static let countKeys = [
        SettingDescription("over", "more than this", example: "0"),
        SettingDescription("under", "less than this", example: "10"),
    ]
    private static let countMax = 1_000_000_000

    /// `setting`: the map of paths under `json`.
    static func decode(
        _ setting: Setting, of subject: String, _ standard: Severity, _ mistakes: inout Mistakes
    ) -> [JSONRule] {
        guard let entries = setting.entries, !entries.isEmpty else {
            mistakes.add(
                setting.place, "json of \(subject) must be a map of JSON paths, such as {\"$.ok\": true}")
            return []
        }
        var rules: [JSONRule] = []
        for entry in entries {
            do {
                let path = try JSONPath(entry.key)
                rules += decode(entry, path, of: subject, standard, &mistakes)
            } catch {
                mistakes.add(
                    entry.place,
                    "\"\(entry.key)\" in json of \(subject) is no JSON path: \(error.text), at character "
                        + "\(error.character)")
            }
        }
        if rules.count > rulesMax {
            mistakes.add(setting.place, "json of \(subject) can ask at most \(rulesMax) questions")
        }
        return rules
    }

    private static func decode(
        _ entry: Setting.Entry, _ path: JSONPath, of subject: String, _ standard: Severity,
        _ mistakes: inout Mistakes
    ) -> [JSONRule] {
        guard entry.value.entries != nil else {
            let literals = entry.value.texts(&mistakes).map { Literal($0.text) }
            if literals.isEmpty {
                mistakes.add(entry.place, "\(entry.value.path) must be a value or a map of rules; write null for null")
            }
            return [JSONRule(path: path, question: .equals(literals), severity: standard)]
        }
        let subject = "\"\(entry.key)\" in json of \(subject)"
        let reader = SettingReader(entry.value, subject: subject, keys: pathKeys, &mistakes)
        let severity = reader.severity(&mistakes) ?? standard
        var questions: [Question] = []
        if let texts = reader.texts("equals", &mistakes) { questions.append(.equals(texts.map { Literal($0.text) })) }
        if let limit = number(reader, "over", &mistakes) { questions.append(.over(limit)) }
        if let limit = number(reader, "under", &mistakes) { questions.append(.under(limit)) }
        questions += TextRule.decode(reader, &mistakes).map { .text($0) }
        if let isThere = reader.bool("exists", &mistakes) { questions.append(.exists(isThere)) }
        if let count = count(reader, subject, &mistakes) { questions.append(count) }
        if questions.isEmpty, (entry.value.entries ?? []).allSatisfy({ $0.key == "severity" }) {
            mistakes.add(entry.value.place, "\(subject) asks for nothing; say so with a value or {exists: true}")
        }
        return questions.map { JSONRule(path: path, question: $0, severity: severity) }
    }

    private static func number(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> Literal? {
        guard let text = reader.text(key, &mistakes) else { return nil }
        let literal = Literal(text)
        if literal.isNumber { return literal }
        mistakes.add(
            reader.value(key)?.place ?? reader.place(key),
            "\(key) of \(reader.subject) must be a number, not \"\(text.shown)\"")
        return nil
    }

    private static func count(
        _ reader: SettingReader, _ subject: String, _ mistakes: inout Mistakes
    ) -> Question? {
        guard let setting = reader.value("count") else { return nil }
        guard setting.entries != nil else {
            return reader.int("count", in: 0...countMax, &mistakes).map { .count($0...$0, shown: "\($0)") }
        }
        let limits = SettingReader(setting, subject: "count of \(subject)", keys: countKeys, &mistakes)
        let over = limits.int("over", in: 0...countMax - 1, &mistakes)
        let under = limits.int("under", in: 1...countMax, &mistakes)
        let lower = over.map { $0 + 1 } ?? 0
        let upper = under.map { $0 - 1 } ?? countMax
        guard over != nil || under != nil, lower <= upper else {
            mistakes.add(setting.place, "count of \(subject) must be a number, {over: n} or {under: n}")
            return nil
        }
        let shown = [over.map { "over \($0)" }, under.map { "under \($0)" }].compactMap { $0 }
        return .count(lower...upper, shown: shown.joined(separator: " "))
    }
}
