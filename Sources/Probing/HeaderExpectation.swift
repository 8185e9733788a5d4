import Vocabulary

/// `headers`: what a header field must hold, or that it must not be there.
struct HeaderExpectation: Expectation {
    /// Most fields that one check asks about.
    static let fieldsMax = 64
    /// Most characters of the values that are shown.
    private static let seenMax = 200

    enum Question: Sendable {
        case presence(Bool)
        case text(TextRule)
    }

    let cause = Cause.headerMismatch
    let severity: Severity
    let field: String
    let question: Question

    var name: String {
        switch question {
        case .presence(let isPresent): "headers \(field) present \(isPresent)"
        case .text(let rule): "headers \(field) \(rule.name)"
        }
    }

    /// Where a field came several times, one of them is enough; what must not be there must be in none.
    func isMet(_ sighting: some Sighting) -> Bool {
        let values = sighting.fields(named: field)
        switch question {
        case .presence(let isPresent): return values.isEmpty != isPresent
        case .text(let rule) where rule.isOfAbsence: return values.allSatisfy { rule.isMet(Array($0.utf8)) }
        case .text(let rule): return values.contains { rule.isMet(Array($0.utf8)) }
        }
    }

    func seen(_ sighting: some Sighting) -> String {
        let values = sighting.fields(named: field)
        return values.isEmpty ? "no such field" : String(values.joined(separator: ", ").prefix(Self.seenMax))
    }
}

extension HeaderExpectation: ExpectationType {
    static let meaning = "what header fields must hold, by name; a bare text is the whole value"
    static let example = "{content-type: {matches: json}}"
    static let keys =
        [SettingDescription("equals", "the whole value; or a list of which one is enough", example: "text/html")]
        + TextRule.keys + [
            SettingDescription("present", "false: the field must not be there; true: it must", example: "false"),
            SettingDescription.severity(.fail),
        ]
    static let blocks = [(name: "headers: NAME", keys: keys)]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        guard let entries = setting.entries, !entries.isEmpty else {
            mistakes.add(setting.place, "headers of \(subject) must be a map of header fields, such as \(example)")
            return
        }
        if entries.count > fieldsMax {
            mistakes.add(setting.place, "headers of \(subject) can hold at most \(fieldsMax) fields")
        }
        for entry in entries {
            guard HTTPKind.isFieldName(entry.key) else {
                mistakes.add(entry.place, "\"\(entry.key)\" in headers of \(subject) is not a header field")
                continue
            }
            expectations.others += decode(entry, of: subject, &mistakes)
        }
    }

    private static func decode(
        _ entry: Setting.Entry, of subject: String, _ mistakes: inout Mistakes
    ) -> [HeaderExpectation] {
        guard entry.value.entries != nil else {
            let texts = entry.value.texts(&mistakes).map(\.text)
            if texts.isEmpty { mistakes.add(entry.place, "\(entry.value.path) must be a text or a map of rules") }
            return [HeaderExpectation(severity: .fail, field: entry.key, question: .text(.equals(texts)))]
        }
        let subject = "\"\(entry.key)\" in headers of \(subject)"
        let reader = SettingReader(entry.value, subject: subject, keys: keys, &mistakes)
        let severity = reader.severity(&mistakes) ?? .fail
        var questions: [Question] = []
        if let texts = reader.texts("equals", &mistakes) { questions.append(.text(.equals(texts.map(\.text)))) }
        questions += TextRule.decode(reader, &mistakes).map { .text($0) }
        let present = reader.bool("present", &mistakes)
        if present == false, !questions.isEmpty {
            mistakes.add(reader.place("present"), "\(subject) cannot be absent and hold a value; keep one")
        }
        if let present { questions.append(.presence(present)) }
        if questions.isEmpty, (entry.value.entries ?? []).allSatisfy({ $0.key == "severity" }) {
            mistakes.add(entry.value.place, "\(subject) asks for nothing; say so with {present: true} or \(example)")
        }
        return questions.map { HeaderExpectation(severity: severity, field: entry.key, question: $0) }
    }
}
