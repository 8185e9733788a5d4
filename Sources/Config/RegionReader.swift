import Glibc
import Vocabulary

/// Reads `regions:`.
enum RegionReader {
    /// In the order of the file; `local` when none is declared.
    static func regions(_ setting: Setting?, _ mistakes: inout Mistakes) -> [Region] {
        guard let setting, setting.node != .null else { return [Region(name: "local")] }
        guard let entries = setting.entries else {
            mistakes.add(setting.place, "regions must be a map of names, such as \"tw: {country: TW}\"")
            return []
        }
        return entries.map { entry in
            NameText.check(entry.key, of: "region", at: entry.place, &mistakes)
            let subject = "region \"\(entry.key)\""
            let reader = SettingReader(entry.value, subject: subject, keys: ConfigKeys.region, &mistakes)
            return Region(name: entry.key, country: country(reader, &mistakes), source: source(reader, &mistakes))
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

    private static func source(_ reader: SettingReader, _ mistakes: inout Mistakes) -> String? {
        guard let text = reader.text("source", &mistakes), let value = reader.value("source") else { return nil }
        if AddressText.family(of: text.value) == nil {
            mistakes.add(value.place, "\(value.path) must be an IP address of this host, not \"\(text.shown)\"")
        }
        return text.value
    }
}

/// IP addresses as texts.
enum AddressText {
    /// nil when the text is no IP address.
    static func family(of text: String) -> AddressFamily? {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return .ipv4 }
        if inet_pton(AF_INET6, text, &v6) == 1 { return .ipv6 }
        return nil
    }
}

/// Names of checks, regions, channels, windows and contracts.
enum NameText {
    static let lengthMax = 64

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isSmall(first), text.utf8.count <= lengthMax else { return false }
        return text.utf8.allSatisfy { isSmall($0) || "._-".utf8.contains($0) }
    }

    /// `what`: `check`, `region`, ….
    static func check(_ name: String, of what: String, at place: Place, _ mistakes: inout Mistakes) {
        guard !isName(name) else { return }
        mistakes.add(
            place,
            "the name \"\(name)\" of a \(what) must be small letters, digits, \".\", \"_\" and \"-\", a letter or digit first, "
                + "at most \(lengthMax)")
    }

    private static func isSmall(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}

/// Reads names of time zones.
enum ZoneReader {
    /// nil, with a mistake, when there is no such zone.
    static func zone(_ setting: Setting, _ mistakes: inout Mistakes) -> Zone? {
        guard let text = setting.text else {
            mistakes.add(setting.place, "\(setting.path) must be the name of a time zone such as Asia/Taipei")
            return nil
        }
        if let zone = Zone.load(text.value) { return zone }
        let known = Zone.knownNames()
        let hint =
            known.isEmpty
            ? "; this machine has no time zones, install the package tzdata"
            : SettingReader.hint(for: text.value, among: known)
        mistakes.add(setting.place, "\(setting.path) is no known time zone: \"\(text.shown)\"\(hint)")
        return nil
    }
}
