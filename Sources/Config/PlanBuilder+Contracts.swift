import Vocabulary

/// `contracts:`.
extension PlanBuilder {
    func contracts(_ selector: CheckSelector, zone: Zone, _ mistakes: inout Mistakes) -> [Contract] {
        var places: [String: Place] = [:]
        return entries("contracts", &mistakes).compactMap { entry in
            NameText.check(entry.key, of: "contract", at: entry.place, &mistakes)
            if let first = places[entry.key] {
                mistakes.add(entry.place, "the name \"\(entry.key)\" is taken by the contract at \(first)")
            }
            places[entry.key] = entry.place
            return contract(entry, selector, zone: zone, &mistakes)
        }
    }

    private func contract(
        _ entry: Setting.Entry, _ selector: CheckSelector, zone standard: Zone, _ mistakes: inout Mistakes
    ) -> Contract? {
        guard entry.value.isMap(of: "contract", example: "{checks: [shop], objective: 99.9}", &mistakes) else {
            return nil
        }
        let reader = SettingReader(
            entry.value, subject: "contract \"\(entry.key)\"", keys: ConfigKeys.contract, &mistakes)
        let zone = reader.value("zone").map { ZoneReader.zone($0, &mistakes) ?? standard } ?? standard
        let unknown = reader.choice("unknown", of: Contract.UnknownRule.allCases.map(\.rawValue), &mistakes)
        let maintenance = reader.choice("maintenance", of: Contract.MaintenanceRule.allCases.map(\.rawValue), &mistakes)
        let minOutageNs = reader.durationNs("min_outage", in: 0...(31 * Duration.dayNs), &mistakes)
        let minCoverage = percentage("min_coverage", reader, &mistakes)
        let hours = weeklyHours("business_hours", reader, &mistakes)
        let checks = selector.names(reader, &mistakes)
        let credits = credits(reader, &mistakes)
        checkCombine(reader, &mistakes)
        guard let objective = objective(reader, &mistakes) else { return nil }
        var contract = Contract(name: entry.key, checks: checks, objective: objective, zone: zone, credits: credits)
        contract.unknown = unknown.flatMap { Contract.UnknownRule(rawValue: $0) } ?? contract.unknown
        contract.maintenance = maintenance.flatMap { Contract.MaintenanceRule(rawValue: $0) } ?? contract.maintenance
        contract.minOutageNs = minOutageNs ?? contract.minOutageNs
        contract.minCoverage = minCoverage ?? contract.minCoverage
        contract.businessHours = hours.flatMap { $0.isWholeWeek ? nil : $0 }
        return contract
    }

    private func objective(_ reader: SettingReader, _ mistakes: inout Mistakes) -> Percentage? {
        guard reader.has("objective") else {
            mistakes.add(
                reader.setting.place, "\(reader.subject) has no objective; give it one, such as \"objective: 99.9\"")
            return nil
        }
        guard let objective = percentage("objective", reader, &mistakes) else { return nil }
        if objective.billionths == 0 {
            mistakes.add(
                reader.value("objective")?.place ?? reader.setting.place,
                "\(reader.subject) promises nothing: its objective is 0")
        }
        return objective
    }

    private func percentage(_ key: String, _ reader: SettingReader, _ mistakes: inout Mistakes) -> Percentage? {
        guard let text = reader.text(key, &mistakes), let value = reader.value(key) else { return nil }
        if let percentage = Percentage(text: text.value) { return percentage }
        mistakes.add(
            value.place, "\(value.path) must be a percentage from 0 to 100 such as 99.9, not \"\(text.shown)\"")
        return nil
    }

    /// From the highest step to the lowest.
    private func credits(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [Contract.CreditStep] {
        var steps: [Contract.CreditStep] = []
        for item in reader.value("credits")?.items ?? [] {
            guard item.isMap(of: "credit", example: "{below: 99.9, credit: 10}", &mistakes) else { continue }
            let step = SettingReader(item, subject: "a credit of \(reader.subject)", keys: ConfigKeys.credit, &mistakes)
            let below = percentage("below", step, &mistakes)
            let credit = percentage("credit", step, &mistakes)
            for key in ["below", "credit"] where !step.has(key) {
                mistakes.add(item.place, "\(item.path) has no \"\(key)\"; a credit is {below: 99.9, credit: 10}")
            }
            guard let below, let credit else { continue }
            if steps.contains(where: { $0.below == below }) {
                mistakes.add(item.place, "\(reader.subject) has two credits below \(below.text)")
            }
            steps.append(Contract.CreditStep(below: below, credit: credit))
        }
        return steps.sorted { $0.below > $1.below }
    }

    private func checkCombine(_ reader: SettingReader, _ mistakes: inout Mistakes) {
        guard let value = reader.value("combine"), value.text?.value != "each" else { return }
        let word = value.entries == nil ? value.text?.value : "weights"
        if let word, ["all", "any", "weights"].contains(word) {
            mistakes.add(value.place, "to combine checks by \(word) is not built yet; leave it out, or write each")
        } else {
            _ = reader.choice("combine", of: ["each", "all", "any"], &mistakes)
        }
    }
}

extension WeeklyHours {
    /// `Mon-Sun 00:00-24:00`, however it is written.
    fileprivate var isWholeWeek: Bool {
        days.count == 7 && startMinute == endMinute % 1440
    }
}
