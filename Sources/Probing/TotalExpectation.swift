import Vocabulary

/// `total`: a limit on the whole time of a probe.
struct TotalExpectation: Expectation {
    let cause = Cause.totalOver
    let severity: Severity
    let underNs: Int64

    var name: String { "total under \(Duration.text(underNs))" }
    func isMet(_ sighting: some Sighting) -> Bool { Int64(sighting.legs.totalUs) * 1000 < underNs }
    func seen(_ sighting: some Sighting) -> String { milliseconds(us: sighting.legs.totalUs) }
}

extension TotalExpectation: ExpectationType {
    static let meaning = "the limit of the whole time; misses degrade unless said otherwise"
    static let example = "{under: 800ms}"
    static let keys = [
        SettingDescription("under", "the limit; a probe that takes as long or longer misses it", example: "800ms"),
        SettingDescription.severity(.degrade),
    ]
    static let blocks = [(name: "total", keys: keys)]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        guard let limit = TimeLimit(setting, subject: "total of \(subject)", keys: keys, &mistakes) else { return }
        expectations.others.append(TotalExpectation(severity: limit.severity, underNs: limit.underNs))
    }
}

/// `{under: 800ms, severity: degrade}`.
struct TimeLimit {
    let underNs: Int64
    let severity: Severity

    /// nil, and a mistake, when there is no limit in it.
    init?(_ setting: Setting, subject: String, keys: [SettingDescription], _ mistakes: inout Mistakes) {
        let reader = SettingReader(setting, subject: subject, keys: keys, &mistakes)
        severity = reader.severity(&mistakes) ?? .degrade
        guard reader.has("under") else {
            mistakes.add(setting.place, "\(subject) needs \"under\", such as {under: 800ms}")
            return nil
        }
        let range = Duration.millisecondNs...4 * Duration.minuteNs
        guard let underNs = reader.durationNs("under", in: range, &mistakes) else { return nil }
        self.underNs = underNs
    }
}

/// `1243.017 ms`.
func milliseconds(us: UInt32) -> String { "\(us / 1000).\(padded(Int(us % 1000), 3)) ms" }
