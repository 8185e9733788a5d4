import Vocabulary

/// `channels:` and `alerts:`.
extension PlanBuilder {
    func channels(_ mistakes: inout Mistakes) -> [ChannelPlan] {
        var places: [String: Place] = [:]
        return entries("channels", &mistakes).compactMap { entry in
            NameText.check(entry.key, of: "channel", at: entry.place, &mistakes)
            if let first = places[entry.key] {
                mistakes.add(entry.place, "the name \"\(entry.key)\" is taken by the channel at \(first)")
                return nil
            }
            places[entry.key] = entry.place
            return channel(entry, &mistakes)
        }
    }

    private func channel(_ entry: Setting.Entry, _ mistakes: inout Mistakes) -> ChannelPlan {
        let subject = "channel \"\(entry.key)\""
        let known = channelKinds.joined(separator: ", ")
        var given: [Setting.Entry] = []
        switch entry.value.node {
        case .map(let kinds):
            given = kinds.filter { channelKinds.contains($0.key) }
            for kind in kinds where !channelKinds.contains(kind.key) {
                mistakes.add(
                    kind.place,
                    "unknown kind \"\(kind.key)\" of \(subject), known are \(known)"
                        + SettingReader.hint(for: kind.key, among: channelKinds))
            }
            if kinds.isEmpty { mistakes.add(entry.place, "\(subject) has no kind; give it one of \(known)") }
        case .null: mistakes.add(entry.place, "\(subject) has no kind; give it one of \(known)")
        case .text, .list: mistakes.add(entry.value.place, "\(subject) must be a map of its kind, one of \(known)")
        }
        if given.count > 1 {
            mistakes.add(
                given[1].place, "\(subject) has both \(given[0].key) and \(given[1].key); make them two channels")
        }
        // Without a kind there is a mistake already; the name is kept, so that rules which use it raise no other.
        return ChannelPlan(
            name: entry.key, kind: given.first?.key ?? "", settings: given.first?.value ?? entry.value)
    }

    /// Without `alerts:` every channel is told of every outage of every check.
    func alerts(_ selector: CheckSelector, channels: [ChannelPlan], _ mistakes: inout Mistakes) -> [AlertRule] {
        let names = channels.map(\.name)
        if values("alerts").isEmpty {
            return names.isEmpty ? [] : [AlertRule(checks: selector.checks.map(\.name), channels: names)]
        }
        return list("alerts", &mistakes).compactMap { setting in
            guard setting.isMap(of: "alert rule", example: "{checks: [shop], to: [ops]}", &mistakes) else { return nil }
            let subject = "the alert rule \(setting.path)"
            let reader = SettingReader(setting, subject: subject, keys: ConfigKeys.alert, &mistakes)
            if let on = reader.value("on"), on.items.isEmpty {
                mistakes.add(on.place, "\(on.path) is empty; write down or leave it out")
            }
            for (text, place) in reader.texts("on", &mistakes) ?? [] where text.value != "down" {
                let isPlanned = Self.plannedTriggers.contains(text.value)
                mistakes.add(
                    place,
                    isPlanned
                        ? "to alert on \"\(text.shown)\" is not built yet; take it out"
                        : "an alert rule can be on down, not \"\(text.shown)\""
                            + SettingReader.hint(for: text.value, among: ["down"]))
            }
            return AlertRule(checks: selector.names(reader, &mistakes), channels: targets(reader, names, &mistakes))
        }
    }

    /// What alert rules will be able to tell of besides outages.
    private static let plannedTriggers = ["degraded", "certificate", "burn", "apdex"]

    private func targets(_ reader: SettingReader, _ known: [String], _ mistakes: inout Mistakes) -> [String] {
        let texts = reader.texts("to", &mistakes) ?? []
        if !reader.has("to") || reader.value("to")?.items.isEmpty == true {
            mistakes.add(reader.place("to"), "\(reader.subject) tells nobody; name a channel with \"to\"")
        }
        var chosen: [String] = []
        for (text, place) in texts {
            if !known.contains(text.value) {
                guard isComplete else { continue }
                mistakes.add(
                    place,
                    "unknown channel \"\(text.shown)\" in \(reader.subject)"
                        + SettingReader.hint(for: text.value, among: known))
            } else if chosen.contains(text.value) {
                mistakes.add(place, "channel \"\(text.shown)\" stands twice in \(reader.subject)")
            } else {
                chosen.append(text.value)
            }
        }
        return chosen
    }
}
