import Vocabulary

/// Reads one check; what it does not set itself, the defaults set.
struct CheckReader {
    static let confirmMax = 1000
    static let periodRangeNs = Duration.secondNs...Duration.dayNs
    static let timeoutRangeNs = (50 * Duration.millisecondNs)...(4 * Duration.minuteNs)
    static let slotsRangeNs = Duration.dayNs...(7300 * Duration.dayNs)
    static let hoursRangeNs = Duration.dayNs...(36_500 * Duration.dayNs)
    static let apdexRangeNs = Duration.millisecondNs...Duration.minuteNs
    static let timeoutStandardNs = 10 * Duration.secondNs

    let kinds: [KindName]
    let regions: [Region]
    let defaults: SettingReader
    let retention: Retention
    private let keys: [SettingDescription]

    /// `retention`: of checks for which neither they nor the defaults say anything.
    init(kinds: [KindName], regions: [Region], defaults: SettingReader, retention: Retention) {
        self.kinds = kinds
        self.regions = regions
        self.defaults = defaults
        self.retention = retention
        keys =
            ConfigKeys.checkOnly + ConfigKeys.checkDefaults
            + kinds.map { SettingDescription($0.name, "", example: "") }
    }

    /// nil, with a mistake, when there is no name to know it by.
    func check(_ setting: Setting, _ mistakes: inout Mistakes) -> Check? {
        guard setting.isMap(of: "check", example: "{name: shop, http: https://shop.example.com/}", &mistakes) else {
            return nil
        }
        let nameText = setting.entries?.first { $0.key == "name" }?.value.text
        let subject = nameText.map { "check \"\($0.shown)\"" } ?? setting.path
        let own = SettingReader(setting, subject: subject, keys: keys, &mistakes)
        let name = name(own, &mistakes)
        let kind = kind(own, &mistakes)
        let periodNs = source(of: "period", own).durationNs("period", in: Self.periodRangeNs, &mistakes)
        let regions = regions(own, &mistakes)
        let route = RouteReader.route(own, &mistakes)
        let blocksPrivate = source(of: "block_private", own).bool("block_private", &mistakes) ?? false
        let check = Check(
            name: name ?? "", title: own.text("title", &mistakes)?.shown ?? name, kind: kind?.name ?? "",
            settings: kind?.settings ?? setting, expect: expect(own),
            periodNs: periodNs ?? Duration.minuteNs,
            timeoutNs: timeoutNs(own, periodNs: periodNs ?? Duration.minuteNs, &mistakes), regions: regions,
            vote: vote(own, regionCount: regions.count, &mistakes), confirm: count("confirm", own, &mistakes),
            recover: count("recover", own, &mistakes),
            family: family(own, route: route, regions: regions, &mistakes), route: route, blocksPrivate: blocksPrivate,
            allow: allow(own, blocksPrivate: blocksPrivate, &mistakes), tags: tags(own, &mistakes),
            isPaused: source(of: "paused", own).bool("paused", &mistakes) ?? false,
            retention: Self.retention(
                slots: source(of: "slots", own), hours: source(of: "hours", own), else: retention, &mistakes),
            renamedFrom: own.text("renamed_from", &mistakes)?.value,
            apdexNs: source(of: "apdex", own).durationNs("apdex", in: Self.apdexRangeNs, &mistakes),
            place: setting.place)
        return name == nil ? nil : check
    }

    /// Source of the ranges: docs/configuration.md.
    static func retention(
        slots: SettingReader, hours: SettingReader, else standard: Retention, _ mistakes: inout Mistakes
    ) -> Retention {
        let slotsNs = slots.durationNs("slots", in: slotsRangeNs, &mistakes)
        let hoursNs = hours.durationNs("hours", in: hoursRangeNs, &mistakes)
        return Retention(slotsNs: slotsNs ?? standard.slotsNs, hoursNs: hoursNs ?? standard.hoursNs)
    }

    /// The check itself where it sets `key`, else the defaults.
    private func source(of key: String, _ own: SettingReader) -> SettingReader { own.has(key) ? own : defaults }

    private func name(_ own: SettingReader, _ mistakes: inout Mistakes) -> String? {
        guard own.has("name") else {
            mistakes.add(own.setting.place, "\(own.setting.path) has no name; give it one, such as \"name: shop\"")
            return nil
        }
        guard let text = own.text("name", &mistakes), let place = own.value("name")?.place else { return nil }
        if !text.secrets.isEmpty {
            mistakes.add(place, "a name is shown everywhere; write ${public:NAME} to put a variable into it")
            return nil
        }
        NameText.check(text.value, of: "check", at: place, &mistakes)
        return text.value
    }

    private func kind(_ own: SettingReader, _ mistakes: inout Mistakes) -> (name: String, settings: Setting)? {
        let given = (own.setting.entries ?? []).compactMap { entry in
            kinds.first { $0.name == entry.key }.map { (kind: $0, entry: entry) }
        }
        guard let first = given.first else {
            // A kind written wrongly is an unknown key, and told as such.
            let names = kinds.map(\.name)
            let isMisspelt = (own.setting.entries ?? []).contains { entry in
                !keys.contains { $0.name == entry.key } && nearest(to: entry.key, among: names) != nil
            }
            if !isMisspelt {
                mistakes.add(
                    own.setting.place,
                    "\(own.subject) has nothing to ask; give it one of \(names.joined(separator: ", "))")
            }
            return nil
        }
        if given.count > 1 {
            let both = "\(first.kind.name) and \(given[1].kind.name)"
            mistakes.add(given[1].entry.place, "\(own.subject) has both \(both); make them two checks")
        }
        return (first.kind.name, spelledOut(first.entry.value, shortKey: first.kind.shortKey))
    }

    /// `https://…` as `{url: https://…}`.
    private func spelledOut(_ settings: Setting, shortKey: String) -> Setting {
        guard case .text = settings.node else { return settings }
        let entry = Setting.Entry(key: shortKey, place: settings.place, value: settings)
        return Setting(place: settings.place, path: settings.path, node: .map([entry]))
    }

    /// Written without a value it takes the defaults' away.
    private func expect(_ own: SettingReader) -> Setting? {
        guard let expect = source(of: "expect", own).value("expect"), expect.node != .null else { return nil }
        return expect
    }

    private func timeoutNs(_ own: SettingReader, periodNs: Int64, _ mistakes: inout Mistakes) -> Int64 {
        let standardNs = min(Self.timeoutStandardNs, periodNs / 2)
        let source = source(of: "timeout", own)
        guard let timeoutNs = source.durationNs("timeout", in: Self.timeoutRangeNs, &mistakes) else {
            return standardNs
        }
        guard timeoutNs < periodNs else {
            let (place, origin) = timeoutPlace(own)
            mistakes.add(
                place,
                "the timeout \(Duration.text(timeoutNs)) of \(origin) must be under the period "
                    + Duration.text(periodNs))
            return standardNs
        }
        return timeoutNs
    }

    /// Where a timeout that is too long is best mended, and whose it is.
    private func timeoutPlace(_ own: SettingReader) -> (Place, origin: String) {
        if let timeout = own.value("timeout") { return (timeout.place, own.subject) }
        if let period = own.value("period") { return (period.place, "\(own.subject), which comes from defaults,") }
        return (defaults.value("timeout")?.place ?? own.setting.place, "defaults")
    }

    /// The defaults' exceptions may stand beside a check that blocks nothing; its own would be of no use.
    private func allow(
        _ own: SettingReader, blocksPrivate: Bool, _ mistakes: inout Mistakes
    ) -> [AddressRange] {
        if own.has("allow"), !blocksPrivate {
            mistakes.add(
                own.place("allow"),
                "\"allow\" makes exceptions to block_private, which \(own.subject) does not set; add "
                    + "\"block_private: true\" or take it out")
        }
        return source(of: "allow", own).addressRanges("allow", &mistakes) ?? []
    }

    private func count(_ key: String, _ own: SettingReader, _ mistakes: inout Mistakes) -> Int {
        source(of: key, own).int(key, in: 1...Self.confirmMax, &mistakes) ?? 1
    }
}
