import Vocabulary

/// What a probe on a plain socket saw, for a person.
extension SocketFlight {
    func describe(_ outcome: Outcome, _ settings: SocketSettings?) -> Findings {
        let question = question
        let witness = settings?.tls == nil ? nil : witness
        let body = reply.text(limit: BodyScanner.evidenceMax).map { Redaction.blank($0, question.secrets) }
        let expectations = question.expectations
        let isJudged = [Cause.ok, .totalOver, .certificateExpiring].contains(outcome.cause)
        var answers: [Answer] = []
        if let expect = settings?.expect, isJudged || outcome.cause == .replyMismatch {
            answers.append(
                Answer(
                    name: "expect \"\(expect.shown)\"", isMet: isJudged, severity: .fail, seen: "\(reply.count) bytes"))
        }
        if isJudged {
            answers += expectations.commonAnswers(totalUs: legs.totalUs, notAfter: witness?.notAfter, now: start)
        }
        let words =
            outcome.cause == .replyMismatch
            ? "the reply does not match \"\(settings?.expect?.shown ?? "")\"" : words(outcome.cause, witness)
        return Findings(
            detail: words, address: isConnected ? addressText : nil, tls: witness?.facts, answers: answers,
            evidence: Evidence(
                resolver: resolverText, addresses: triedText, statusLine: nil, headers: [], body: body))
    }
}
