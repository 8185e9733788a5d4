import Vocabulary

/// What a check's `expect:` block asks of a sample, decoded. Which kind can check which: `ProbeKind.expectations`.
struct Expectations: Sendable {
    var status = StatusRule.standard
    var body: BodyRules?
    var total: TimeRule?
    var certificate: CertificateRule?
}

/// HTTP status codes that are fine.
struct StatusRule: Sendable {
    let ranges: [ClosedRange<UInt16>]
    static let standard = StatusRule(ranges: [200...299])

    func allows(_ status: UInt16) -> Bool { ranges.contains { $0.contains(status) } }

    /// `200-299, 304`.
    var text: String {
        ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
    }
}

/// Texts and patterns asked of a body.
struct BodyRules: Sendable {
    /// Most texts or patterns of one list: the scanner keeps an answer for each in one word.
    static let rulesMax = 32
    /// Longest text that can be searched for, in bytes.
    static let textMax = 65_536

    var contains: [BodyText] = []
    var notContains: [BodyText] = []
    var matches: [Pattern] = []
    var severity = Severity.fail

    /// Patterns and absent texts are only known at the end; texts that must be there are known when they came by.
    var canStopEarly: Bool { notContains.isEmpty && matches.isEmpty }
    var longestText: Int { (contains + notContains).map(\.bytes.count).max() ?? 0 }
}

/// A text to look for, with what may be shown of it.
struct BodyText: Sendable {
    let bytes: [UInt8]
    let shown: String
}

/// A limit on the whole time of a probe.
struct TimeRule: Sendable {
    let underNs: Int64
    let severity: Severity
}

/// How long a certificate must still be valid.
struct CertificateRule: Sendable {
    let daysLeft: Int
    let severity: Severity
}

/// The expectations that every kind answers in the same way.
extension Expectations {
    /// `total` and `certificate`, after the kind's own. `notAfter`: of the leaf; nil when there was no certificate.
    func judgeCommon(_ outcome: inout Outcome, totalUs: UInt32, notAfter: Instant?, now: Instant) {
        if let total, Int64(totalUs) * 1000 >= total.underNs { outcome.miss(.totalOver, total.severity) }
        if let certificate, !certificate.isMet(notAfter: notAfter, now: now) {
            outcome.miss(.certificateExpiring, certificate.severity)
        }
    }

    /// How they were answered, in words.
    func commonAnswers(totalUs: UInt32, notAfter: Instant?, now: Instant) -> [Answer] {
        var answers: [Answer] = []
        if let total {
            answers.append(
                Answer(
                    name: "total under \(Duration.text(total.underNs))", isMet: Int64(totalUs) * 1000 < total.underNs,
                    severity: total.severity, seen: "\(totalUs / 1000).\(padded(Int(totalUs % 1000), 3)) ms"))
        }
        if let certificate {
            answers.append(
                Answer(
                    name: "certificate days_left \(certificate.daysLeft)",
                    isMet: certificate.isMet(notAfter: notAfter, now: now), severity: certificate.severity,
                    seen: notAfter.map { "\(floorDivide($0 - now, Duration.dayNs)) days left" } ?? "no certificate"))
        }
        return answers
    }
}

extension CertificateRule {
    func isMet(notAfter: Instant?, now: Instant) -> Bool {
        guard let notAfter else { return false }
        return notAfter - now >= Int64(daysLeft) * Duration.dayNs
    }
}
