import Vocabulary

// Several checks of a contract as one figure. Source: docs/uptime.md, rule 10.
extension SLACount {
    /// Up while all are, or while any is.
    static func combined(_ contract: Contract, _ counts: [Count], isAny: Bool, window: Interval) -> SLACheckFigures {
        let course = CombinedCourse(counts, isAny: isAny)
        let raw = course.sums(in: window)
        var sums = apply(contract.unknown, to: raw)
        let parts = counts.flatMap { $0.outages() }
        var (outages, shortOutages): ([Outage], [Outage]) = ([], [])
        for run in course.outageRuns() where course.sums(in: run.clamped(to: window)).down > 0 {
            let wholeNs = apply(contract.unknown, to: course.sums(in: run)).down
            let insideNs = apply(contract.unknown, to: course.sums(in: run.clamped(to: window))).down
            let outage = outage(run, of: course, parts, window: window)
            if wholeNs < contract.minOutageNs {
                sums.move(insideNs, from: \.down, to: \.up)
                shortOutages.append(outage)
            } else {
                outages.append(outage)
            }
        }
        let ledger = SLALedger(contract, raw: raw, sums: sums, toCome: course.toCome(of: window))
        return figures(
            contract, ledger, counts, outages: outages, shortOutages: shortOutages,
            burnRates: course.settledEnd.map { end in
                BurnRate.all(contract.objective, at: end) { apply(contract.unknown, to: course.sums(in: $0)) }
            } ?? [])
    }

    /// The checks' own figures, each times its weight.
    static func weighted(_ contract: Contract, _ counts: [Count], _ weights: [Int64]) -> SLACheckFigures {
        let singles = counts.map { check(contract, $0) }
        var (raw, sums, toCome) = (Sums(), Sums(), ToCome())
        for ((single, count), weight) in zip(zip(singles, counts), weights) {
            raw += single.raw * weight
            sums += single.sums * weight
            let own = count.toCome()
            toCome.nanoseconds += own.nanoseconds * weight
            toCome.isOver = toCome.isOver && own.isOver
        }
        let ledger = SLALedger(contract, raw: raw, sums: sums, toCome: toCome)
        let end = counts.compactMap { $0.settledEnd }.min()
        var told = figures(
            contract, ledger, counts, outages: singles.flatMap(\.outages).sortedByStart(),
            shortOutages: singles.flatMap(\.shortOutages).sortedByStart(),
            burnRates: end.map { end in
                BurnRate.all(contract.objective, at: end) { interval in
                    zip(counts, weights).reduce(into: Sums()) { sums, pair in
                        sums += apply(contract.unknown, to: pair.0.sums(in: interval)) * pair.1
                    }
                }
            } ?? [])
        told.weight = weights.reduce(0, +)
        return told
    }

    private static func figures(
        _ contract: Contract, _ ledger: SLALedger, _ counts: [Count], outages: [Outage], shortOutages: [Outage],
        burnRates: [BurnRate]
    ) -> SLACheckFigures {
        SLACheckFigures(
            check: contract.checks.joined(separator: ", "), rule: contract.combine.rule(contract.checks),
            sums: ledger.sums, raw: ledger.raw, budgetNs: ledger.budgetNs, spentNs: ledger.sums.down,
            untilBreachNs: ledger.untilBreachNs, outcome: ledger.outcome, credit: ledger.credit,
            burnRates: ledger.toCome.isOver ? [] : burnRates, outages: outages, shortOutages: shortOutages,
            exclusions: counts.flatMap { count in
                count.exclusionFigures().map { exclusion in
                    var exclusion = exclusion
                    exclusion.source = "\(count.input.check.name): \(exclusion.source)"
                    return exclusion
                }
            },
            corrections: counts.flatMap { count in
                count.correctionFigures().map { correction in
                    var correction = correction
                    correction.why = "\(count.input.check.name): \(correction.why)"
                    return correction
                }
            })
    }

    /// Its edges are those of the checks' outages that begin and end it, where there are such; else those of slots.
    private static func outage(
        _ run: Interval, of course: CombinedCourse, _ parts: [Outage], window: Interval
    ) -> Outage {
        let inside = parts.filter { $0.slots.overlaps(run) }
        let first = inside.filter { $0.slots.start == run.start }.min {
            ($0.start ?? run.start) < ($1.start ?? run.start)
        }
        let last = inside.filter { $0.slots.end == run.end }.max { ($0.end ?? run.end) < ($1.end ?? run.end) }
        let whole = course.sums(in: run)
        var regions: [String] = []
        for region in inside.flatMap(\.regions) where !regions.contains(region) { regions.append(region) }
        let isOpen = course.segments.last?.interval.end == run.end
        return Outage(
            start: first?.start ?? run.start, startEarliest: first?.startEarliest,
            end: last.map(\.end) ?? (isOpen ? nil : run.end), endEarliest: last?.endEarliest, slots: run,
            downNs: course.sums(in: run.clamped(to: window)).down, unknownNs: whole.unknown,
            cause: (first ?? inside.first)?.cause ?? .unstated, regions: regions)
    }
}

extension Contract.Combination {
    /// The rule in words; nil where each check counts by itself.
    package func rule(_ checks: [String]) -> String? {
        switch self {
        case .each: nil
        case .all: "up while all of \(checks.joined(separator: ", ")) are up"
        case .any: "up while any of \(checks.joined(separator: ", ")) is up"
        case .weights(let weights):
            "seconds weighted "
                + zip(checks, weights).map { "\($0) \($1)" }.joined(separator: ", ")
                + ", of \(weights.reduce(0, +))"
        }
    }

    /// `each`, `all`, `any`, `weights`.
    package var name: String {
        switch self {
        case .each: "each"
        case .all: "all"
        case .any: "any"
        case .weights: "weights"
        }
    }
}

extension Sums {
    static func * (sums: Sums, factor: Int64) -> Sums { sums.map { $0 * factor } }
}

extension [Outage] {
    fileprivate func sortedByStart() -> [Outage] {
        enumerated().sorted { ($0.element.slots.start, $0.offset) < ($1.element.slots.start, $1.offset) }.map(\.element)
    }
}
