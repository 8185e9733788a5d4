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
        let hours = businessHours(reader, &mistakes)
        let checks = selector.names(reader, &mistakes)
        let combine = combination(reader, checks: checks, &mistakes)
        let objective = objective(reader, &mistakes)
        let credits = credits(reader, objective: objective, &mistakes)
        guard let objective else { return nil }
        var contract = Contract(
            name: entry.key, checks: checks, objective: objective, zone: zone, credits: credits, combine: combine)
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

    /// Days of the week: what is left of a month must come back within a week, or whole months might count nothing.
    private func businessHours(_ reader: SettingReader, _ mistakes: inout Mistakes) -> LocalHours? {
        guard let hours = localHours("business_hours", reader, &mistakes) else { return nil }
        if case .weekdays = hours.days { return hours }
        mistakes.add(
            reader.value("business_hours")?.place ?? reader.setting.place,
            "\(reader.subject) counts hours of a day of the month, \"\(hours.text)\"; give days of the week, such as "
                + "\"Mon-Fri 09:00-18:00\"")
        return nil
    }

    /// From the highest step to the lowest.
    private func credits(
        _ reader: SettingReader, objective: Percentage?, _ mistakes: inout Mistakes
    ) -> [Contract.CreditStep] {
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
            if let objective, below > objective {
                mistakes.add(
                    item.place,
                    "\(reader.subject) gives a credit below \(below.text) although its objective is "
                        + "\(objective.text); it would be due while the contract is met")
            }
            steps.append(Contract.CreditStep(below: below, credit: credit))
        }
        steps.sort { $0.below > $1.below }
        for (step, lower) in zip(steps, steps.dropFirst()) where lower.credit < step.credit {
            mistakes.add(
                reader.value("credits")?.place ?? reader.setting.place,
                "\(reader.subject) gives \(lower.credit.text) % below \(lower.below.text) and more, "
                    + "\(step.credit.text) %, below \(step.below.text); less uptime must not give less credit")
        }
        return steps
    }

    private func combination(
        _ reader: SettingReader, checks: [String], _ mistakes: inout Mistakes
    ) -> Contract.Combination {
        guard let value = reader.value("combine") else { return .each }
        let combination: Contract.Combination
        if value.entries != nil {
            let map = SettingReader(value, subject: "combine of \(reader.subject)", keys: ConfigKeys.combine, &mistakes)
            guard let weights = weights(map, reader, checks: checks, &mistakes) else { return .each }
            combination = .weights(weights)
        } else {
            switch reader.choice("combine", of: ["each", "all", "any"], &mistakes) {
            case "all": combination = .all
            case "any": combination = .any
            default: return .each
            }
        }
        if isComplete, checks.count < 2 {
            mistakes.add(value.place, "\(reader.subject) has nothing to combine: it is about one check; take it out")
        }
        return combination
    }

    /// A weight for each of the contract's checks, in their order.
    private func weights(
        _ map: SettingReader, _ contract: SettingReader, checks: [String], _ mistakes: inout Mistakes
    ) -> [Int64]? {
        guard let value = map.value("weights"), let entries = value.entries else {
            mistakes.add(
                map.setting.place, "\(map.setting.path) must be each, all, any or {weights: {NAME: 1, NAME: 2}}")
            return nil
        }
        let keys = checks.map { SettingDescription($0, "", example: "") }
        let reader = SettingReader(value, subject: "weights of \(contract.subject)", keys: keys, &mistakes)
        var weights: [Int64] = []
        for check in checks {
            if !entries.contains(where: { $0.key == check }) {
                mistakes.add(value.place, "\(reader.subject) has no weight for its check \"\(check)\"")
            }
            if let weight = reader.int(check, in: 1...1_000, &mistakes) { weights.append(Int64(weight)) }
        }
        return weights.count == checks.count ? weights : nil
    }
}

extension LocalHours {
    /// `Mon-Sun 00:00-24:00`, however it is written.
    fileprivate var isWholeWeek: Bool {
        days == .weekdays(Set(Weekday.allCases)) && startMinute == endMinute % 1440
    }
}
