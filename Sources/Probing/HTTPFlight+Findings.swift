import CNet
import Vocabulary

/// What an HTTP probe saw, for a person.
extension HTTPFlight {
    func describe(_ outcome: Outcome) -> Findings {
        let question = question
        let witness = url?.isHTTPS == true ? transfer?.witness : nil
        let secrets = question.secrets + (settings?.secrets ?? []) + (token.map { [$0] } ?? [])
        let words = detail.map { Redaction.blank($0, secrets) } ?? detailWords(outcome.cause, witness)
        let lines = transfer?.header.lines ?? []
        return Findings(
            detail: words, address: isConnected ? addressText : nil, http: httpFacts, tls: witness?.facts,
            answers: isJudged ? answers(question, witness) : [],
            evidence: Evidence(
                resolver: resolverText, addresses: triedText, hops: hops(secrets),
                statusLine: lines.first.map { Redaction.blank($0, secrets) },
                headers: lines.dropFirst().map { Redaction.blank($0, secrets) },
                // A token endpoint's answer may hold a token.
                body: isFetchingToken ? nil : transfer?.scanner.evidenceText.map { Redaction.blank($0, secrets) }))
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
            status: Int(status), version: version, redirects: route?.visits.count ?? 0, bytes: transfer.scanner.count)
    }

    private func hops(_ secrets: [String]) -> [Evidence.Hop] {
        (route?.visits ?? []).map {
            Evidence.Hop(url: Redaction.blank($0.url.text, secrets), status: Int($0.status))
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
        case _ where isJudged && cause.isA(.status(status)) && !question.expectations.status.allows(status):
            "status \(status), expected \(question.expectations.status.text)" + hint
        case .redirectWithoutLocation: "status \(status) without a Location to follow"
        case .bodyTooLarge: "the body exceeds \(settings?.bodyMax ?? 0) bytes"
        case .bodyMismatch:
            transfer?.scanner.answers.first { !$0.isMet }.map { "not met: \($0.name)" } ?? words(cause)
        case .httpVersion: "the target answered with HTTP/\(httpFacts?.version ?? "1.1"), not HTTP/2"
        case .streamRefused: "the target did not take the request (REFUSED_STREAM or GOAWAY)"
        case .tooManyInterim: "more than \(ResponseHeader.interimMax) informational answers"
        default: words(cause, witness)
        }
    }

    /// What the answer says about how to be let in, or when to come again.
    private var hint: String {
        let name: String
        switch status {
        case 401: name = "WWW-Authenticate"
        case 407: name = "Proxy-Authenticate"
        case 429, 503: name = "Retry-After"
        default: return ""
        }
        let values = transfer?.fields(name) ?? []
        return values.isEmpty ? "" : "; \(name): \(values.joined(separator: ", "))"
    }
}
