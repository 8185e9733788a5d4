import Vocabulary

/// `status`: HTTP status codes that are fine.
struct StatusExpectation: Sendable {
    let ranges: [ClosedRange<UInt16>]
    let severity: Severity
    static let standard = StatusExpectation(ranges: [200...299], severity: .fail)

    func allows(_ status: UInt16) -> Bool { ranges.contains { $0.contains(status) } }

    /// `200-299, 304`.
    var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
    }

    func answer(_ status: UInt16) -> Answer {
        Answer(name: "status \(text)", isMet: allows(status), severity: severity, seen: "\(status)")
    }
}

extension StatusExpectation: ExpectationType {
    static let meaning = "HTTP status codes and ranges that are fine; default 200-299"
    static let example = "[200-299, 304]"
    static let blocks = [(name: "status", keys: AllowedValues.keys(example))]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let allowed = AllowedValues(setting, name: "status", of: subject, example: example, &mistakes)
        var ranges: [ClosedRange<UInt16>] = []
        for (text, place) in allowed.values {
            let ends = text.value.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1],
                (100...599).contains(first), (100...599).contains(last), first <= last
            else {
                mistakes.add(
                    place,
                    "status must be a code or range such as 204 or 200-299, from 100 to 599, not \"\(text.shown)\"")
                continue
            }
            ranges.append(first...last)
        }
        if allowed.values.isEmpty { mistakes.add(setting.place, "status must name at least one code") }
        if !ranges.isEmpty { expectations.status = StatusExpectation(ranges: ranges, severity: allowed.severity) }
    }
}
