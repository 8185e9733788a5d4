import Vocabulary

/// `legs`: a limit on one part of a probe's time.
struct LegExpectation: Expectation {
    let cause = Cause.legOver
    let severity: Severity
    let leg: Leg
    let underNs: Int64

    var name: String { "legs \(leg.name) under \(Duration.text(underNs))" }
    var keyThatNeedsTLS: ExpectationKey? { leg == .handshake ? .legs : nil }
    func isMet(_ sighting: some Sighting) -> Bool { Int64(sighting.legs[leg]) * 1000 < underNs }
    func seen(_ sighting: some Sighting) -> String { milliseconds(us: sighting.legs[leg]) }
}

extension LegExpectation: ExpectationType {
    static let meaning = "limits of single legs; misses degrade unless said otherwise"
    static let example = "{connect: {under: 100ms}}"
    static let legKeys = Leg.allCases.map {
        SettingDescription($0.name, "the limit of \($0.meaning)", example: "{under: 100ms}")
    }
    static let keys = [
        SettingDescription("under", "the limit; a leg that takes as long or longer misses it", example: "100ms"),
        SettingDescription.severity(.degrade),
    ]
    static let blocks = [(name: "legs", keys: legKeys), (name: "legs: LEG", keys: keys)]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let reader = SettingReader(setting, subject: "legs of \(subject)", keys: legKeys, &mistakes)
        for leg in Leg.allCases {
            guard let value = reader.value(leg.name),
                let limit = TimeLimit(value, subject: "\(leg.name) in legs of \(subject)", keys: keys, &mistakes)
            else { continue }
            expectations.others.append(LegExpectation(severity: limit.severity, leg: leg, underNs: limit.underNs))
        }
    }
}

extension Leg {
    fileprivate var meaning: String {
        switch self {
        case .resolve: "the look-up of the name"
        case .connect: "the connection"
        case .handshake: "the TLS handshake"
        case .wait: "the wait for the first byte"
        case .transfer: "the rest of the answer"
        }
    }
}
