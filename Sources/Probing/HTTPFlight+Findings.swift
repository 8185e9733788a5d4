import CNet
import Vocabulary

/// What an HTTP probe saw, for a person.
extension HTTPFlight {
    func describe(_ outcome: Outcome) -> Findings {
        let question = question
        let witness = handshake
        let secrets = question.secrets
        let words = Redaction.blank(detail ?? detailWords(outcome), secrets)
        let lines = transfer?.header.lines ?? []
        return Findings(
            detail: words, address: isConnected ? addressText : nil, http: httpFacts, tls: witness?.facts,
            answers: outcome.isJudged ? answers(question) : [],
            evidence: Evidence(
                resolver: resolverText, addresses: triedText,
                statusLine: lines.first.map { Redaction.blank($0, secrets) },
                headers: lines.dropFirst().map { Redaction.blank($0, secrets) },
                body: transfer?.scanner.evidenceText.map { Redaction.blank($0, secrets) }))
    }

    private var httpFacts: HTTPFacts? {
        guard let transfer, status > 0, let httpVersion else { return nil }
        return HTTPFacts(
            status: Int(status), version: httpVersion, redirects: redirects, bytes: transfer.scanner.count)
    }

    private func answers(_ question: ProbeBook.Question) -> [Answer] {
        let secrets = question.secrets
        let answers =
            [question.expectations.status.answer(status)] + (transfer?.scanner.answers ?? [])
            + question.expectations.answers(self)
        return answers.map {
            Answer(name: $0.name, isMet: $0.isMet, severity: $0.severity, seen: Redaction.blank($0.seen, secrets))
        }
    }

    private func detailWords(_ outcome: Outcome) -> String {
        let cause = outcome.cause
        if let words = question.expectations.words(outcome, self) { return words }
        switch cause {
        case .status1xx, .status2xx, .status3xx, .status4xx, .status5xx:
            return "status \(status), expected \(question.expectations.status.text)"
        case .redirectWithoutLocation: return "status \(status) without a Location to follow"
        case .bodyTooLarge: return "the body exceeds \(settings?.bodyMax ?? 0) bytes"
        case .bodyMismatch:
            return transfer?.scanner.answers.first { !$0.isMet && $0.severity == outcome.unmet }
                .map { "not met: \($0.name), saw \($0.seen)" } ?? words(cause)
        default: return words(cause, handshake)
        }
    }
}

extension HTTPFlight: Sighting {
    var handshake: TLSWitness? { url?.isHTTPS == true ? transfer?.witness : nil }

    var httpVersion: String? {
        guard let transfer, transfer.header.count > 0 else { return nil }
        return switch info(CURLINFO_HTTP_VERSION) {
        case Int(CURL_HTTP_VERSION_1_0): "1.0"
        case Int(CURL_HTTP_VERSION_2_0): "2"
        default: "1.1"
        }
    }

    func fields(named name: String) -> [String] { transfer?.header.fields(named: name) ?? [] }
}
