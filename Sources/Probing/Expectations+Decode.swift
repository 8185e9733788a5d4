import Vocabulary

extension Expectations {
    /// `expect`: the check's block. What the kind cannot check and what does not decode are mistakes; what is left is
    /// given back all the same.
    static func decode(
        _ expect: Setting?, for check: Check, kind: String, can: [ExpectationKey], _ mistakes: inout Mistakes
    ) -> Expectations {
        var expectations = Expectations()
        guard let expect else { return expectations }
        let subject = subject(check)
        _ = SettingReader(expect, subject: subject, keys: ExpectationKey.allCases.map(\.description), &mistakes)
        for entry in expect.entries ?? [] {
            guard let key = ExpectationKey(rawValue: entry.key) else { continue }
            guard can.contains(key) else {
                let known = can.map(\.rawValue).joined(separator: ", ")
                mistakes.add(entry.place, "\(kind) cannot check \"\(entry.key)\"; it can check \(known)")
                continue
            }
            key.type.decode(entry.value, of: subject, into: &expectations, &mistakes)
        }
        return expectations
    }

    /// What only a handshake could answer is a mistake where there is none.
    func refuseWithoutTLS(_ check: Check, _ mistakes: inout Mistakes) {
        for key in others.compactMap(\.keyThatNeedsTLS) {
            guard let entry = check.expect?.entries?.first(where: { $0.key == key.rawValue }) else { continue }
            mistakes.add(
                entry.place,
                "\"\(entry.key)\" in \(Expectations.subject(check)) needs TLS, which this check does not speak; "
                    + "ask by https:// or tls, or take it out")
        }
    }

    private static func subject(_ check: Check) -> String { "expect of \(check.kind) check \"\(check.name)\"" }
}

/// The values that are allowed: one, a list, or `{in: …, severity: …}`.
struct AllowedValues {
    let values: [(text: SettingText, place: Place)]
    let severity: Severity

    /// `name`: of the key, for messages.
    init(_ setting: Setting, name: String, of subject: String, example: String, _ mistakes: inout Mistakes) {
        guard setting.entries != nil else {
            values = setting.texts(&mistakes)
            severity = .fail
            return
        }
        let subject = "\(name) of \(subject)"
        let reader = SettingReader(setting, subject: subject, keys: AllowedValues.keys(example), &mistakes)
        if !reader.has("in") { mistakes.add(setting.place, "\(subject) needs \"in\", such as {in: \(example)}") }
        values = reader.texts("in", &mistakes) ?? []
        severity = reader.severity(&mistakes) ?? .fail
    }

    static func keys(_ example: String) -> [SettingDescription] {
        [SettingDescription("in", "what is fine, as without the map", example: example), .severity(.fail)]
    }
}

extension Pattern {
    /// nil, and a mistake, when it does not compile.
    static func decode(
        _ text: SettingText, at place: Place, isMultiLine: Bool = false, _ mistakes: inout Mistakes
    ) -> Pattern? {
        do {
            return try Pattern(text, isMultiLine: isMultiLine)
        } catch {
            mistakes.add(place, "the regular expression \"\(text.shown)\" does not compile: \(error.text)")
            return nil
        }
    }
}
