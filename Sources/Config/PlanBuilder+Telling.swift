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
        let kinds = channelKinds.map { SettingDescription($0, "", example: "") }
        let subject = "channel \"\(entry.key)\""
        _ = SettingReader(entry.value, subject: subject, keys: kinds, &mistakes)
        let given = entry.value.entries?.filter { channelKinds.contains($0.key) } ?? []
        if entry.value.node == .null || entry.value.entries?.isEmpty == true {
            mistakes.add(entry.place, "\(subject) has no kind; give it one of \(channelKinds.joined(separator: ", "))")
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
        return list("alerts", &mistakes).map { setting in
            let subject = "the alert rule \(setting.path)"
            let reader = SettingReader(setting, subject: subject, keys: ConfigKeys.alert, &mistakes)
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
        if reader.setting.entries != nil, !reader.has("to") || reader.value("to")?.items.isEmpty == true {
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
