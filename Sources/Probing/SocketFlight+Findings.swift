import Vocabulary

/// What a probe on a plain socket saw, for a person.
extension SocketFlight {
    /// Longest part of a reply that is told.
    private static let seenMax = 200

    func describe(_ outcome: Outcome, _ settings: SocketSettings?) -> Findings {
        let question = question
        let expectations = question.expectations
        var answers = settings.map { turnAnswers($0.dialogue, isJudged: outcome.isJudged, outcome.cause) } ?? []
        if outcome.isJudged { answers += expectations.answers(self) }
        let place = settings.map { turnName($0.dialogue, isJudged: outcome.isJudged) } ?? ""
        let said = detail ?? expectations.words(outcome, self) ?? replyWords(outcome.cause, settings)
        let words = place + (said ?? words(outcome.cause, handshake))
        return Findings(
            detail: Redaction.blank(words, question.secrets), address: isConnected ? addressText : nil,
            tls: handshake?.facts, answers: answers,
            evidence: Evidence(
                resolver: resolverText, addresses: triedText, statusLine: nil, headers: [],
                body: reply.text(limit: BodyScanner.evidenceMax).map { Redaction.blank($0, question.secrets) }))
    }

    /// An answer for each turn that heard something.
    private func turnAnswers(_ dialogue: Dialogue, isJudged: Bool, _ cause: Cause) -> [Answer] {
        dialogue.turns.enumerated().compactMap { index, turn in
            guard let pattern = turn.pattern, index < self.turn || index == self.turn && cause == .replyMismatch
            else { return nil }
            let isPresent = index == self.turn || index + 1 == dialogue.turns.count
            let place = dialogue.turns.count > 2 ? "step \(index + 1) " : ""
            return Answer(
                name: "\(place)expect \"\(pattern.shown)\"", isMet: index < self.turn, severity: .fail,
                seen: isPresent ? "\(reply.count) bytes" : "")
        }
    }

    /// `step 3: ` when a longer dialogue ended before its end.
    private func turnName(_ dialogue: Dialogue, isJudged: Bool) -> String {
        guard !isJudged, isConnected, stage == .talking, dialogue.turns.count > 2, turn < dialogue.turns.count
        else { return "" }
        return "step \(turn + 1): "
    }

    private func replyWords(_ cause: Cause, _ settings: SocketSettings?) -> String? {
        guard cause == .replyMismatch, let settings, turn < settings.dialogue.turns.count,
            let pattern = settings.dialogue.turns[turn].pattern
        else { return nil }
        let seen = reply.text(limit: SocketFlight.seenMax) ?? ""
        return "the reply does not match \"\(pattern.shown)\": \(seen)"
    }
}

extension SocketFlight: Sighting {
    var handshake: TLSWitness? { ssl == nil ? nil : witness }
    var httpVersion: String? { nil }
    func fields(named name: String) -> [String] { [] }
}
