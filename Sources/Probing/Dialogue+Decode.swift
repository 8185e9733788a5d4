import Vocabulary

extension Dialogue {
    /// The keys of one step.
    package static let stepKeys = [
        SettingDescription(
            "expect", "a regular expression (RE2, multi-line) searched in what comes after the step before",
            example: "\"^220 \""),
        SettingDescription("send", "a text that goes out", example: "\"EHLO me\\r\\n\""),
        SettingDescription(
            "starttls", "true: TLS begins here, as the tls block says; the step before hears the target agree",
            example: "true"),
    ]

    /// What `send` and `expect`, or `steps`, of a check say.
    static func decode(_ reader: SettingReader, _ mistakes: inout Mistakes) -> Dialogue {
        guard let steps = reader.value("steps") else { return short(reader, &mistakes) }
        for key in ["send", "expect"] where reader.has(key) {
            mistakes.add(
                reader.place(key), "\(reader.subject) has both \"steps\" and \"\(key)\"; make it one of the steps")
        }
        let items = steps.items
        guard (1...turnsMax).contains(items.count) else {
            mistakes.add(
                steps.place, "steps of \(reader.subject) must hold 1 to \(turnsMax) steps, not \(items.count)")
            return Dialogue()
        }
        var turns: [Turn] = []
        var isSecure = false
        for item in items {
            guard let turn = turn(item, reader.subject, &mistakes) else { continue }
            turns.append(turn)
            guard case .starttls = turn else { continue }
            if isSecure {
                mistakes.add(item.place, "steps of \(reader.subject) begin TLS twice; keep one starttls")
            }
            isSecure = true
        }
        return Dialogue(turns)
    }

    private static func short(_ reader: SettingReader, _ mistakes: inout Mistakes) -> Dialogue {
        var turns: [Turn] = []
        if let send = reader.text("send", &mistakes), !send.value.isEmpty {
            turns.append(.send(Array(send.value.utf8)))
        }
        if let expect = pattern(reader, &mistakes) { turns.append(.expect(expect)) }
        return Dialogue(turns)
    }

    private static func turn(_ item: Setting, _ subject: String, _ mistakes: inout Mistakes) -> Turn? {
        let reader = SettingReader(item, subject: "a step of \(subject)", keys: stepKeys, &mistakes)
        guard item.entries != nil else { return nil }
        let given = stepKeys.map(\.name).filter { reader.has($0) }
        guard given.count == 1 else {
            let what = given.isEmpty ? "says nothing" : "has both \"\(given[0])\" and \"\(given[1])\""
            mistakes.add(item.place, "a step of \(subject) \(what); give it one of expect, send or starttls")
            return nil
        }
        if let send = reader.text("send", &mistakes) { return .send(Array(send.value.utf8)) }
        if let expect = pattern(reader, &mistakes) { return .expect(expect) }
        guard let isOn = reader.bool("starttls", &mistakes) else { return nil }
        if !isOn { mistakes.add(item.place, "starttls of a step of \(subject) must be true; or leave the step out") }
        return .starttls
    }

    private static func pattern(_ reader: SettingReader, _ mistakes: inout Mistakes) -> Pattern? {
        guard let text = reader.text("expect", &mistakes), let value = reader.value("expect") else { return nil }
        return Pattern.decode(text, at: value.place, isMultiLine: true, &mistakes)
    }
}
