import Vocabulary

/// What all rounds together may ask: a token bucket of re-probes. Source: docs/uptime.md, rule 7.
package struct RoundBudget: Sendable {
    /// Re-probes per minute: a quarter of the plan's probes a minute.
    package let perMinute: Double
    /// What a quiet time saves up: a minute's share, but never less than two rounds of the widest check, so that in a
    /// small plan both ends of an outage get one.
    package let capacity: Double
    private var left: Double
    private var filled: Instant

    /// A full bucket. Checks that are paused or have no rounds bring nothing.
    package init(checks: [Check], now: Instant) {
        let asked = checks.filter { !$0.isPaused }
        perMinute =
            asked.reduce(0) { $0 + Double($1.regions.count) * Double(Duration.minuteNs) / Double($1.periodNs) } / 4
        capacity = max(perMinute, 2 * Double(asked.map(\.regions.count).max() ?? 0))
        left = capacity
        filled = now
    }

    /// Whether `count` re-probes may be sent now; if so they are taken out.
    package mutating func take(_ count: Int, at now: Instant) -> Bool {
        // A clock that steps back fills nothing and takes nothing.
        let passedNs = max(0, now - filled)
        left = min(capacity, left + perMinute * Double(passedNs) / Double(Duration.minuteNs))
        filled = now
        guard left >= Double(count) else { return false }
        left -= Double(count)
        return true
    }
}
