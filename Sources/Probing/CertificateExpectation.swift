import Vocabulary

/// `certificate`: how long it must still be valid.
struct CertificateExpectation: Expectation {
    let cause = Cause.certificateExpiring
    let severity: Severity
    let daysLeft: Int

    var name: String { "certificate days_left \(daysLeft)" }
    var keyThatNeedsTLS: ExpectationKey? { .certificate }

    func isMet(_ sighting: some Sighting) -> Bool {
        guard let notAfter = sighting.handshake?.notAfter else { return false }
        return notAfter - sighting.start >= Int64(daysLeft) * Duration.dayNs
    }

    func seen(_ sighting: some Sighting) -> String {
        sighting.handshake?.notAfter.map {
            let days = floorDivide($0 - sighting.start, Duration.dayNs)
            return "\(days) \(days == 1 ? "day" : "days") left"
        }
            ?? "no certificate"
    }
}

extension CertificateExpectation: ExpectationType {
    static let meaning = "days the certificate must still be valid; misses degrade unless said otherwise"
    static let example = "{days_left: 14}"
    static let keys = [
        SettingDescription("days_left", "days it must still be valid, 0 to 3650", example: "14"),
        SettingDescription.severity(.degrade),
    ]
    static let blocks = [(name: "certificate", keys: keys)]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let reader = SettingReader(setting, subject: "certificate of \(subject)", keys: keys, &mistakes)
        let severity = reader.severity(&mistakes) ?? .degrade
        guard reader.has("days_left") else {
            mistakes.add(setting.place, "certificate of \(subject) needs \"days_left\", such as {days_left: 14}")
            return
        }
        guard let daysLeft = reader.int("days_left", in: 0...3650, &mistakes) else { return }
        expectations.others.append(CertificateExpectation(severity: severity, daysLeft: daysLeft))
    }
}
