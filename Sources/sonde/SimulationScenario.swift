import Config
import Vocabulary

/// What `sonde simulate` is asked to play: a configuration, a stretch of time, and what goes wrong in it.
struct SimulationScenario {
    let config: String
    let seed: UInt64
    var script: VirtualRun.Script
    let faults: [VirtualWorld.Fault]

    /// Longest stretch, and most faults written down or drawn.
    static let lengthNsMax = 2 * Duration.yearNs
    static let faultsMax = 100_000

    static let keys = [
        SettingDescription("config", "The configuration, seen from this file.", example: "sonde.yaml"),
        SettingDescription("from", "When it begins.", example: "2026-01-01"),
        SettingDescription("for", "How long it lasts, up to 2y.", example: "30d"),
        SettingDescription("seed", "What the random faults are drawn from; 1 when left out.", example: "7"),
        SettingDescription("faults", "A list of what goes wrong; keys below.", example: "[]"),
        SettingDescription("random", "How many of each sort are drawn, and how long at most.", example: "{refused: 4}"),
    ]
    static let faultKeys = [
        SettingDescription("what", "What goes wrong.", example: "refused"),
        SettingDescription("at", "When it begins.", example: "2026-01-03T10:00:00Z"),
        SettingDescription("for", "How long it lasts.", example: "20m"),
        SettingDescription("by", "How far the clock steps.", example: "-1h"),
        SettingDescription("checks", "Names of checks; all when left out.", example: "[shop]"),
        SettingDescription("regions", "Names of regions; all when left out.", example: "[tw]"),
    ]
    /// What happens to the program, beside what happens to targets and regions.
    private static let programFaults = ["off", "frozen", "disk", "clock"]
    private static let whats = VirtualWorld.What.allCases.map(\.rawValue) + programFaults

    /// Throws `Failure`, code 78, with every mistake at once.
    init(path: String, environment: [String: String], plan: (String) throws -> Plan) throws {
        var mistakes = Mistakes()
        guard let root = SettingFile.read(path: path, environment: environment, &mistakes) else {
            throw Failure(mistakes)
        }
        let reader = SettingReader(root, subject: "the scenario", keys: Self.keys, &mistakes)
        for key in ["config", "from", "for"] where !reader.has(key) {
            mistakes.add(root.place, "the scenario has no \"\(key)\"")
        }
        guard let name = reader.text("config", &mistakes)?.value else { throw Failure(mistakes) }
        config = SettingFile.resolve(name, beside: path)
        let plan = try plan(config)
        seed = UInt64(reader.int("seed", in: 0...Int.max, &mistakes) ?? 1)
        let from = Self.instant("from", reader, plan.zone, &mistakes)
        let lengthNs = reader.durationNs("for", in: Duration.minuteNs...Self.lengthNsMax, &mistakes)
        guard let from, let lengthNs else { throw Failure(mistakes) }
        let span = Interval(start: from, end: from + lengthNs)
        var script = VirtualRun.Script(span: span, plans: [(span.start, plan)])
        var faults: [VirtualWorld.Fault] = []
        for item in reader.value("faults")?.items ?? [] {
            Self.take(item, plan, &script, &faults, &mistakes)
        }
        if let random = reader.value("random") {
            Self.draw(random, plan, seed: seed, &script, &faults, &mistakes)
        }
        if faults.count > Self.faultsMax {
            mistakes.add(root.place, "the scenario has \(faults.count) faults; at most \(Self.faultsMax) are played")
        }
        guard mistakes.isEmpty else { throw Failure(mistakes) }
        script.clockSteps.sort { $0.at < $1.at }
        self.script = script
        self.faults = faults
    }

    private static func take(
        _ item: Setting, _ plan: Plan, _ script: inout VirtualRun.Script, _ faults: inout [VirtualWorld.Fault],
        _ mistakes: inout Mistakes
    ) {
        guard item.isMap(of: "fault", example: "{what: refused, at: 2026-01-03T10:00Z, for: 20m}", &mistakes) else {
            return
        }
        let reader = SettingReader(item, subject: item.path, keys: faultKeys, &mistakes)
        let at = instant("at", reader, plan.zone, &mistakes)
        for key in ["what", "at"] where !reader.has(key) { mistakes.add(item.place, "\(item.path) has no \"\(key)\"") }
        guard let what = reader.choice("what", of: whats, &mistakes), let at else { return }
        if what == "clock" {
            guard let text = reader.text("by", &mistakes), let byNs = signed(text.value) else {
                return mistakes.add(item.place, "\(item.path) must say how far the clock steps, such as \"by: -1h\"")
            }
            return script.clockSteps.append(VirtualRun.Script.ClockStep(at: at, byNs: byNs))
        }
        guard let lengthNs = reader.durationNs("for", in: 1...lengthNsMax, &mistakes) else {
            if !reader.has("for") { mistakes.add(item.place, "\(item.path) must say how long, such as \"for: 20m\"") }
            return
        }
        let interval = Interval(start: at, end: at + lengthNs)
        let checks = places(reader.value("checks"), plan.checks.map(\.name), "check", &mistakes)
        let regions = places(reader.value("regions"), plan.regions.map(\.name), "region", &mistakes)
        add(what, interval, checks: checks, regions: regions, &script, &faults)
    }

    private static func add(
        _ what: String, _ interval: Interval, checks: [Int?], regions: [Int?], _ script: inout VirtualRun.Script,
        _ faults: inout [VirtualWorld.Fault]
    ) {
        switch what {
        case "off": script.off.append(interval)
        case "frozen": script.frozen.append(interval)
        case "disk": script.broken.append(interval)
        default:
            guard let what = VirtualWorld.What(rawValue: what) else { return }
            for check in checks {
                for region in regions {
                    faults.append(VirtualWorld.Fault(check: check, region: region, interval: interval, what: what))
                }
            }
        }
    }

    /// `{refused: 10, hanging: 2, longest: 40m}`: so many over the whole stretch, each of one check or one region.
    private static func draw(
        _ setting: Setting, _ plan: Plan, seed: UInt64, _ script: inout VirtualRun.Script,
        _ faults: inout [VirtualWorld.Fault], _ mistakes: inout Mistakes
    ) {
        let kinds = whats.filter { $0 != "clock" }
        let keys = (kinds + ["longest"]).map { SettingDescription($0, "", example: "") }
        let reader = SettingReader(setting, subject: setting.path, keys: keys, &mistakes)
        let longestNs = reader.durationNs("longest", in: Duration.secondNs...(30 * Duration.dayNs), &mistakes)
        var random = SplitMix64(seed: seed)
        for what in kinds {
            for _ in 0..<(reader.int(what, in: 0...faultsMax, &mistakes) ?? 0) {
                let at = script.span.start + random.next(below: script.span.durationNs)
                let lengthNs = 1 + random.next(below: longestNs ?? Duration.hourNs)
                let isTarget = VirtualWorld.What(rawValue: what)?.isDown ?? (what == "slow")
                let check = Int(random.next(below: Int64(plan.checks.count)))
                let region = Int(random.next(below: Int64(plan.regions.count)))
                add(
                    what, Interval(start: at, end: at + lengthNs), checks: [isTarget ? check : nil],
                    regions: [isTarget ? nil : region], &script, &faults)
            }
        }
    }

    /// A nil for all, when none is named.
    private static func places(
        _ setting: Setting?, _ known: [String], _ sort: String, _ mistakes: inout Mistakes
    ) -> [Int?] {
        guard let setting else { return [nil] }
        return setting.texts(&mistakes).map { text, place in
            if let index = known.firstIndex(of: text.value) { return index }
            mistakes.add(
                place, "unknown \(sort) \"\(text.shown)\"" + SettingReader.hint(for: text.value, among: known))
            return nil
        }
    }

    private static func signed(_ text: String) -> Int64? {
        let isBack = text.hasPrefix("-")
        return Duration.parse(String(text.drop { $0 == "-" || $0 == "+" })).map { isBack ? -$0 : $0 }
    }

    private static func instant(
        _ key: String, _ reader: SettingReader, _ zone: Zone, _ mistakes: inout Mistakes
    ) -> Instant? {
        guard let text = reader.text(key, &mistakes), let value = reader.value(key) else { return nil }
        if let date = CivilDate(text: text.value) { return zone.midnight(date) }
        if let instant = Instant(rfc3339: text.value, zone: zone) { return instant }
        mistakes.add(
            value.place, "\(value.path) must be a date or a time such as 2026-01-03T10:00:00Z, not \"\(text.shown)\"")
        return nil
    }
}
