import Vocabulary

/// What a probe comes to: the worst of what was not met; of equals the first.
struct Outcome {
    private(set) var cause = Cause.ok
    private(set) var unmet: Severity?

    init() {}

    init(cause: Cause, unmet: Severity?) {
        self.cause = cause
        self.unmet = unmet
    }

    /// An expectation of that weight was answered with no.
    mutating func miss(_ cause: Cause, _ severity: Severity) {
        if let unmet, unmet >= severity { return }
        self.cause = cause
        unmet = severity
    }
}
