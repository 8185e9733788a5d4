import Vocabulary

/// Budget, outcome and credit of one check under a contract, by integers alone. Source: docs/uptime.md, rule 10.
struct SLALedger {
    let contract: Contract
    /// What coverage and bounds are made of.
    let raw: Sums
    /// After the contract's options.
    let sums: Sums
    let toCome: ToCome

    init(_ contract: Contract, raw: Sums, sums: Sums, toCome: ToCome) {
        self.contract = contract
        self.raw = raw
        self.sums = sums
        self.toCome = toCome
    }

    /// Rounded down to whole nanoseconds, which keeps rule 10's promise: downtime, being whole, exceeds the budget
    /// exactly when it exceeds this.
    var budgetNs: Int64 {
        let all = Int128(sums.up + sums.down + toCome.nanoseconds)
        let allowed = Int128(Percentage.wholeBillionths - contract.objective.billionths)
        return Int64(all * allowed / Int128(Percentage.wholeBillionths))
    }

    /// What is to come and would be down counts in the budget already: the budget does not move, and all that is left
    /// of it can go.
    var untilBreachNs: Int64? {
        let leftNs = budgetNs - sums.down
        guard !toCome.isOver, leftNs < toCome.nanoseconds else { return nil }
        return max(0, leftNs)
    }

    var outcome: SLACheckFigures.Outcome {
        guard raw.up + raw.down > 0 else { return .undecided }
        let objective = contract.objective
        if raw.coverage.isBelow(contract.minCoverage) && raw.worst.isBelow(objective) && !raw.best.isBelow(objective) {
            return .undecided
        }
        let isBelow = sums.uptime.isBelow(objective)
        if toCome.isOver { return isBelow ? .breached : .met }
        if sums.down > budgetNs { return .breached }
        return isBelow ? .undecided : .metSoFar
    }

    /// The lowest step that the figure lies below; while the window runs, below which it must end whatever comes.
    var credit: Percentage? {
        guard outcome != .undecided else { return nil }
        let figure = Ratio(sums.up + toCome.nanoseconds, sums.up + sums.down + toCome.nanoseconds)
        return contract.credits.filter { figure.isBelow($0.below) }.min { $0.below < $1.below }?.credit
    }
}

extension Ratio {
    /// Exact; an undefined share is below nothing.
    func isBelow(_ percentage: Percentage) -> Bool {
        Int128(numerator) * Int128(Percentage.wholeBillionths) < Int128(percentage.billionths) * Int128(denominator)
    }
}

extension Percentage {
    static let wholeBillionths: Int64 = 1_000_000_000
}
