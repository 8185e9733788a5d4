import Vocabulary

/// `tls`: versions of the protocol that are fine.
struct TLSVersionExpectation: Expectation {
    let cause = Cause.tlsVersionMismatch
    let severity: Severity
    let versions: [String]

    var name: String { "tls version \(versions.joined(separator: ", "))" }
    var keyThatNeedsTLS: ExpectationKey? { .tls }
    func isMet(_ sighting: some Sighting) -> Bool {
        versions.contains { $0 == sighting.handshake?.versionText }
    }
    func seen(_ sighting: some Sighting) -> String { sighting.handshake?.versionText ?? "no TLS" }
}

extension TLSVersionExpectation: ExpectationType {
    static let meaning = "TLS versions that are fine"
    static let example = "{version: 1.3}"
    static let keys = [
        SettingDescription("version", "1.0, 1.1, 1.2 or 1.3; or a list of them", example: "[1.2, 1.3]"),
        SettingDescription.severity(.fail),
    ]
    static let blocks = [(name: "tls", keys: keys)]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let reader = SettingReader(setting, subject: "tls of \(subject)", keys: keys, &mistakes)
        let severity = reader.severity(&mistakes) ?? .fail
        let texts = reader.texts("version", &mistakes) ?? []
        if texts.isEmpty { mistakes.add(setting.place, "tls of \(subject) needs \"version\", such as \(example)") }
        let versions = chosen(texts, of: ["1.0", "1.1", "1.2", "1.3"], "version in tls of \(subject)", &mistakes)
        if !versions.isEmpty {
            expectations.others.append(TLSVersionExpectation(severity: severity, versions: versions))
        }
    }
}

/// The texts that are one of `known`; a mistake for each other.
func chosen(
    _ texts: [(text: SettingText, place: Place)], of known: [String], _ subject: String, _ mistakes: inout Mistakes
) -> [String] {
    texts.compactMap { text, place in
        if known.contains(text.value) { return text.value }
        mistakes.add(place, "\(subject) must be of \(known.joined(separator: ", ")), not \"\(text.shown)\"")
        return nil
    }
}
