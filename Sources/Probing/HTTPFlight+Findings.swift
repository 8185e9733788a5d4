import CNet
import Vocabulary

/// What an HTTP probe saw, for a person.
extension HTTPFlight {
    func describe(_ outcome: Outcome) -> Findings {
        let question = question
        let witness = handshake
        let secrets = secrets
        let words = Redaction.blank(detail ?? detailWords(outcome), secrets)
        let lines = transfer?.header.lines ?? []
        return Findings(
            detail: words, address: isConnected ? addressText : nil, http: httpFacts, tls: witness?.facts,
            answers: outcome.isJudged ? answers(question) : [],
            evidence: Evidence(
                resolver: resolverText, addresses: triedText, hops: hops(secrets),
                statusLine: lines.first.map { Redaction.blank($0, secrets) },
                headers: lines.dropFirst().map { Redaction.blank($0, secrets) },
                // A token endpoint's answer may hold a token.
                body: isFetchingToken ? nil : transfer?.scanner.evidenceText.map { Redaction.blank($0, secrets) }))
    }

    private var httpFacts: HTTPFacts? {
        guard let transfer, status > 0, let httpVersion else { return nil }
        return HTTPFacts(
            status: Int(status), version: httpVersion, redirects: route?.visits.count ?? 0,
            bytes: transfer.scanner.count)
    }

    /// What must never be printed: of the configuration, of this probe's credentials and of the token it was given.
    private var secrets: [String] { question.secrets + (settings?.secrets ?? []) + (token.map { [$0] } ?? []) }

    private func hops(_ secrets: [String]) -> [Evidence.Hop] {
        (route?.visits ?? []).map {
            Evidence.Hop(url: Redaction.blank($0.url.text, secrets), status: Int($0.status))
        }
    }

    private func answers(_ question: ProbeBook.Question) -> [Answer] {
        let secrets = secrets
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
        case _ where outcome.isJudged && cause.isA(.status(status)) && !question.expectations.status.allows(status):
            return "status \(status), expected \(question.expectations.status.text)" + hint
        case .redirectWithoutLocation: return "status \(status) without a Location to follow"
        case .bodyTooLarge: return "the body exceeds \(settings?.bodyMax ?? 0) bytes"
        case .bodyMismatch:
            return transfer?.scanner.answers.first { !$0.isMet && $0.severity == outcome.unmet }
                .map { "not met: \($0.name), saw \($0.seen)" } ?? words(cause)
        case .httpVersion: return "the target answered with HTTP/\(httpVersion ?? "1.1"), not HTTP/2"
        case .closedEarly where transfer?.wantsVersion2Unasked == true:
            return words(cause, handshake) + "; HTTP/2 was spoken at once, without TLS, which it may not know"
        case .streamRefused: return "the target did not take the request (REFUSED_STREAM or GOAWAY)"
        case .tooManyInterim: return "more than \(ResponseHeader.interimMax) informational answers"
        default: return words(cause, handshake)
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

extension HTTPFlight: Sighting {
    var handshake: TLSWitness? { isHTTPS ? transfer?.witness : nil }

    var httpVersion: String? {
        guard let transfer, transfer.header.count > 0 else { return nil }
        return switch info(CURLINFO_HTTP_VERSION) {
        case Int(CURL_HTTP_VERSION_1_0): "1.0"
        case Int(CURL_HTTP_VERSION_2_0): "2"
        default: "1.1"
        }
    }

    func fields(named name: String) -> [String] { transfer?.fields(name) ?? [] }
}
