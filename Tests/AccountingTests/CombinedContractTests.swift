import Testing
import Vocabulary

@testable import Accounting

@Suite("Contracts over several checks")
struct CombinedContractTests {
    static func figures(
        _ combine: Contract.Combination, _ letters: [String], change: (inout Contract) -> Void = { _ in },
        window: Interval? = nil, now: Instant? = nil, periodsNs: [Int64] = []
    ) -> SLACheckFigures {
        let names = letters.indices.map { "check\($0)" }
        var contract = Contract(
            name: "gold", checks: names, objective: Percentage(text: "90")!, zone: .utc, combine: combine)
        change(&contract)
        let stories = letters.enumerated().map { index, letters in
            Story(letters).with { if index < periodsNs.count { $0.periodNs = periodsNs[index] } }
        }
        let window = window ?? stories[0].interval
        let inputs = stories.enumerated().map { index, story in
            var input = story.input(window: window)
            input.check.name = names[index]
            return input
        }
        let told = SLACount.figures(contract, window: window, now: now ?? window.end + Duration.dayNs, inputs: inputs)
        #expect(told.checks.count == 1)
        return told.checks[0]
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let combine: Contract.Combination
        let letters: [String]
        let sums: Sums
        let outages: [ClosedRange<Int64>]

        init(
            _ name: String, _ combine: Contract.Combination, _ letters: [String], _ sums: Sums,
            _ outages: [ClosedRange<Int64>] = []
        ) {
            testDescription = name
            self.combine = combine
            self.letters = letters
            self.sums = sums
            self.outages = outages
        }
    }

    static let rows: [Row] = [
        Row("all: down while any is", .all, ["uduuu", "uuduu"], .minutes(up: 3, down: 2), [1...2]),
        Row("any: down while all are", .any, ["uddu", "uudd"], .minutes(up: 3, down: 1), [2...2]),
        Row("all: down beats unknown", .all, ["ud.u", "u.du"], .minutes(up: 2, down: 2), [1...2]),
        Row("all: unknown beats up", .all, ["u.u", "uuu"], .minutes(up: 2, unknown: 1)),
        Row("any: up beats unknown", .any, ["u.u", "uuu"], .minutes(up: 3)),
        Row("any: unknown beats down", .any, ["u.u", "udu"], .minutes(up: 2, unknown: 1)),
        Row("all: degraded counts as up and is told", .all, ["ugu", "uuu"], .minutes(up: 3, degraded: 1)),
        Row("any: up beats degraded", .any, ["ugg", "uug"], .minutes(up: 3, degraded: 1)),
        Row(
            "unknown inside does not end an outage", .all, ["ud.du", "uu.uu"], .minutes(up: 2, down: 2, unknown: 1),
            [1...3]),
        Row("a check takes part from its birth on", .all, ["udduu", "...uu"], .minutes(up: 3, down: 2), [1...2]),
        Row("a check that was never born takes no part", .any, ["udu", "..."], .minutes(up: 2, down: 1), [1...1]),
    ]

    @Test("all and any make one figure of the checks' time", arguments: rows)
    func combined(row: Row) {
        let told = Self.figures(row.combine, row.letters)
        #expect(told.sums == row.sums)
        #expect(told.outages.map(\.slots) == row.outages.map { Story.minutes($0.lowerBound, $0.upperBound + 1) })
        #expect(told.outages.reduce(0) { $0 + $1.downNs } == row.sums.down)
    }

    @Test("checks of different periods are cut at every slot's edge")
    func periods() {
        // Two minutes of the second are one slot.
        let told = Self.figures(.all, ["uuduuu", "udu"], periodsNs: [Fixtures.minute, 2 * Fixtures.minute])
        #expect(told.sums == .minutes(up: 4, down: 2))
        let any = Self.figures(.any, ["uuduuu", "udu"], periodsNs: [Fixtures.minute, 2 * Fixtures.minute])
        #expect(any.sums == .minutes(up: 5, down: 1))
    }

    @Test("weights count each check's seconds that often, decided exactly")
    func weights() {
        let told = Self.figures(.weights([3, 1]), ["uuuuuuuuud", "uuuuuuuddd"])
        // 3 x (9 up, 1 down) and (7 up, 3 down) of 4 x 10.
        #expect(told.sums.uptime == Ratio(34 * Fixtures.minute, 40 * Fixtures.minute))
        #expect(told.toldSums == Sums(up: 510 * Duration.secondNs, down: 90 * Duration.secondNs))
        #expect(told.outcome == .breached)
        #expect(told.told(told.budgetNs) == Fixtures.minute)
        #expect(told.told(told.leftNs) == -30 * Duration.secondNs)
        #expect(told.rule == "seconds weighted check0 3, check1 1, of 4")
        #expect(Self.figures(.weights([1, 1]), ["uuuuuuuuud", "uuuuuuuuud"]).outcome == .met, "exactly the objective")
        let thirds = Self.figures(
            .weights([1, 1, 1]), ["uuud", "uuud", "uuuu"], change: { $0.objective = Percentage(text: "83.3333333")! })
        #expect(thirds.outcome == .met && thirds.sums.uptime.percentText == "83.333")
    }

    @Test("an outage of all together shorter than min_outage counts as up, whole")
    func minOutage() {
        let told = Self.figures(.all, ["uduuduuu", "uuduuuuu"], change: { $0.minOutageNs = 2 * Fixtures.minute })
        #expect(told.sums == .minutes(up: 6, down: 2))
        #expect(told.shortOutages.map(\.slots) == [Story.minutes(4, 5)])
        #expect(told.outages.map(\.slots) == [Story.minutes(1, 3)])
    }

    @Test("while the month runs, time counts once every check has settled it, and the rest is to come")
    func running() {
        let window = Story.minutes(0, 100)
        let told = Self.figures(
            .all, [String(repeating: "u", count: 60), String(repeating: "u", count: 50)], window: window,
            now: Story.minute(59) + 71 * Duration.secondNs)
        #expect(told.sums.all == 60 * Fixtures.minute)
        #expect(told.budgetNs == 100 * Fixtures.minute / 10 - told.sums.unknown / 10)
        #expect(told.outcome == .undecided, "ten minutes nobody knows of the second could decide")
    }

    @Test("the digest tells combinations apart, and a single one has that of before")
    func digest() {
        var contract = Contract(name: "gold", checks: ["a", "b"], objective: Percentage(text: "99")!, zone: .utc)
        var digests = [contract.digest]
        for combine in [Contract.Combination.all, .any, .weights([1, 2]), .weights([2, 1])] {
            contract.combine = combine
            digests.append(contract.digest)
        }
        #expect(Set(digests).count == 5)
    }
}

@Suite("Burn rates, Apdex, and regions down on their own")
struct PaceTests {
    static func burn(_ letters: String, objective: String = "99.9", now: Instant? = nil) -> [BurnRate] {
        let story = Story(letters)
        let contract = SLATests.contract(objective)
        let window = Interval(start: Story.start, end: Story.start + 30 * Duration.dayNs)
        let now = now ?? Story.minute(Int64(letters.count) - 1) + 71 * Duration.secondNs
        return SLATests.figures(contract, story, window: window, now: now).burnRates
    }

    @Test("each rate is the downtime's share over its window, over what is allowed")
    func rates() {
        // Six hours: the last hour has six minutes down, three of them in its last five.
        let letters = String(repeating: "u", count: 300) + "uudddu" + String(repeating: "u", count: 50) + "udddu"
        let rates = Self.burn(letters)
        #expect(rates.map(\.pair.level) == [.critical, .critical, .caution])
        // 6 of 60 minutes over 0.1 %; 3 of 5.
        #expect(rates[0].long == 100_000 && rates[0].short == 600_000 && rates[0].isReached)
        // 6 of 360, 3 of 30.
        #expect(rates[1].long == 16_666)
        #expect(rates[1].short == 100_000 && rates[1].isReached)
    }

    @Test("the long window alone is not enough")
    func shortWindow() {
        let letters = String(repeating: "d", count: 10) + String(repeating: "u", count: 50)
        let rates = Self.burn(letters)
        #expect(rates[0].long == 166_666 && rates[0].short == 0 && !rates[0].isReached)
        #expect(rates[1].short == 0 && !rates[1].isReached)
    }

    @Test("an objective of 100 has no rate; a window that is over has none to tell")
    func none() {
        #expect(Self.burn("uudd", objective: "100").allSatisfy { $0.long == nil && !$0.isReached })
        let over = SLATests.figures(SLATests.contract(), Story("uudd"))
        #expect(over.burnRates == [] && over.untilBreachNs == nil)
    }

    @Test("until breach is what is left of the budget, as long as there is time for it")
    func untilBreach() {
        let contract = SLATests.contract("90")
        func until(_ letters: String) -> Int64? {
            SLATests.figures(
                contract, Story(letters), window: Story.minutes(0, 20),
                now: Story.minute(Int64(letters.count) - 1) + 71 * Duration.secondNs
            ).untilBreachNs
        }
        #expect(until("uuuuuuuuuu") == 2 * Fixtures.minute)
        #expect(until("uuduuuuuuu") == Fixtures.minute)
        #expect(until("dddduuuuuu") == 0)
        // One minute is left of the month, two of the budget.
        #expect(until(String(repeating: "u", count: 19)) == nil)
    }

    @Test("Apdex: satisfied to T, tolerating to 4T, failures frustrated, excluded and unknown left out")
    func apdex() {
        var input = Story("uuuudg.xb").input(
            exclusions: [Exclusion(interval: Story.minutes(0, 1), source: .pause)])
        #expect(Count.figures(input).apdex == nil)
        // Every sample takes 10 ms.
        func score(_ thresholdUs: Int64) -> (ApdexFigures?, String?) {
            input.check.apdexNs = thresholdUs * Duration.microsecondNs
            let figures = Count.figures(input).apdex
            return (figures, figures?.score.decimalText)
        }
        #expect(score(10_000).0?.satisfied == 5 && score(10_000).0?.frustrated == 1)
        #expect(score(10_000).1 == "0.83")
        #expect(score(9_999).0?.tolerating == 5 && score(9_999).1 == "0.41")
        #expect(score(2_500).0?.tolerating == 5)
        #expect(score(2_499).0?.frustrated == 6 && score(2_499).1 == "0.00")
    }

    @Test("a region down three slots or more in a row below the vote has a line of its own")
    func regional() {
        let story = Story("uuuuuuuuuuu", "udduddduddd", "uuuuuuuuuud")
        let told = Count.figures(story.input()).regional
        #expect(told.map(\.regions) == [["jp"]])
        #expect(told.map(\.interval) == [Story.minutes(4, 7)])
        // The last run ends in an outage by the vote: two slots below it are too few.
        let together = Story("uuuuuu", "uddddu", "uuuuuu").with { $0.vote = .all }
        #expect(Count.figures(together.input()).regional.map(\.interval) == [Story.minutes(1, 5)])
        let broken = Count.figures(Story("uuuuuuuu", "udd.dddu", "uuuuuuuu").input()).regional
        #expect(broken.map(\.interval) == [Story.minutes(4, 7)])
        let window = Count.figures(story.input(window: Story.minutes(5, 8))).regional
        #expect(window == [])
    }
}

@Suite("One slot explained")
struct ExplanationTests {
    @Test("every part that had a say, and what came of it")
    func parts() throws {
        let story = Story("uudduu", "ududdu", "uuu.du").with { $0.phasesMs = [1_000, 21_000, 41_000] }
        let pause = Exclusion(
            interval: Interval(start: Story.minute(4), end: Instant(nanoseconds: .max)), source: .pause)
        let correction = Correction(interval: Story.minutes(3, 4), verdict: .up, why: "ours")
        let count = Count(
            story.input(
                window: Story.minutes(-5, 6), now: Story.minute(5) + 30 * Duration.secondNs, exclusions: [pause],
                corrections: [correction]))
        func why(_ minute: Int64) throws -> Explanation {
            try #require(count.explanation(at: Story.minute(minute, plusMs: 59_999)))
        }
        let partial = try why(1)
        #expect(partial.verdict == .up && partial.isPartial && partial.counted == .up && partial.outage == nil)
        #expect((partial.known, partial.down) == (3, 1))
        #expect(partial.regions.map(\.start) == [1_000, 21_000, 41_000].map { Story.minute(1, plusMs: $0) })
        let corrected = try why(3)
        #expect(corrected.verdict == .down && corrected.counted == .up && corrected.corrections == [correction])
        #expect(corrected.outage?.slots == Story.minutes(3, 5) && (corrected.known, corrected.down) == (2, 2))
        let running = try why(5)
        #expect(running.standing == .running && running.counted == nil && running.exclusions == [pause])
        #expect(try #require(count.explanation(at: Story.start - 1)).standing == .unborn)
    }
}
