import Vocabulary

/// How fast the budget goes over a long window, and over a short one that tells whether it still does: both must reach
/// the limit. 1 spends the budget of a whole window exactly.
/// Source: docs/uptime.md, rule 10; Google, The Site Reliability Workbook, chapter 5, "Multiwindow, Multi-Burn-Rate".
package struct BurnRate: Hashable, Sendable {
    package let pair: Pair
    /// In thousandths, floored; nil when nothing is known, or the objective allows no downtime at all.
    package let long: Int64?
    package let short: Int64?
    package let isReached: Bool

    package struct Pair: Hashable, Sendable {
        package let longNs: Int64
        package let shortNs: Int64
        /// In thousandths.
        package let limit: Int64
        package let level: Level
    }

    package enum Level: String, Hashable, Sendable {
        case caution, critical
    }

    /// For 30 days: 2 % of the budget in an hour, 5 % in six hours, 10 % in three days.
    package static let pairs = [
        Pair(longNs: Duration.hourNs, shortNs: 5 * Duration.minuteNs, limit: 14_400, level: .critical),
        Pair(longNs: 6 * Duration.hourNs, shortNs: 30 * Duration.minuteNs, limit: 6_000, level: .critical),
        Pair(longNs: 3 * Duration.dayNs, shortNs: 6 * Duration.hourNs, limit: 1_000, level: .caution),
    ]
    /// As much history as they look back on.
    package static let reachNs = 3 * Duration.dayNs

    /// At `end`, up to which slots have settled. `sums`: after the contract's options.
    static func all(_ objective: Percentage, at end: Instant, sums: (Interval) -> Sums) -> [BurnRate] {
        pairs.map { pair in
            let long = rate(objective, sums(Interval(start: end - pair.longNs, end: end)))
            let short = rate(objective, sums(Interval(start: end - pair.shortNs, end: end)))
            return BurnRate(
                pair: pair, long: long, short: short,
                isReached: min(long ?? -1, short ?? -1) >= pair.limit)
        }
    }

    private static func rate(_ objective: Percentage, _ sums: Sums) -> Int64? {
        let allowed = Int128(Percentage.wholeBillionths - objective.billionths)
        let known = Int128(sums.up + sums.down)
        guard known > 0, allowed > 0 else { return nil }
        return Int64(Int128(sums.down) * Int128(Percentage.wholeBillionths) * 1_000 / (known * allowed))
    }
}
