import Vocabulary

/// `maintenance:`.
extension PlanBuilder {
    func maintenance(_ selector: CheckSelector, zone: Zone, _ mistakes: inout Mistakes) -> [MaintenanceWindow] {
        var places: [String: Place] = [:]
        return list("maintenance", &mistakes).compactMap { setting in
            let example = "{name: weekly, every: \"Sun 02:00-02:30\"}"
            guard setting.isMap(of: "maintenance window", example: example, &mistakes) else { return nil }
            let named = setting.entries?.first { $0.key == "name" }?.value.text
            let subject = named.map { "maintenance window \"\($0.shown)\"" } ?? setting.path
            let reader = SettingReader(setting, subject: subject, keys: ConfigKeys.maintenance, &mistakes)
            let names = selector.names(reader, &mistakes)
            let rule = rule(reader, zone: zone, &mistakes)
            guard let name = reader.text("name", &mistakes)?.value else {
                if !reader.has("name") {
                    mistakes.add(setting.place, "\(setting.path) has no name; give it one, such as \"name: weekly\"")
                }
                return nil
            }
            NameText.check(name, of: "maintenance window", at: reader.value("name")?.place ?? setting.place, &mistakes)
            if let first = places[name] {
                mistakes.add(setting.place, "the name \"\(name)\" is taken by the maintenance window at \(first)")
            }
            places[name] = setting.place
            return rule.map { MaintenanceWindow(name: name, checks: names, rule: $0) }
        }
    }

    private func rule(_ reader: SettingReader, zone standard: Zone, _ mistakes: inout Mistakes) -> MaintenanceWindow
        .Rule?
    {
        let zone = reader.value("zone").map { ZoneReader.zone($0, &mistakes) ?? standard } ?? standard
        if reader.has("every") {
            for key in ["from", "to"] where reader.has(key) {
                mistakes.add(
                    reader.place(key),
                    "\(reader.subject) has both \"every\" and \"\(key)\"; bound a recurring window with "
                        + "\"since\" and \"until\"")
            }
            return recurring(reader, zone: zone, &mistakes)
        }
        for key in ["since", "until"] where reader.has(key) {
            mistakes.add(
                reader.place(key), "\"\(key)\" in \(reader.subject) is for recurring windows; give \"every\" too")
        }
        let from = instant("from", reader, zone, &mistakes)
        let to = instant("to", reader, zone, &mistakes)
        if !reader.has("from") || !reader.has("to") {
            let missing = reader.has("from") ? "no \"to\"" : reader.has("to") ? "no \"from\"" : "no time"
            mistakes.add(
                reader.setting.place, "\(reader.subject) has \(missing); give it \"from\" and \"to\", or \"every\"")
        }
        guard let from, let to else { return nil }
        guard from < to else {
            mistakes.add(
                reader.value("to")?.place ?? reader.setting.place, "the end of \(reader.subject) is not after its start"
            )
            return nil
        }
        return .once(Interval(start: from, end: to))
    }

    private func recurring(_ reader: SettingReader, zone: Zone, _ mistakes: inout Mistakes) -> MaintenanceWindow.Rule? {
        let since = instant("since", reader, zone, &mistakes)
        let until = instant("until", reader, zone, &mistakes)
        guard let value = reader.value("every") else { return nil }
        let hours = value.entries == nil ? localHours("every", reader, &mistakes).map { Recurrence.hours($0) } : nil
        guard let recurrence = value.entries == nil ? hours : cron(value, &mistakes) else { return nil }
        if let since, let until {
            let place = reader.value("until")?.place ?? reader.setting.place
            if until <= since {
                mistakes.add(place, "\"until\" in \(reader.subject) is not after \"since\"")
            } else if !isEverOn(recurrence, zone: zone, from: since, until: until) {
                mistakes.add(place, "\(reader.subject) never holds: it does not begin between \"since\" and \"until\"")
            }
        }
        return .recurring(recurrence, zone: zone, since: since, until: until)
    }

    private func isEverOn(_ recurrence: Recurrence, zone: Zone, from: Instant, until: Instant) -> Bool {
        // Every recurrence comes back within a few years; of a longer time the first of them is enough.
        let end = min(until, from + 9 * Duration.yearNs)
        return recurrence.occurrences(in: Interval(start: from, end: end), zone: zone)
            .contains { $0.start >= from && $0.start < until }
    }

    /// `{cron: "0 2 * * 0", for: 30m}`.
    private func cron(_ value: Setting, _ mistakes: inout Mistakes) -> Recurrence? {
        let reader = SettingReader(value, subject: value.path, keys: ConfigKeys.cron, &mistakes)
        for key in ["cron", "for"] where !reader.has(key) {
            mistakes.add(
                value.place, "\(value.path) has no \"\(key)\"; a cron window is {cron: \"0 2 * * 0\", for: 30m}")
        }
        let range = Duration.minuteNs...(7 * Duration.dayNs)
        let lengthNs = reader.durationNs("for", in: range, &mistakes)
        guard let text = reader.text("cron", &mistakes), let place = reader.value("cron")?.place else { return nil }
        do {
            let line = try CronText.parse(text.value)
            guard let gap = line.shortestGapMinutes else {
                mistakes.add(
                    place, "\(value.path).cron never fires: no month has the day that \"\(text.shown)\" asks for")
                return nil
            }
            guard let lengthNs else { return nil }
            let gapNs = Int64(gap) * Duration.minuteNs
            if lengthNs > gapNs {
                mistakes.add(
                    reader.value("for")?.place ?? place,
                    "\(value.path) begins again before it is over: it fires \(Duration.text(gapNs)) apart and lasts "
                        + "\(Duration.text(lengthNs)); give a shorter \"for\"")
            }
            return .cron(line, forNs: lengthNs)
        } catch {
            mistakes.add(place, "\(value.path).cron \(error.why)")
            return nil
        }
    }

    /// nil, with a mistake where a text stands that is none.
    func localHours(_ key: String, _ reader: SettingReader, _ mistakes: inout Mistakes) -> LocalHours? {
        guard let text = reader.text(key, &mistakes), let value = reader.value(key) else { return nil }
        do {
            return try HoursText.parse(text.value)
        } catch {
            mistakes.add(value.place, "\(value.path) \(error.why)")
            return nil
        }
    }

    /// A date stands for its midnight; a time without an offset is local time in `zone`.
    private func instant(_ key: String, _ reader: SettingReader, _ zone: Zone, _ mistakes: inout Mistakes) -> Instant? {
        guard let text = reader.text(key, &mistakes), let value = reader.value(key) else { return nil }
        if let date = CivilDate(text: text.value) { return zone.midnight(date) }
        if let instant = Instant(rfc3339: text.value, zone: zone) { return instant }
        mistakes.add(
            value.place,
            "\(value.path) must be a date or a time such as 2026-12-01 or 2026-12-01T00:00+08:00, not \"\(text.shown)\""
        )
        return nil
    }
}
