import CNet
import Vocabulary

/// What an HTTP probe saw, for a person.
extension HTTPFlight {
    func describe(_ outcome: Outcome) -> Findings {
        let question = question
        let witness = url?.isHTTPS == true ? transfer?.witness : nil
        let secrets = question.secrets
        let words = detail.map { Redaction.blank($0, secrets) } ?? detailWords(outcome.cause, witness)
        let lines = transfer?.header.lines ?? []
        return Findings(
            detail: words, address: isConnected ? addressText : nil, http: httpFacts, tls: witness?.facts,
            answers: hasAnswer(outcome) ? answers(question, witness) : [],
            evidence: Evidence(
                resolver: resolverText, addresses: triedText,
                statusLine: lines.first.map { Redaction.blank($0, secrets) },
                headers: lines.dropFirst().map { Redaction.blank($0, secrets) },
                body: transfer?.scanner.evidenceText.map { Redaction.blank($0, secrets) }))
    }

    private var httpFacts: HTTPFacts? {
        guard let transfer, status > 0, transfer.header.count > 0 else { return nil }
        let version =
            switch info(CURLINFO_HTTP_VERSION) {
            case Int(CURL_HTTP_VERSION_1_0): "1.0"
            case Int(CURL_HTTP_VERSION_2_0): "2"
            default: "1.1"
            }
        return HTTPFacts(
            status: Int(status), version: version, redirects: redirects, bytes: transfer.scanner.count)
    }

    /// Expectations are answered on a whole response only.
    private func hasAnswer(_ outcome: Outcome) -> Bool {
        switch outcome.cause {
        case .ok, .status1xx, .status2xx, .status3xx, .status4xx, .status5xx, .bodyMismatch, .totalOver,
            .certificateExpiring, .redirectWithoutLocation:
            true
        default: false
        }
    }

    private func answers(_ question: ProbeBook.Question, _ witness: TLSWitness?) -> [Answer] {
        let rule = question.expectations.status
        let status = Answer(
            name: "status \(rule.text)", isMet: rule.allows(status), severity: .fail, seen: "\(status)")
        return [status] + (transfer?.scanner.answers ?? [])
            + question.expectations.commonAnswers(totalUs: legs.totalUs, notAfter: witness?.notAfter, now: start)
    }

    private func detailWords(_ cause: Cause, _ witness: TLSWitness?) -> String {
        switch cause {
        case .status1xx, .status2xx, .status3xx, .status4xx, .status5xx:
            "status \(status), expected \(question.expectations.status.text)"
        case .redirectWithoutLocation: "status \(status) without a Location to follow"
        case .bodyTooLarge: "the body exceeds \(settings?.bodyMax ?? 0) bytes"
        case .bodyMismatch:
            transfer?.scanner.answers.first { !$0.isMet }.map { "not met: \($0.name)" } ?? words(cause)
        default: words(cause, witness)
        }
    }
}
