import Accounting
import Storage
import Vocabulary

/// How the day's move judges slots together: the same votes and outages that reports count.
struct StoreRules: RollUpRules {
    private let plan: Plan
    /// By name: the check's place in the plan.
    private let places: [String: Int]

    init(plan: Plan) {
        self.plan = plan
        places = Dictionary(uniqueKeysWithValues: plan.checks.enumerated().map { ($1.name, $0) })
    }

    func cells(_ stretch: History.Stretch) -> [VerdictCell] { stretch.votes() }

    func outages(
        of name: String, endedIn interval: Interval, history: (Interval) throws -> History
    ) throws -> [OutageRecord] {
        // The rings of a check that the configuration no longer has are kept, and nothing is counted in them.
        guard let place = places[name] else { return [] }
        let check = plan.checks[place]
        var marginNs = max(Duration.hourNs, 10 * check.periodNs)
        while true {
            let wide = Interval(start: interval.start - marginNs, end: interval.end + 2 * check.periodNs)
            let count = Count(
                CountingInput(
                    check: check, history: try history(wide), window: wide, zone: .utc,
                    // Everything up to the end of the interval has settled: whoever asks made sure of it.
                    now: wide.end + 2 * check.periodNs + Duration.minuteNs))
            let records = count.records(endedIn: interval)
            // One without a good sample before it may have begun before what was read.
            if marginNs > check.retention.slotsNs || records.allSatisfy({ $0.startEarliest != nil }) { return records }
            marginNs *= 8
        }
    }
}
