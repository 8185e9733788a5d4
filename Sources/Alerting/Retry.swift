import Vocabulary

/// When a delivery that failed is tried again: after 1 s, 2 s, 4 s … and then every 5 minutes, until the waits would
/// add up to more than 24 h.
package enum Retry {
    static let waitSecondsMax = 300
    static let waitSecondsInAll = 86_400
    /// 1 s, 2 s … 256 s: the waits that double and stay under the bound.
    private static let doublings = 9

    /// `attempts`: how often it was tried so far, at least once. nil: it is given up.
    package static func nextAttempt(attempts: Int, now: Instant) -> Instant? {
        precondition(attempts >= 1, "a first attempt is not a retry")
        guard attempts < waitSecondsInAll else { return nil }
        let doubled = min(attempts, doublings)
        let waitedSeconds = (1 << doubled) - 1 + (attempts - doubled) * waitSecondsMax
        guard waitedSeconds <= waitSecondsInAll else { return nil }
        let waitSeconds = attempts <= doublings ? 1 << (attempts - 1) : waitSecondsMax
        return now + Int64(waitSeconds) * Duration.secondNs
    }
}
