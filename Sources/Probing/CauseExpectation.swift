import Vocabulary

/// `cause`: the ways in which a probe must fail; then it is up.
struct CauseExpectation: Sendable {
    /// A broader one stands for all its cases: `status-4xx`, `tls-alert`.
    let causes: [Cause]
    let severity: Severity

    /// What the probe comes to. Our own fault says nothing about the target, so it stays what it is.
    func judge(_ outcome: Outcome) -> Outcome {
        if outcome.cause.isOwnFault { return outcome }
        return allows(outcome.cause) ? Outcome() : Outcome(cause: .causeMismatch, unmet: severity)
    }

    /// `found`: what the kind saw; `outcome`: what it made of it.
    func findings(_ found: Findings, _ outcome: Outcome) -> Findings {
        guard !outcome.cause.isOwnFault else { return found }
        let isMet = allows(outcome.cause)
        let wanted = causes.map(\.name).joined(separator: " or ")
        let detail =
            isMet
            ? "\(found.detail), as expected"
            : "expected \(wanted), got \(outcome.cause.name)" + (outcome.cause == .ok ? "" : ": \(found.detail)")
        let answer = Answer(name: "cause \(wanted)", isMet: isMet, severity: severity, seen: outcome.cause.name)
        return Findings(
            detail: detail, address: found.address, http: found.http, tls: found.tls,
            answers: [answer] + found.answers.filter { !isMet || $0.isMet }, evidence: found.evidence)
    }

    private func allows(_ cause: Cause) -> Bool { causes.contains { cause.isA($0) } }
}

extension CauseExpectation: ExpectationType {
    static let meaning = "the probe must fail in one of these ways, then it is up; status-4xx means each status of 4xx"
    static let example = "[refused]"
    static let blocks = [(name: "cause", keys: AllowedValues.keys(example))]

    static func decode(
        _ setting: Setting, of subject: String, into expectations: inout Expectations, _ mistakes: inout Mistakes
    ) {
        let allowed = AllowedValues(setting, name: "cause", of: subject, example: example, &mistakes)
        if allowed.values.isEmpty { mistakes.add(setting.place, "cause of \(subject) must name at least one cause") }
        var causes: [Cause] = []
        for (text, place) in allowed.values {
            if let flaw = flaw(text, of: subject) {
                mistakes.add(place, flaw)
            } else if let cause = Cause(name: text.value) {
                causes.append(cause)
            }
        }
        if !causes.isEmpty { expectations.cause = CauseExpectation(causes: causes, severity: allowed.severity) }
    }

    /// Why a probe cannot be expected to fail in this way; nil when it can.
    private static func flaw(_ text: SettingText, of subject: String) -> String? {
        guard let cause = Cause(name: text.value), cause != .unstated else {
            let known = Cause.allCases.filter { isTheTargets($0) }.map(\.name)
            return "unknown cause \"\(text.shown)\" in \(subject)" + SettingReader.hint(for: text.value, among: known)
        }
        if cause.isOwnFault {
            return "cause \"\(cause.name)\" in \(subject) is our own fault, never the target's; take it out"
        }
        if !isTheTargets(cause) {
            return "cause \"\(cause.name)\" in \(subject) is no way to fail; take it out"
        }
        return nil
    }

    private static func isTheTargets(_ cause: Cause) -> Bool {
        ![.ok, .unstated, .causeMismatch].contains(cause) && !cause.isOwnFault
    }
}
