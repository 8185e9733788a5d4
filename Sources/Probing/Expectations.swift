import Vocabulary

/// What a check's `expect:` block asks of a sample, decoded. Which kind can check which: `ProbeKind.expectations`.
struct Expectations: Sendable {
    // Asked by whoever sees the answer pass.
    var status = StatusExpectation.standard
    var body: BodyRules?
    /// The way in which the probe must fail; asked when all the others are answered.
    var cause: CauseExpectation?
    /// The others, asked of a whole answer in this order; empty for a check that asks for nothing.
    var others: [any Expectation] = []

    /// Asks the others.
    func judge(_ sighting: some Sighting, _ outcome: inout Outcome) {
        for expectation in others where !expectation.isMet(sighting) {
            outcome.miss(expectation.cause, expectation.severity)
        }
    }

    /// How the others were answered.
    func answers(_ sighting: some Sighting) -> [Answer] { others.map { $0.answer(sighting) } }

    /// Which of the others made the outcome what it is, in words; nil when none did.
    func words(_ outcome: Outcome, _ sighting: some Sighting) -> String? {
        others.first { $0.cause == outcome.cause && $0.severity == outcome.unmet && !$0.isMet(sighting) }
            .map { "not met: \($0.name), saw \($0.seen(sighting))" }
    }
}
