import Vocabulary

/// `remote_address`: networks the target must answer from.
struct AddressExpectation: Expectation {
    let cause = Cause.addressMismatch
    let severity: Severity
    let ranges: [AddressRange]

    var name: String { "remote_address in \(ranges.map(\.description).joined(separator: ", "))" }
    func isMet(_ sighting: some Sighting) -> Bool {
        guard let address = sighting.remoteAddress else { return false }
        return ranges.contains { $0.contains(address) }
    }
    func seen(_ sighting: some Sighting) -> String { sighting.remoteAddress?.description ?? "no address" }
}

extension AddressExpectation: ExpectationType {
    static let meaning = "networks the target must answer from"
    static let example = "{in: 192.0.2.0/24}"
    static let keys = [
        SettingDescription("in", "an address range; or a list of them", example: "[192.0.2.0/24, \"2001:db8::/32\"]"),
        SettingDescription.severity(.fail),
    ]
    static let blocks = [(name: "remote_address", keys: keys)]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let reader = SettingReader(setting, subject: "remote_address of \(subject)", keys: keys, &mistakes)
        let severity = reader.severity(&mistakes) ?? .fail
        let ranges = reader.addressRanges("in", &mistakes) ?? []
        if reader.value("in")?.items.isEmpty != false {
            mistakes.add(setting.place, "remote_address of \(subject) needs \"in\", such as \(example)")
        }
        if !ranges.isEmpty { expectations.others.append(AddressExpectation(severity: severity, ranges: ranges)) }
    }
}
