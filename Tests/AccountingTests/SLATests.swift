import Testing
import Vocabulary

@testable import Accounting

@Suite("SLA figures")
struct SLATests {
    static let day = Interval("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z")

    static func contract(_ objective: String = "99.9", change: (inout Contract) -> Void = { _ in }) -> Contract {
        var contract = Contract(name: "gold", checks: ["shop"], objective: Percentage(text: objective)!, zone: .utc)
        change(&contract)
        return contract
    }

    static func figures(
        _ contract: Contract, _ story: Story, window: Interval? = nil, now: Instant? = nil,
        exclusions: [Exclusion] = [], corrections: [Correction] = []
    ) -> SLACheckFigures {
        let window = window ?? story.interval
        let now = now ?? window.end + Duration.dayNs
        let input = story.input(window: window, exclusions: exclusions, corrections: corrections)
        return SLACount.figures(contract, window: window, now: now, inputs: [input]).checks[0]
    }

    /// `letters` and then up until there are `count`.
    static func story(_ letters: String, count: Int = 1_000) -> Story {
        Story(letters + String(repeating: "u", count: count - letters.count))
    }

    struct OptionRow: CustomTestStringConvertible, Sendable {
        let name: String
        let letters: String
        var unknown = Contract.UnknownRule.exclude
        var maintenance = Contract.MaintenanceRule.exclude
        var minOutageMin: Int64 = 0
        let sums: Sums
        var shortOutages = 0
        var outages = 1
        var testDescription: String { name }
    }

    // Maintenance holds for the first two minutes.
    static let optionRows: [OptionRow] = [
        OptionRow(name: "as it is", letters: "uudd.uuuuu", sums: .minutes(up: 5, down: 2, unknown: 1, excluded: 2)),
        OptionRow(
            name: "unknown counts as down", letters: "uudd.uuuuu", unknown: .countAsDown,
            sums: .minutes(up: 5, down: 3, excluded: 2)),
        OptionRow(
            name: "unknown counts as up", letters: "uudd.uuuuu", unknown: .countAsUp,
            sums: .minutes(up: 6, down: 2, excluded: 2)),
        OptionRow(
            name: "maintenance counts", letters: "uddd.uuuuu", maintenance: .count,
            sums: .minutes(up: 6, down: 3, unknown: 1)),
        OptionRow(
            name: "an outage shorter than min_outage counts as up", letters: "uudd.uduuu", minOutageMin: 2,
            sums: .minutes(up: 5, down: 2, unknown: 1, excluded: 2), shortOutages: 1),
        OptionRow(
            name: "one as long as min_outage does not", letters: "uudduuuuuu", minOutageMin: 2,
            sums: .minutes(up: 6, down: 2, excluded: 2)),
        OptionRow(
            name: "only what is counted of an outage is measured", letters: "ddduuuuuuu", minOutageMin: 2,
            sums: .minutes(up: 8, excluded: 2), shortOutages: 1, outages: 0),
        OptionRow(
            name: "an outage during maintenance is not short", letters: "dduuuuuuuu", minOutageMin: 2,
            sums: .minutes(up: 8, excluded: 2)),
        OptionRow(
            name: "unknown counted as down belongs to the outage around it", letters: "uud.duuuuu",
            unknown: .countAsDown, minOutageMin: 3, sums: .minutes(up: 5, down: 3, excluded: 2)),
    ]

    @Test("a contract's options move seconds", arguments: optionRows)
    func options(row: OptionRow) {
        let contract = Self.contract {
            $0.unknown = row.unknown
            $0.maintenance = row.maintenance
            $0.minOutageNs = row.minOutageMin * Fixtures.minute
        }
        let window = Exclusion(interval: Story.minutes(0, 2), source: .maintenance("weekly"))
        let told = Self.figures(contract, Story(row.letters), exclusions: [window])
        #expect(told.sums == row.sums)
        #expect(told.shortOutages.count == row.shortOutages)
        #expect(told.outages.count == row.outages)
        #expect(told.spentNs == row.sums.down)
        #expect(told.raw.all == row.sums.all)
    }

    @Test("an outage over the month's edge is measured whole against min_outage")
    func wholeLength() {
        let contract = Self.contract { $0.minOutageNs = 3 * Fixtures.minute }
        let told = Self.figures(contract, Story("udddduuu"), window: Story.minutes(4, 8))
        #expect(told.sums == .minutes(up: 3, down: 1))
        #expect(told.shortOutages == [])
    }

    @Test("slots outside business hours are excluded, in the contract's zone, and the exclusions say so")
    func businessHours() {
        let hours = LocalHours(
            days: [.monday, .tuesday, .wednesday, .thursday, .friday], startMinute: 540, endMinute: 1_080,
            text: "Mon-Fri 09:00-18:00")
        let contract = Self.contract {
            $0.businessHours = hours
            $0.zone = Fixtures.paris
        }
        // Monday 2026-11-02 in Paris, an hour east of UTC.
        let window = Interval("2026-11-01T23:00:00Z", "2026-11-02T23:00:00Z")
        let story = Story(String(repeating: "u", count: 1_440)).with { $0.start = window.start }
        let told = Self.figures(contract, story, window: window)
        #expect(told.sums == .minutes(up: 540, excluded: 900))
        #expect(told.exclusions.map(\.source) == ["outside business hours", "outside business hours"])
        #expect(
            told.exclusions.map(\.interval) == [
                Interval("2026-10-30T17:00:00Z", "2026-11-02T08:00:00Z"),
                Interval("2026-11-02T17:00:00Z", "2026-11-03T08:00:00Z"),
            ])
        #expect(told.exclusions.map(\.excludedNs) == [540, 360].map { $0 * Fixtures.minute })
    }

    struct OutcomeRow: CustomTestStringConvertible, Sendable {
        let name: String
        let letters: String
        var objective = "99.9"
        /// Minutes of the thousand that have settled.
        var settled: Int64 = 1_000
        let outcome: SLACheckFigures.Outcome
        var credit: String?
        var testDescription: String { name }
    }

    static let outcomeRows: [OutcomeRow] = [
        OutcomeRow(name: "no downtime", letters: "", outcome: .met),
        OutcomeRow(name: "exactly the objective", letters: "d", outcome: .met),
        OutcomeRow(name: "one slot below it", letters: "dd", outcome: .breached, credit: "10"),
        OutcomeRow(
            name: "the lowest step below which it lies", letters: "ddddddddddd", outcome: .breached, credit: "25"),
        OutcomeRow(
            name: "exactly a step is not below it", letters: "dddddddddd", outcome: .breached, credit: "10"),
        OutcomeRow(
            name: "nothing known", letters: String(repeating: ".", count: 1_000), outcome: .undecided),
        OutcomeRow(
            name: "little known, and the unknown could decide",
            letters: "u" + String(repeating: ".", count: 100), outcome: .undecided),
        OutcomeRow(
            name: "little known, but down beyond doubt", letters: "dddd" + String(repeating: ".", count: 100),
            outcome: .breached, credit: "10"),
        OutcomeRow(
            name: "enough known: the unknown does not matter", letters: "u" + String(repeating: ".", count: 50),
            outcome: .met),
        OutcomeRow(name: "running, good so far", letters: "", settled: 500, outcome: .metSoFar),
        OutcomeRow(name: "running, below but within reach", letters: "d", settled: 500, outcome: .undecided),
        OutcomeRow(name: "running, out of reach", letters: "dd", settled: 500, outcome: .breached, credit: "10"),
        OutcomeRow(name: "an objective of 100 allows nothing", letters: "d", objective: "100", outcome: .breached),
    ]

    @Test("the outcome is decided by integers", arguments: outcomeRows)
    func outcome(row: OutcomeRow) {
        let contract = Self.contract(row.objective) {
            $0.credits = [
                Contract.CreditStep(below: Percentage(text: "99.9")!, credit: Percentage(text: "10")!),
                Contract.CreditStep(below: Percentage(text: "99.0")!, credit: Percentage(text: "25")!),
            ]
        }
        // One slot has settled when 71 seconds have passed.
        let now = Story.minute(row.settled - 1) + 71 * Duration.secondNs
        let story = Self.story(row.letters).with { $0.birth = Story.start }
        let told = Self.figures(contract, story, now: now)
        #expect(told.outcome == row.outcome)
        #expect(told.credit?.text == row.credit)
    }

    @Test("left is below nought exactly when the figure is below the objective, at every share of downtime")
    func budget() {
        for objective in ["99.9", "99.95", "99", "50", "0", "100", "99.9999999", "33.3333333"] {
            for down in 0...40 {
                let contract = Self.contract(objective)
                let told = Self.figures(contract, Self.story(String(repeating: "d", count: down), count: 40))
                let isBelow = told.sums.uptime.isBelow(contract.objective)
                #expect((told.leftNs < 0) == isBelow, "objective \(objective), \(down) down of 40")
                #expect((told.outcome == .breached) == isBelow, "objective \(objective), \(down) down of 40")
            }
        }
    }

    @Test("the budget of a running window holds the seconds to come that are not excluded")
    func toCome() {
        let later = Exclusion(interval: Story.minutes(900, 1_000), source: .maintenance("move"))
        let ahead = Correction(interval: Story.minutes(950, 960), verdict: .up, why: "the move was put off")
        let now = Story.minute(499) + 71 * Duration.secondNs
        let story = Story(String(repeating: "u", count: 500))
        let told = Self.figures(
            Self.contract("99"), story, window: Story.minutes(0, 1_000), now: now, exclusions: [later],
            corrections: [ahead])
        #expect(told.sums == .minutes(up: 500))
        // One percent of 500 settled and 410 to come.
        #expect(told.budgetNs == 910 * Fixtures.minute / 100)
        #expect(told.leftNs == told.budgetNs)
    }

    @Test("a check without a history is undecided and has its whole budget")
    func unborn() {
        let input = Fixtures.input(
            History(check: "shop", birth: nil, stretches: []), regions: ["tw"], window: Self.day)
        let contract = Self.contract("99")
        let told = SLACount.figures(contract, window: Self.day, now: Self.day.start, inputs: [input]).checks[0]
        #expect(told.outcome == .undecided)
        #expect(told.budgetNs == 1_440 * Fixtures.minute / 100)
    }

    @Test("the digest tells terms apart and does not look at the name")
    func digest() {
        let terms = Self.contract()
        var changes: [Contract] = [terms]
        changes.append(Self.contract("99.95"))
        changes.append(Self.contract { $0.checks = ["shop", "api"] })
        changes.append(Self.contract { $0.zone = Fixtures.paris })
        changes.append(Self.contract { $0.unknown = .countAsDown })
        changes.append(Self.contract { $0.maintenance = .count })
        changes.append(Self.contract { $0.minOutageNs = 1 })
        changes.append(Self.contract { $0.minCoverage = Percentage(text: "90")! })
        changes.append(
            Self.contract {
                $0.credits = [Contract.CreditStep(below: Percentage(text: "99")!, credit: Percentage(text: "5")!)]
            })
        let hours = LocalHours(days: [.monday], startMinute: 0, endMinute: 60, text: "Mon 00:00-01:00")
        changes.append(Self.contract { $0.businessHours = hours })
        #expect(Set(changes.map(\.digest)).count == changes.count)
        #expect(Self.contract { $0.name = "silver" }.digest == terms.digest)
        #expect(terms.digest.count == 16)
    }
}
