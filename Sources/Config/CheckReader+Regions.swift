import Vocabulary

/// The keys of a check that hang on its regions, and its tags.
extension CheckReader {
    /// In the order of the plan; all when the check names none.
    func regions(_ own: SettingReader, _ mistakes: inout Mistakes) -> [String] {
        let source = own.has("regions") ? own : defaults
        let known = regions.map(\.name)
        guard let texts = source.texts("regions", &mistakes), let setting = source.value("regions") else {
            return known
        }
        var named: Set<String> = []
        for (text, place) in texts {
            if !known.contains(text.value) {
                mistakes.add(
                    place,
                    "unknown region \"\(text.shown)\" in \(source.subject)"
                        + SettingReader.hint(for: text.value, among: known))
            } else if !named.insert(text.value).inserted {
                mistakes.add(place, "region \"\(text.shown)\" stands twice in \(source.subject)")
            }
        }
        if setting.items.isEmpty {
            mistakes.add(setting.place, "\(setting.path) is empty; name a region or leave it out")
        }
        let chosen = known.filter { named.contains($0) }
        return chosen.isEmpty ? known : chosen
    }

    func vote(_ own: SettingReader, regionCount: Int, _ mistakes: inout Mistakes) -> Vote {
        let source = own.has("vote") ? own : defaults
        guard let text = source.text("vote", &mistakes), let value = source.value("vote") else { return .majority }
        guard let vote = Vote(name: text.value) else {
            mistakes.add(
                value.place,
                "\(value.path) must be any, majority, all or a whole number from 1, not \"\(text.shown)\""
                    + SettingReader.hint(for: text.value, among: ["any", "majority", "all"]))
            return .majority
        }
        if case .atLeast(let count) = vote, count > regionCount {
            let has = regionCount == 1 ? "has 1 region" : "has \(regionCount) regions"
            mistakes.add(
                own.has("vote") ? value.place : own.setting.place,
                "the vote \(count) of \(own.subject) can never be reached: it \(has)")
        }
        return vote
    }

    /// `route`: the check's own.
    func family(
        _ own: SettingReader, route: Route, regions: [String], _ mistakes: inout Mistakes
    ) -> AddressFamily {
        let source = own.has("family") ? own : defaults
        let choices = AddressFamily.allCases.map(\.rawValue)
        guard let text = source.choice("family", of: choices, &mistakes), let family = AddressFamily(rawValue: text)
        else {
            return .any
        }
        for region in self.regions where family != .any && regions.contains(region.name) {
            if let address = route.or(region.route).source, address.family != family {
                let whose = route.source == nil ? "region \"\(region.name)\" asks" : "it asks"
                mistakes.add(
                    source.value("family")?.place ?? own.setting.place,
                    "\(own.subject) asks over IPv\(text) only, but \(whose) from \(address)")
            }
        }
        return family
    }

    /// Outputs show tags, so what `${…}` put into one stays hidden unless it is public.
    func tags(_ own: SettingReader, _ mistakes: inout Mistakes) -> [String: String] {
        let source = own.has("tags") ? own : defaults
        guard let setting = source.value("tags") else { return [:] }
        guard let entries = setting.entries else {
            mistakes.add(setting.place, "\(setting.path) must be a map such as {team: search}")
            return [:]
        }
        var tags: [String: String] = [:]
        for entry in entries {
            guard let text = entry.value.text else {
                mistakes.add(entry.value.place, "\(entry.value.path) must be a text")
                continue
            }
            tags[entry.key] = text.shown
        }
        return tags
    }
}
