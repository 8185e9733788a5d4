import Vocabulary

/// Counts checks by the terms of a contract. Source: docs/uptime.md, rule 10.
package enum SLACount {
    /// `window`: a calendar month in the contract's zone. `inputs`: the contract's checks in its order; their own
    /// windows and zones are not looked at.
    package static func figures(
        _ contract: Contract, window: Interval, now: Instant, inputs: [CountingInput]
    ) -> SLAFigures {
        let counts = inputs.map { input in
            var input = input
            input.window = window
            input.zone = contract.zone
            input.now = now
            input.exclusions = exclusions(contract, input)
            return Count(input)
        }
        let checks: [SLACheckFigures] =
            switch contract.combine {
            case .each: counts.map { check(contract, $0) }
            case .all: [combined(contract, counts, isAny: false, window: window)]
            case .any: [combined(contract, counts, isAny: true, window: window)]
            case .weights(let weights): [weighted(contract, counts, weights)]
            }
        return SLAFigures(contract: contract, hash: contract.digest, window: window, now: now, checks: checks)
    }

    /// What the contract excludes: maintenance if it says so, pauses, and all but the business hours.
    private static func exclusions(_ contract: Contract, _ input: CountingInput) -> [Exclusion] {
        let kept = input.exclusions.filter { exclusion in
            switch exclusion.source {
            case .maintenance: contract.maintenance == .exclude
            case .pause, .outsideBusinessHours: true
            }
        }
        guard let hours = contract.businessHours else { return kept }
        // The whole history: an outage that reaches out of the month is measured whole against `min_outage`.
        let start = min(input.window.start, input.history.stretches.first?.interval.start ?? input.window.start)
        let end = max(input.window.end, input.history.stretches.last?.interval.end ?? input.window.end)
        let outside = Windows.outside(hours, zone: contract.zone, in: Interval(start: start, end: end))
        return kept + outside.map { Exclusion(interval: $0, source: .outsideBusinessHours) }
    }

    static func check(_ contract: Contract, _ count: Count) -> SLACheckFigures {
        let raw = count.tally(of: count.window).nanoseconds
        var sums = apply(contract.unknown, to: raw)
        var edges = OutageEdges(count.course)
        var outages: [Outage] = []
        var shortOutages: [Outage] = []
        for run in count.listedRuns() {
            let outage = count.outage(run, &edges)
            let wholeNs = downNs(contract, count, Range(run))
            // Nothing counted at all: not short, but during maintenance, and there is nothing to move.
            if wholeNs > 0 && wholeNs < contract.minOutageNs {
                sums.move(downNs(contract, count, count.window.clamped(to: Range(run))), from: \.down, to: \.up)
                shortOutages.append(outage)
            } else {
                outages.append(outage)
            }
        }
        let ledger = SLALedger(contract, raw: raw, sums: sums, toCome: count.toCome())
        let isRunning = !ledger.toCome.isOver
        return SLACheckFigures(
            check: count.input.check.name, sums: sums, raw: raw, budgetNs: ledger.budgetNs, spentNs: sums.down,
            untilBreachNs: ledger.untilBreachNs, outcome: ledger.outcome, credit: ledger.credit,
            burnRates: isRunning ? burnRates(contract, count) : [], outages: outages, shortOutages: shortOutages,
            exclusions: count.exclusionFigures(), corrections: count.correctionFigures())
    }

    private static func burnRates(_ contract: Contract, _ count: Count) -> [BurnRate] {
        guard let end = count.settledEnd else { return [] }
        return BurnRate.all(contract.objective, at: end) { apply(contract.unknown, to: count.sums(in: $0)) }
    }

    /// Moves the unknown seconds to where the contract counts them.
    static func apply(_ rule: Contract.UnknownRule, to raw: Sums) -> Sums {
        var sums = raw
        switch rule {
        case .exclude: break
        case .countAsDown: sums.move(raw.unknown, from: \.unknown, to: \.down)
        case .countAsUp: sums.move(raw.unknown, from: \.unknown, to: \.up)
        }
        return sums
    }

    /// What the contract counts as down at `places`, which lie within one outage.
    private static func downNs(_ contract: Contract, _ count: Count, _ places: Range<Int>) -> Int64 {
        let sums = count.tally(of: places).nanoseconds
        return contract.unknown == .countAsDown ? sums.down + sums.unknown : sums.down
    }
}

extension Sums {
    mutating func move(
        _ amount: Int64, from: WritableKeyPath<Sums, Int64>, to: WritableKeyPath<Sums, Int64>
    ) {
        self[keyPath: from] -= amount
        self[keyPath: to] += amount
    }
}
