import Vocabulary

// In: histories (slots by era and region), windows, corrections, a contract. Out: figures.
// Pure: no clock, no files. Never rounds and never lays out; that is Reporting's.

/// What a report, a status page or an export shows: one model, many outputs.
package struct Figures: Sendable {
    package var window: Interval
    package var zone: Zone
    /// The instant up to which slots can be settled; what starts later is still to come.
    package var now: Instant
    package var checks: [CheckFigures]

    package init(window: Interval, zone: Zone, now: Instant, checks: [CheckFigures]) {
        self.window = window
        self.zone = zone
        self.now = now
        self.checks = checks
    }
}

/// Sums over settled slots, in one unit: nanoseconds (a slot weighs its era's period) or slots.
/// `up` includes `degraded`; up + down + unknown + excluded = all. Source: docs/uptime.md, rule 4.
package struct Sums: Hashable, Sendable {
    package var up: Int64
    package var degraded: Int64
    package var down: Int64
    package var unknown: Int64
    package var excluded: Int64

    package init(up: Int64 = 0, degraded: Int64 = 0, down: Int64 = 0, unknown: Int64 = 0, excluded: Int64 = 0) {
        self.up = up
        self.degraded = degraded
        self.down = down
        self.unknown = unknown
        self.excluded = excluded
    }

    package var all: Int64 { up + down + unknown + excluded }
    /// Settled and not excluded: U + D + X.
    package var owed: Int64 { up + down + unknown }

    package static func += (left: inout Sums, right: Sums) {
        left.up += right.up
        left.degraded += right.degraded
        left.down += right.down
        left.unknown += right.unknown
        left.excluded += right.excluded
    }

    package func map(_ change: (Int64) -> Int64) -> Sums {
        Sums(
            up: change(up), degraded: change(degraded), down: change(down), unknown: change(unknown),
            excluded: change(excluded))
    }

    /// The four shares of rule 5; each undefined (nil when shown) when its denominator is 0.
    package var uptime: Ratio { Ratio(up, up + down) }
    package var coverage: Ratio { Ratio(up + down, owed) }
    package var worst: Ratio { Ratio(up, owed) }
    package var best: Ratio { Ratio(up + unknown, owed) }
}

/// An exact share; undefined when the denominator is 0.
package struct Ratio: Hashable, Sendable {
    package let numerator: Int64
    package let denominator: Int64

    package init(_ numerator: Int64, _ denominator: Int64) {
        self.numerator = numerator
        self.denominator = denominator
    }

    package var isDefined: Bool { denominator > 0 }
    package var json: JSON { .ratio(numerator, denominator) }

    /// Two decimals, floored: `0.94`; nil when undefined.
    package var decimalText: String? {
        guard isDefined else { return nil }
        let (high, low) = numerator.multipliedFullWidth(by: 100)
        let hundredths = Int(denominator.dividingFullWidth((high, low)).quotient)
        return "\(hundredths / 100).\(padded(hundredths % 100, 2))"
    }

    /// Percent with three decimals, floored: `99.785`; nil when undefined. 100.000 only when nothing is missing.
    package var percentText: String? {
        guard isDefined else { return nil }
        let (high, low) = numerator.multipliedFullWidth(by: 100_000)
        let thousandths = Int(denominator.dividingFullWidth((high, low)).quotient)
        return "\(thousandths / 1000).\(padded(thousandths % 1000, 3))"
    }
}

/// One check over the window.
package struct CheckFigures: Sendable {
    package var check: String
    package var title: String
    package var kind: String
    /// Of the newest era.
    package var periodNs: Int64
    /// Since when the check is known; nil: no sample yet.
    package var birth: Instant?
    package var sums: Sums
    package var slots: Sums
    /// Over up and degraded samples that are not excluded, regions pooled; nil when there are none.
    package var response: ResponseFigures?
    /// In the order of `Leg`; the same samples. nil when there are none.
    package var legs: [ResponseFigures?]
    /// Down samples (region slots) by cause, most frequent first, then by name; excluded slots left out.
    package var failures: [CauseCount]
    /// In the order of the configuration, regions of older eras last.
    package var regions: [RegionFigures]
    /// Every day of the window, oldest first.
    package var days: [DayFigures]
    /// Every outage with a down slot in the window, oldest first.
    package var outages: [Outage]
    package var partials: [Spell]
    /// One region each, down three slots or more in a row while the vote was not.
    package var regional: [Spell] = []
    package var blips: [Spell]
    /// What excluded seconds of the window, oldest first.
    package var exclusions: [ExclusionFigures]
    package var corrections: [CorrectionFigures]
    /// The sums as they would be without the corrections; nil when there are none.
    package var uncorrected: Sums?
    /// Some slots of the window were generated for demonstration.
    package var hasGenerated: Bool
    /// Where the slots of the window begin that still stand: what is older is counted by its verdicts, and the figures
    /// of regions and response times by its hours. nil when all stand.
    package var slotsFrom: Instant?
    /// nil for a check without a threshold.
    package var apdex: ApdexFigures?
    /// Down nanoseconds that corrections made outside outages: with the outages' own they are `sums.down`.
    package var correctedDownNs: Int64 = 0

    package struct CauseCount: Hashable, Sendable {
        package let cause: Cause
        package let count: Int
        package init(cause: Cause, count: Int) {
            self.cause = cause
            self.count = count
        }
    }
}

/// How content users are with the response times, at a threshold T: satisfied up to T, tolerating up to 4T, frustrated
/// beyond it and by every failure. Source: Apdex Alliance, Technical Specification 1.1.
package struct ApdexFigures: Hashable, Sendable {
    package var thresholdNs: Int64
    package var satisfied: Int64 = 0
    package var tolerating: Int64 = 0
    package var frustrated: Int64 = 0

    package init(thresholdNs: Int64) { self.thresholdNs = thresholdNs }

    /// (satisfied + tolerating / 2) / samples; undefined without samples.
    package var score: Ratio { Ratio(2 * satisfied + tolerating, 2 * (satisfied + tolerating + frustrated)) }
}

/// Response times in microseconds. Percentiles are nearest-rank. Source: docs/uptime.md, rule 9.
package struct ResponseFigures: Hashable, Sendable {
    package var count: Int
    /// Rounded down.
    package var meanUs: Int64
    package var p50Us: Int64
    package var p95Us: Int64
    package var p99Us: Int64
    package var maxUs: Int64
}

package struct RegionFigures: Sendable {
    package var region: String
    package var country: String?
    /// The region's own verdicts, without a vote.
    package var sums: Sums
    package var response: ResponseFigures?
}

package struct DayFigures: Sendable {
    package var date: CivilDate
    package var interval: Interval
    package var sums: Sums
    /// The day's course, oldest first, without gaps from the first to the last settled slot of the day.
    package var bar: [BarSegment]
    package var responseMeanUs: Int64?
}

/// What a stretch of a day bar shows.
package enum BarState: UInt8, Hashable, Sendable, CaseIterable, BitwiseCopyable {
    case up, degraded, down, unknown, excluded
}

package struct BarSegment: Hashable, Sendable {
    package let interval: Interval
    package let state: BarState
    package init(interval: Interval, state: BarState) {
        self.interval = interval
        self.state = state
    }
}

/// The longest run of down slots of one check. Source: docs/uptime.md, rule 6.
package struct Outage: Hashable, Sendable {
    /// nil: not known.
    package var start: Instant?
    package var startEarliest: Instant?
    /// nil while it goes on.
    package var end: Instant?
    package var endEarliest: Instant?
    /// Starts of the first and after the last down slot: where bars and tables place it.
    package var slots: Interval
    /// Down nanoseconds inside the window that are not excluded.
    package var downNs: Int64
    /// Unknown nanoseconds between its first and last down slot, never cut.
    package var unknownNs: Int64
    /// The most frequent cause among its down samples, the first seen of equals.
    package var cause: Cause
    /// Regions down in it, in the era's order.
    package var regions: [String]
    package var isDuringMaintenance: Bool { downNs == 0 }
    /// Its slots are gone, and so is its record: nothing but the verdicts tells of it.
    package var isForgotten = false
}

/// Neighbouring slots of one sort that are no outage: partials and blips.
package struct Spell: Hashable, Sendable {
    package var interval: Interval
    package var cause: Cause
    package var regions: [String]
}

package struct ExclusionFigures: Hashable, Sendable {
    /// As announced, not cut at the window.
    package var interval: Interval
    /// `maintenance weekly`, `pause`, `correction`.
    package var source: String
    /// Excluded nanoseconds inside the window that this source was the first to exclude.
    package var excludedNs: Int64
    package var isAfterTheFact: Bool
    /// nil for one that goes on.
    package var end: Instant? { interval.end.nanoseconds == .max ? nil : interval.end }
}

package struct CorrectionFigures: Hashable, Sendable {
    package var interval: Interval
    package var verdict: CorrectedVerdict
    package var why: String
    /// Nanoseconds of slots in the window it gave another verdict.
    package var changedNs: Int64
}

/// The contract's figures over one month. Source: docs/uptime.md, rule 10.
package struct SLAFigures: Sendable {
    package var contract: Contract
    /// Digest of the contract's terms, 16 hex digits (FNV-1a, 64 bits): tells whether two summaries had the same terms.
    package var hash: String
    package var window: Interval
    package var now: Instant
    package var checks: [SLACheckFigures]
}

/// One line of the summary: a check, or several as one. Sums and budget are whole numbers of `weight` seconds, so that
/// shares and outcome are exact; `told` gives the seconds that people read.
package struct SLACheckFigures: Sendable {
    /// Its name; of several checks all names.
    package var check: String
    /// How several checks were made one; nil for one check.
    package var rule: String?
    /// After the contract's options: short outages and unknown slots moved as it says.
    package var sums: Sums
    /// Before them: what coverage and bounds are made of.
    package var raw: Sums
    package var budgetNs: Int64
    package var spentNs: Int64
    package var leftNs: Int64 { budgetNs - spentNs }
    /// Downtime without a break, from now on, after which the contract is breached whatever comes; nil when the window
    /// is over, or too little of it is left.
    package var untilBreachNs: Int64?
    package var outcome: Outcome
    /// The credit step that applies; nil for none.
    package var credit: Percentage?
    /// While the window runs; else empty.
    package var burnRates: [BurnRate] = []
    package var outages: [Outage]
    package var shortOutages: [Outage]
    package var exclusions: [ExclusionFigures]
    package var corrections: [CorrectionFigures]
    /// The weights of a weighted contract together.
    package var weight: Int64 = 1

    /// Nanoseconds rounded down.
    package func told(_ weightedNs: Int64) -> Int64 { floorDivide(weightedNs, weight) }
    package var toldSums: Sums { sums.map { told($0) } }

    package enum Outcome: String, Hashable, Sendable {
        case met, breached, undecided
        case metSoFar = "met so far"
    }
}

/// One line of `status` and of the status page.
package struct StatusLine: Sendable {
    package var check: String
    package var title: String
    package var kind: String
    /// The live verdict. Source: docs/uptime.md, rule 12.
    package var verdict: Verdict
    /// Since when it has had that verdict; nil: not known.
    package var since: Instant?
    package var responseUs: Int64?
    package var today: Sums
    package var month: Sums
    package var regions: [RegionVerdict]
    /// The last hours, oldest first.
    package var bar: [BarSegment]
    package var hasGenerated: Bool
    /// Not asked, on purpose.
    package var isPaused = false

    package struct RegionVerdict: Hashable, Sendable {
        package let region: String
        package let verdict: Verdict
        /// Of the newest sample.
        package let cause: Cause
        package init(region: String, verdict: Verdict, cause: Cause = .ok) {
            self.region = region
            self.verdict = verdict
            self.cause = cause
        }
    }
}
