import Vocabulary

/// Resolves `checks:` of windows, alert rules and contracts to names, in the order of the plan.
struct CheckSelector {
    let checks: [Check]
    /// Every file was read, so that a name nobody declares is a mistake.
    let isComplete: Bool
    private let known: Set<String>

    init(checks: [Check], isComplete: Bool) {
        self.checks = checks
        self.isComplete = isComplete
        known = Set(checks.map(\.name))
    }

    /// All names when the key is left out.
    func names(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [String] {
        guard let setting = reader.value("checks") else { return checks.map(\.name) }
        if let tags = setting.entries { return names(tagged: tags, setting, reader, &mistakes) }
        if setting.items.isEmpty {
            mistakes.add(setting.place, "\(setting.path) is empty; name checks or leave it out for all")
        }
        var chosen: Set<String> = []
        for (text, place) in reader.texts("checks", &mistakes) ?? [] {
            if !known.contains(text.value) {
                guard isComplete else { continue }
                mistakes.add(
                    place,
                    "unknown check \"\(text.shown)\" in \(reader.subject)"
                        + SettingReader.hint(for: text.value, among: checks.map(\.name)))
            } else if !chosen.insert(text.value).inserted {
                mistakes.add(place, "check \"\(text.shown)\" stands twice in \(reader.subject)")
            }
        }
        return checks.map(\.name).filter { chosen.contains($0) }
    }

    /// The checks that bear all of the tags.
    private func names(
        tagged entries: [Setting.Entry], _ setting: Setting, _ reader: SettingReader, _ mistakes: inout Mistakes
    ) -> [String] {
        var chosen = checks
        for entry in entries {
            guard let text = entry.value.text else {
                mistakes.add(entry.value.place, "\(entry.value.path) must be a text")
                return []
            }
            chosen = chosen.filter { $0.tags[entry.key] == text.shown }
        }
        if chosen.isEmpty, isComplete {
            let wanted = entries.map { "\($0.key): \($0.value.text?.shown ?? "")" }.joined(separator: ", ")
            mistakes.add(
                setting.place, "no check has the tags {\(wanted)} that \(reader.subject) asks for" + hint(entries))
        }
        return chosen.map(\.name)
    }

    /// The near key, or the near value of a key that is right.
    private func hint(_ entries: [Setting.Entry]) -> String {
        for entry in entries {
            let values = Set(checks.compactMap { $0.tags[entry.key] })
            if values.isEmpty {
                return SettingReader.hint(for: entry.key, among: Set(checks.flatMap(\.tags.keys)).sorted())
            }
            if let value = entry.value.text?.shown, !values.contains(value) {
                return SettingReader.hint(for: value, among: values.sorted())
            }
        }
        return ""
    }
}
