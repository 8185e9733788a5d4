/// Reads the keys of one map. Made with the keys that may stand there, it reports the others at once
/// ("did you mean"), as well as those not built yet; each getter reports a value it cannot use and gives nil.
package struct SettingReader {
    package let setting: Setting
    /// Who is asked, for messages: `http check "shop"`.
    package let subject: String
    private let entries: [Setting.Entry]

    package init(_ setting: Setting, subject: String, keys: [SettingDescription], _ mistakes: inout Mistakes) {
        self.setting = setting
        self.subject = subject
        entries = setting.entries ?? []
        if setting.entries == nil, setting.node != .null {
            mistakes.add(setting.place, "\(setting.path) must be a map of keys in \(subject)")
        }
        for entry in entries {
            guard let known = keys.first(where: { $0.name == entry.key }) else {
                mistakes.add(entry.place, Self.unknownKey(entry.key, subject: subject, known: keys.map(\.name)))
                continue
            }
            if !known.isBuilt {
                mistakes.add(entry.place, "\"\(entry.key)\" in \(subject) is not built yet; take it out")
            }
        }
    }

    package static func unknownKey(_ key: String, subject: String, known: [String]) -> String {
        "unknown key \"\(key)\" in \(subject)" + hint(for: key, among: known)
    }

    /// `; did you mean "timeout"?`, or nothing when no word is near.
    package static func hint(for word: String, among known: some Sequence<String>) -> String {
        guard let near = nearest(to: word, among: known) else { return "" }
        return "; did you mean \"\(near)\"?"
    }

    package func has(_ key: String) -> Bool { entries.contains { $0.key == key } }
    package func value(_ key: String) -> Setting? { entries.first { $0.key == key }?.value }
    package func place(_ key: String) -> Place { entries.first { $0.key == key }?.place ?? setting.place }

    package func text(_ key: String, _ mistakes: inout Mistakes) -> SettingText? {
        guard let value = value(key) else { return nil }
        if let text = value.text { return text }
        mistakes.add(value.place, "\(value.path) must be a text")
        return nil
    }

    package func bool(_ key: String, _ mistakes: inout Mistakes) -> Bool? {
        guard let value = value(key), let text = text(key, &mistakes) else { return nil }
        switch text.value {
        case "true": return true
        case "false": return false
        default:
            mistakes.add(value.place, "\(value.path) must be true or false, not \"\(text.shown)\"")
            return nil
        }
    }

    package func int(_ key: String, in range: ClosedRange<Int>, _ mistakes: inout Mistakes) -> Int? {
        guard let value = value(key), let text = text(key, &mistakes) else { return nil }
        guard let number = Int(text.value), range.contains(number) else {
            mistakes.add(
                value.place,
                "\(value.path) must be a whole number from \(range.lowerBound) to \(range.upperBound), "
                    + "not \"\(text.shown)\""
            )
            return nil
        }
        return number
    }

    package func durationNs(_ key: String, in range: ClosedRange<Int64>, _ mistakes: inout Mistakes) -> Int64? {
        guard let value = value(key), let text = text(key, &mistakes) else { return nil }
        guard let durationNs = Duration.parse(text.value) else {
            mistakes.add(
                value.place, "\(value.path) must be a duration such as 250ms, 10s or 1h30m, not \"\(text.shown)\"")
            return nil
        }
        guard range.contains(durationNs) else {
            mistakes.add(
                value.place,
                "\(value.path) must be from \(Duration.text(range.lowerBound)) to \(Duration.text(range.upperBound)), "
                    + "not \(text.shown)"
            )
            return nil
        }
        return durationNs
    }

    /// One of `choices`, as it stands.
    package func choice(_ key: String, of choices: [String], _ mistakes: inout Mistakes) -> String? {
        guard let value = value(key), let text = text(key, &mistakes) else { return nil }
        guard choices.contains(text.value) else {
            mistakes.add(
                value.place,
                "\(value.path) must be \(Self.listed(choices)), not \"\(text.shown)\""
                    + Self.hint(for: text.value, among: choices))
            return nil
        }
        return text.value
    }

    /// `fail, degrade or warn`.
    private static func listed(_ choices: [String]) -> String {
        let last = choices.suffix(1).joined()
        return choices.count < 2 ? last : choices.dropLast().joined(separator: ", ") + " or " + last
    }

    /// The texts of a list; a bare text is a list of one.
    package func texts(_ key: String, _ mistakes: inout Mistakes) -> [(text: SettingText, place: Place)]? {
        value(key)?.texts(&mistakes)
    }
}

/// The known word at most two edits (and less than half its length) away, the nearest first; nil when none is.
package func nearest(to word: String, among known: some Sequence<String>) -> String? {
    var best: (word: String, distance: Int)?
    for candidate in known {
        let distance = editDistance(word, candidate)
        guard distance <= 2, distance * 2 < max(word.count, candidate.count) else { continue }
        if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

/// Damerau-Levenshtein distance (optimal string alignment). O(n·m).
private func editDistance(_ left: String, _ right: String) -> Int {
    let a = Array(left)
    let b = Array(right)
    guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
    var before: [Int] = []
    var above = Array(0...b.count)
    for i in 1...a.count {
        var row = [i]
        for j in 1...b.count {
            var cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { cost = min(cost, before[j - 2] + 1) }
            row.append(cost)
        }
        before = above
        above = row
    }
    return above[b.count]
}
