import Vocabulary

/// `http_version`: versions of the protocol that are fine.
struct HTTPVersionExpectation: Expectation {
    let cause = Cause.httpVersionMismatch
    let severity: Severity
    let versions: [String]

    var name: String { "http_version \(versions.joined(separator: ", "))" }
    func isMet(_ sighting: some Sighting) -> Bool { versions.contains { $0 == sighting.httpVersion } }
    func seen(_ sighting: some Sighting) -> String { sighting.httpVersion ?? "no HTTP" }
}

extension HTTPVersionExpectation: ExpectationType {
    static let meaning = "HTTP versions that are fine: 1.0, 1.1, 2"
    static let example = "[1.1, 2]"
    static let blocks = [(name: "http_version", keys: AllowedValues.keys(example))]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let allowed = AllowedValues(setting, name: "http_version", of: subject, example: example, &mistakes)
        if allowed.values.isEmpty { mistakes.add(setting.place, "http_version must name at least one version") }
        let versions = chosen(
            allowed.values, of: ["1.0", "1.1", "2"], "http_version of \(subject)", &mistakes)
        if !versions.isEmpty {
            expectations.others.append(HTTPVersionExpectation(severity: allowed.severity, versions: versions))
        }
    }
}
