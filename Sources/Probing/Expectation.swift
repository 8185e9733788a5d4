import Vocabulary

/// What stands under one key of `expect:`: it describes itself, and decodes its value into questions.
protocol ExpectationType {
    static var meaning: String { get }
    static var example: String { get }
    /// The maps that its value may hold, by name: `legs: LEG`.
    static var blocks: [(name: String, keys: [SettingDescription])] { get }
    /// `subject`: whose it is, for messages: `expect of http check "shop"`.
    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes)
}

/// One question asked of what a probe saw.
protocol Expectation: Sendable {
    /// What the sample's cause is when it is answered with no.
    var cause: Cause { get }
    var severity: Severity { get }
    /// `total under 800ms`.
    var name: String { get }
    /// The key that can only be checked where TLS is spoken; nil for the others.
    var keyThatNeedsTLS: ExpectationKey? { get }
    func isMet(_ sighting: some Sighting) -> Bool
    /// What was seen, for a person: `1243.017 ms`.
    func seen(_ sighting: some Sighting) -> String
}

extension Expectation {
    var keyThatNeedsTLS: ExpectationKey? { nil }

    func answer(_ sighting: some Sighting) -> Answer {
        Answer(name: name, isMet: isMet(sighting), severity: severity, seen: seen(sighting))
    }
}

/// What a flight saw, as expectations ask about it. Each is worked out when it is asked for.
protocol Sighting {
    var start: Instant { get }
    var legs: Legs { get }
    /// The address that answered.
    var remoteAddress: IPAddress? { get }
    /// nil when no TLS was spoken.
    var handshake: TLSWitness? { get }
    /// `1.0`, `1.1`, `2`; nil when no HTTP was spoken.
    var httpVersion: String? { get }
    /// The values of a header field, one for each time it came.
    func fields(named name: String) -> [String]
}

extension SettingDescription {
    static func severity(_ standard: Severity) -> SettingDescription {
        SettingDescription(
            "severity", "what a miss weighs: fail, degrade or warn; default \(standard.name)",
            example: standard == .fail ? "degrade" : "fail")
    }
}

extension SettingReader {
    /// nil when it is not there, or is none.
    func severity(_ mistakes: inout Mistakes) -> Severity? {
        choice("severity", of: ["fail", "degrade", "warn"], &mistakes).flatMap { Severity(name: $0) }
    }
}
