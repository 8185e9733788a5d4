import Vocabulary

/// What a probe comes to: the worst of what was not met; of equals the first.
struct Outcome {
    private(set) var cause = Cause.ok
    private(set) var unmet: Severity?
    /// A whole answer came, and the expectations were asked.
    let isJudged: Bool

    init() { isJudged = true }

    /// It did not get that far.
    init(cause: Cause, unmet: Severity?) {
        self.cause = cause
        self.unmet = unmet
        isJudged = false
    }

    /// An expectation of that weight was answered with no.
    mutating func miss(_ cause: Cause, _ severity: Severity) {
        if let unmet, unmet >= severity { return }
        self.cause = cause
        unmet = severity
    }
}
