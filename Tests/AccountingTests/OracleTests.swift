import Support
import Testing
import Vocabulary

@testable import Accounting

@Suite("Figures of random histories")
struct OracleTests {
    @Test("figures agree with a naive count of the same slots", arguments: 0..<12)
    func agree(batch: Int) {
        for step in 0..<50 {
            let seed = UInt64(batch * 50 + step)
            let input = RandomHistory.input(seed: seed)
            let figures = Count.figures(input)
            let told = Told(figures)
            let expected = Told(Oracle(input))
            #expect(told.differences(from: expected) == [], "seed \(seed)")
            #expect(Told(Count(input).figures(ThreeCores())).differences(from: told) == [], "seed \(seed)")
            expectSumsToFit(figures, seed: seed)
        }
    }

    /// Rules 4, 6 and 8: what must add up in every report.
    private func expectSumsToFit(_ figures: CheckFigures, seed: UInt64) {
        var days = Sums()
        for day in figures.days { days += day.sums }
        #expect(days == figures.sums, "seed \(seed)")
        let outageNs = figures.outages.reduce(figures.correctedDownNs) { $0 + $1.downNs }
        #expect(outageNs == figures.sums.down, "seed \(seed)")
        #expect(figures.exclusions.reduce(0) { $0 + $1.excludedNs } == figures.sums.excluded, "seed \(seed)")
    }
}

/// Shares out whatever there is, and has the last piece done first.
private struct ThreeCores: Cores {
    let count = 3
    let leastShare = 1
    func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ work: @Sendable (Element) -> Result
    ) -> [Result] { elements.reversed().map(work).reversed() }
}

/// What both counts tell, in one value.
private struct Told: Hashable {
    var sums: Sums
    var slots: Sums
    var uncorrected: Sums?
    var days: [Day]
    var regions: [Region]
    var response: ResponseFigures?
    var legs: [ResponseFigures?]
    var outages: [Outage]
    var partials: [Interval]
    var blips: [Interval]
    var failures: [CheckFigures.CauseCount]
    var changedNs: [Int64]

    struct Day: Hashable {
        let date: CivilDate
        let sums: Sums
    }

    struct Region: Hashable {
        let region: String
        let sums: Sums
        let response: ResponseFigures?
    }

    init(_ figures: CheckFigures) {
        sums = figures.sums
        slots = figures.slots
        uncorrected = figures.uncorrected
        days = figures.days.map { Day(date: $0.date, sums: $0.sums) }
        regions = figures.regions.map { Region(region: $0.region, sums: $0.sums, response: $0.response) }
        response = figures.response
        legs = figures.legs
        outages = figures.outages.map { outage in
            // Regions of later eras have no order of their own.
            var outage = outage
            outage.regions.sort()
            return outage
        }
        partials = figures.partials.map(\.interval)
        blips = figures.blips.map(\.interval)
        failures = figures.failures
        changedNs = figures.corrections.map(\.changedNs)
    }

    init(_ oracle: Oracle) {
        let input = oracle.input
        let cells = oracle.windowCells
        sums = oracle.sums(cells)
        slots = cells.reduce(into: Sums()) { $0.count(1, as: oracle.state($1, $1.verdict)) }
        let touching = input.corrections.indices.filter { input.corrections[$0].interval.overlaps(input.window) }
        uncorrected = touching.isEmpty ? nil : oracle.sums(cells, isCorrected: false)
        days = input.zone.days(in: input.window).map { date in
            Day(date: date, sums: oracle.sums(cells.filter { input.zone.date($0.start) == date }))
        }
        // The newest eras first.
        let names = cells.reversed().flatMap(\.regions).reduce(into: input.check.regions) { names, region in
            if !names.contains(region) { names.append(region) }
        }
        regions = names.map { Region(region: $0, sums: oracle.sums(of: $0), response: oracle.response([$0])) }
        response = oracle.response(names)
        legs = Leg.allCases.map { leg in
            oracle.response(names) { slot in
                SlotLegs(rest: slot.restLeg, bytes: slot.legBytes).legs(totalUs: slot.totalUs)[leg]
            }
        }
        outages = oracle.outages.map { outage in
            var outage = outage
            outage.regions.sort()
            return outage
        }
        partials = oracle.spells(\.isPartial)
        blips = oracle.spells(\.isBlip)
        let failing = cells.filter { oracle.state($0, $0.verdict) != .excluded }.flatMap { cell in
            cell.regions(.down).map { cell.written[$0]!.cause }
        }
        failures = Dictionary(grouping: failing) { $0 }
            .map { CheckFigures.CauseCount(cause: $0.key, count: $0.value.count) }
            .sorted { $0.count != $1.count ? $0.count > $1.count : $0.cause.name < $1.cause.name }
        changedNs = touching.map { index in
            cells.filter { cell in
                input.corrections.lastIndex { $0.interval.contains(cell.start) } == index
                    && oracle.state(cell, cell.verdict) != oracle.state(cell, cell.verdict, isCorrected: false)
            }.reduce(0) { $0 + $1.periodNs }
        }
    }

    /// The fields that differ, both values of each.
    func differences(from other: Told) -> [String] {
        zip(Mirror(reflecting: self).children, Mirror(reflecting: other).children).compactMap { mine, theirs in
            let values = ("\(mine.value)", "\(theirs.value)")
            return values.0 == values.1 ? nil : "\(mine.label ?? ""): \(values.0) and not \(values.1)"
        }
    }
}
