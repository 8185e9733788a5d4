import Vocabulary

/// Reads `regions:`.
enum RegionReader {
    static let sentinelsMax = 8

    /// In the order of the file; `local` when none is declared. `defaults`: for what a region does not say itself.
    static func regions(_ setting: Setting?, defaults: Route, _ mistakes: inout Mistakes) -> [Region] {
        guard let setting, setting.node != .null else { return [Region(name: "local", route: defaults)] }
        guard let entries = setting.entries else {
            mistakes.add(setting.place, "regions must be a map of names, such as \"tw: {country: TW}\"")
            return []
        }
        return entries.map { entry in
            NameText.check(entry.key, of: "region", at: entry.place, &mistakes)
            let subject = "region \"\(entry.key)\""
            let reader = SettingReader(entry.value, subject: subject, keys: ConfigKeys.region, &mistakes)
            return Region(
                name: entry.key, country: country(reader, &mistakes),
                route: RouteReader.route(reader, &mistakes).or(defaults), sentinels: sentinels(reader, &mistakes),
                renamedFrom: reader.text("renamed_from", &mistakes)?.value)
        }
    }

    private static func country(_ reader: SettingReader, _ mistakes: inout Mistakes) -> String? {
        guard let text = reader.text("country", &mistakes), let value = reader.value("country") else { return nil }
        let isCode =
            text.value.utf8.count == 2 && text.value.utf8.allSatisfy { isLetterOrDigit($0) && $0 > UInt8(ascii: "9") }
        if !isCode {
            mistakes.add(
                value.place, "\(value.path) must be a two-letter country code such as TW, not \"\(text.shown)\"")
        }
        return text.value.uppercased()
    }

    /// Whether each is an address that can be asked, the probe kinds find out.
    private static func sentinels(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [Setting] {
        guard let value = reader.value("sentinels"), reader.texts("sentinels", &mistakes) != nil else { return [] }
        let items = value.items.filter { $0.text != nil }
        if value.items.isEmpty {
            mistakes.add(value.place, "\(value.path) is empty; name an address or leave it out")
        }
        if items.count > sentinelsMax {
            mistakes.add(
                items[sentinelsMax].place,
                "\(value.path) holds \(items.count) addresses; name at most \(sentinelsMax)")
        }
        return items
    }
}
