import Vocabulary

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
