import Vocabulary

/// Makes the plan of the files' settings. Every part goes on after a mistake with a value that raises no further one.
struct PlanBuilder {
    let kinds: [KindName]
    let channelKinds: [String]
    let environment: [String: String]
    let main: ConfigFile
    /// All of them, in the order read.
    let files: [ConfigFile]
    /// No file was left out because it could not be read: only then is a missing name a mistake of its own.
    let isComplete: Bool

    func plan(_ mistakes: inout Mistakes, _ warnings: inout [String]) -> Plan {
        checkTopLevel(&mistakes)
        let zone = zone(&mistakes)
        let store = store(&mistakes)
        let defaults = defaults(&mistakes)
        let regions = RegionReader.regions(
            value("regions"), defaults: RouteReader.route(defaults, &mistakes), &mistakes)
        let checks = checks(regions: regions, defaults: defaults, retention: store.retention, &mistakes)
        let selector = CheckSelector(checks: checks, isComplete: isComplete)
        let maintenance = maintenance(selector, zone: zone, &mistakes)
        let channels = channels(&mistakes)
        let alerts = alerts(selector, channels: channels, &mistakes)
        let contracts = contracts(selector, zone: zone, &mistakes)
        warnUnused(regions: regions, checks: checks, channels: channels, alerts: alerts, &warnings)
        return Plan(
            store: StorePlan(path: store.path), listen: listen(&mistakes), zone: zone, regions: regions, checks: checks,
            maintenance: maintenance, channels: channels, alerts: alerts, contracts: contracts)
    }

    // MARK: Top level

    /// The main file's value of a key.
    private func value(_ key: String) -> Setting? { main.root.entries?.first { $0.key == key }?.value }

    private func checkTopLevel(_ mistakes: inout Mistakes) {
        let everywhere = ConfigKeys.everywhere.map(\.name)
        let mainOnly = ConfigKeys.mainOnly.map(\.name)
        for file in files {
            for entry in file.root.entries ?? [] where !entry.key.hasPrefix("x-") && !everywhere.contains(entry.key) {
                if !mainOnly.contains(entry.key) {
                    let known = file.isMain ? everywhere + mainOnly : everywhere
                    mistakes.add(
                        entry.place, SettingReader.unknownKey(entry.key, subject: "this file", known: known))
                } else if !file.isMain {
                    mistakes.add(
                        entry.place, "\"\(entry.key)\" belongs in the main file, \(main.path); take it out here")
                }
            }
            if let version = file.root.entries?.first(where: { $0.key == "version" })?.value,
                version.text?.value != "1"
            {
                let given = version.text.map { ", not \"\($0.shown)\"" } ?? ""
                mistakes.add(version.place, "version must be 1, the one this sonde reads\(given)")
            }
        }
    }

    private func zone(_ mistakes: inout Mistakes) -> Zone {
        guard let value = value("zone") else { return .machine(environment: environment) }
        return ZoneReader.zone(value, &mistakes) ?? .utc
    }

    private func listen(_ mistakes: inout Mistakes) -> ListenAddress {
        let standard = ListenAddress(host: "127.0.0.1", port: 8787)
        guard let value = value("listen") else { return standard }
        guard let text = value.text else {
            mistakes.add(value.place, "listen must be HOST:PORT, such as 127.0.0.1:8787")
            return standard
        }
        guard let address = ListenAddress(text: text.value) else {
            mistakes.add(
                value.place, "listen must be HOST:PORT, such as 127.0.0.1:8787 or [::1]:8787, not \"\(text.shown)\"")
            return standard
        }
        return address
    }

    private func store(_ mistakes: inout Mistakes) -> (path: String, retention: Retention) {
        let setting = value("store") ?? Setting(place: main.root.place, path: "store", node: .null)
        let reader = SettingReader(setting, subject: "store", keys: ConfigKeys.store, &mistakes)
        let path = reader.text("path", &mistakes)?.value ?? "data"
        if path.isEmpty || path.utf8.contains(0) {
            mistakes.add(reader.place("path"), "store.path must be the path of a folder")
        }
        let retention = CheckReader.retention(slots: reader, hours: reader, else: .standard, &mistakes)
        return (PathText.resolve(path, beside: main.path), retention)
    }

    // MARK: Checks

    private func defaults(_ mistakes: inout Mistakes) -> SettingReader {
        let empty = Setting(place: main.root.place, path: "defaults", node: .null)
        return SettingReader(
            value("defaults") ?? empty, subject: "defaults", keys: ConfigKeys.checkDefaults, &mistakes)
    }

    private func checks(
        regions: [Region], defaults: SettingReader, retention: Retention, _ mistakes: inout Mistakes
    ) -> [Check] {
        let reader = CheckReader(kinds: kinds, regions: regions, defaults: defaults, retention: retention)
        var checks: [Check] = []
        var places: [String: Place] = [:]
        let settings = list("checks", &mistakes)
        // They stay as long as the program runs, ten thousand of them: no room for more.
        checks.reserveCapacity(settings.count)
        for setting in settings {
            guard let check = reader.check(setting, &mistakes) else { continue }
            if let first = places[check.name] {
                mistakes.add(check.place, "the name \"\(check.name)\" is taken by the check at \(first)")
                continue
            }
            places[check.name] = check.place
            checks.append(check)
        }
        for check in checks {
            guard let former = check.renamedFrom, let other = places[former] else { continue }
            mistakes.add(
                check.place,
                "check \"\(check.name)\" is renamed from \"\(former)\", which the check at \(other) is called; "
                    + "a history has one owner")
        }
        if settings.isEmpty, isComplete, mistakes.isEmpty {
            mistakes.add(
                Place(file: main.path, line: 1, column: 1), "no check is declared; give at least one under \"checks:\"")
        }
        return checks
    }

    /// The items of the list `key` of all files.
    func list(_ key: String, _ mistakes: inout Mistakes) -> [Setting] {
        var items: [Setting] = []
        for value in values(key) {
            switch value.node {
            case .list(let some): items += some
            case .null: break
            case .text, .map: mistakes.add(value.place, "\(key) must be a list; begin each of its items with \"- \"")
            }
        }
        return items
    }

    /// The entries of the map `key` of all files.
    func entries(_ key: String, _ mistakes: inout Mistakes) -> [Setting.Entry] {
        var entries: [Setting.Entry] = []
        for value in values(key) {
            switch value.node {
            case .map(let some): entries += some
            case .null: break
            case .text, .list: mistakes.add(value.place, "\(key) must be a map of names")
            }
        }
        return entries
    }

    /// The values of a key that may stand in every file.
    func values(_ key: String) -> [Setting] {
        files.compactMap { $0.root.entries?.first { $0.key == key }?.value }
    }

    private func warnUnused(
        regions: [Region], checks: [Check], channels: [ChannelPlan], alerts: [AlertRule], _ warnings: inout [String]
    ) {
        let usedRegions = Set(checks.flatMap(\.regions))
        for region in regions where !usedRegions.contains(region.name) {
            warnings.append("\(main.path): no check asks from region \"\(region.name)\"")
        }
        let usedChannels = Set(alerts.flatMap(\.channels))
        for channel in channels where !usedChannels.contains(channel.name) {
            warnings.append("\(channel.settings.place): no alert rule tells channel \"\(channel.name)\" anything")
        }
    }
}

extension ListenAddress {
    /// `127.0.0.1:8787`, `[::1]:8787`, `localhost:0`; nil for anything else.
    init?(text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty, host.allSatisfy({ !$0.isWhitespace && $0 != "[" && $0 != "]" && $0 != "/" }) else {
            return nil
        }
        self.init(host: String(host), port: Int(port))
    }
}
