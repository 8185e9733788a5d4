import Vocabulary

extension Expectations {
    /// `expect`: the check's block. What the kind cannot check, what is not built and what does not decode are
    /// mistakes; what is left is given back all the same.
    static func decode(
        _ expect: Setting?, for check: Check, kind: String, can: [ExpectationKey], _ mistakes: inout Mistakes
    ) -> Expectations {
        var expectations = Expectations()
        guard let expect else { return expectations }
        let subject = "expect of \(kind) check \"\(check.name)\""
        let reader = SettingReader(
            expect, subject: subject, keys: ExpectationKey.allCases.map(\.description), &mistakes)
        for entry in expect.entries ?? [] {
            guard let key = ExpectationKey(rawValue: entry.key), key.description.isBuilt else { continue }
            guard can.contains(key) else {
                let known = can.map(\.rawValue).joined(separator: ", ")
                mistakes.add(entry.place, "\(kind) cannot check \"\(entry.key)\"; it can check \(known)")
                continue
            }
            switch key {
            case .status: expectations.status = status(reader, &mistakes) ?? .standard
            case .body: expectations.body = body(entry.value, subject, &mistakes)
            case .total: expectations.total = total(entry.value, subject, &mistakes)
            case .certificate: expectations.certificate = certificate(entry.value, subject, &mistakes)
            case .headers, .httpVersion, .legs, .tls, .remoteAddress, .cause: break
            }
        }
        return expectations
    }

    private static func status(_ reader: SettingReader, _ mistakes: inout Mistakes) -> StatusRule? {
        guard let texts = reader.texts("status", &mistakes) else { return nil }
        var ranges: [ClosedRange<UInt16>] = []
        for (text, place) in texts {
            let ends = text.value.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                (100...599).contains(first), (100...599).contains(last), first <= last
            else {
                mistakes.add(
                    place,
                    "status must be a code or range such as 204 or 200-299, from 100 to 599, not \"\(text.shown)\"")
                continue
            }
            ranges.append(first...last)
        }
        if texts.isEmpty { mistakes.add(reader.place("status"), "status must name at least one code") }
        return ranges.isEmpty ? nil : StatusRule(ranges: ranges)
    }

    private static func body(_ setting: Setting, _ subject: String, _ mistakes: inout Mistakes) -> BodyRules {
        let reader = SettingReader(setting, subject: "body of \(subject)", keys: ExpectationKey.bodyKeys, &mistakes)
        var rules = BodyRules()
        rules.contains = texts(reader, "contains", &mistakes)
        rules.notContains = texts(reader, "not_contains", &mistakes)
        for (text, place) in reader.texts("matches", &mistakes) ?? [] {
            if let pattern = Pattern.decode(text, at: place, &mistakes) { rules.matches.append(pattern) }
        }
        if rules.matches.count > BodyRules.rulesMax {
            mistakes.add(reader.place("matches"), "matches can hold at most \(BodyRules.rulesMax) patterns")
        }
        rules.severity = severity(reader, &mistakes) ?? .fail
        return rules
    }

    private static func texts(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> [BodyText] {
        let texts = reader.texts(key, &mistakes) ?? []
        if texts.count > BodyRules.rulesMax {
            mistakes.add(reader.place(key), "\(key) can hold at most \(BodyRules.rulesMax) texts")
        }
        return texts.compactMap { text, place in
            let bytes = Array(text.value.utf8)
            guard !bytes.isEmpty, bytes.count <= BodyRules.textMax else {
                mistakes.add(place, "\(key) must be a text of 1 to \(BodyRules.textMax) bytes")
                return nil
            }
            return BodyText(bytes: bytes, shown: text.shown)
        }
    }

    private static func total(_ setting: Setting, _ subject: String, _ mistakes: inout Mistakes) -> TimeRule? {
        let reader = SettingReader(setting, subject: "total of \(subject)", keys: ExpectationKey.totalKeys, &mistakes)
        let severity = severity(reader, &mistakes) ?? .degrade
        guard reader.has("under") else {
            mistakes.add(setting.place, "total of \(subject) needs \"under\", such as {under: 800ms}")
            return nil
        }
        let range = Duration.millisecondNs...4 * Duration.minuteNs
        return reader.durationNs("under", in: range, &mistakes).map { TimeRule(underNs: $0, severity: severity) }
    }

    private static func certificate(
        _ setting: Setting, _ subject: String, _ mistakes: inout Mistakes
    ) -> CertificateRule? {
        let reader = SettingReader(
            setting, subject: "certificate of \(subject)", keys: ExpectationKey.certificateKeys, &mistakes)
        let severity = severity(reader, &mistakes) ?? .degrade
        guard reader.has("days_left") else {
            mistakes.add(setting.place, "certificate of \(subject) needs \"days_left\", such as {days_left: 14}")
            return nil
        }
        return reader.int("days_left", in: 0...3650, &mistakes).map {
            CertificateRule(daysLeft: $0, severity: severity)
        }
    }

    private static func severity(_ reader: SettingReader, _ mistakes: inout Mistakes) -> Severity? {
        reader.choice("severity", of: ["fail", "degrade", "warn"], &mistakes).flatMap { Severity(name: $0) }
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
