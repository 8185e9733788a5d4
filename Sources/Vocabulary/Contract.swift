/// An SLA: what is promised for each calendar month, and how the exceptions count. Source: docs/uptime.md, rule 10.
package struct Contract: Hashable, Sendable {
    package var name: String
    /// Names of checks; how they count together says `combine`.
    package var checks: [String]
    package var combine: Combination
    package var objective: Percentage
    package var zone: Zone
    package var unknown: UnknownRule
    package var maintenance: MaintenanceRule
    /// Outages whose whole counted length is shorter count as up and are listed apart.
    package var minOutageNs: Int64
    /// nil: every hour of the week.
    package var businessHours: LocalHours?
    package var minCoverage: Percentage
    /// From the highest step to the lowest.
    package var credits: [CreditStep]

    package init(
        name: String, checks: [String], objective: Percentage, zone: Zone, unknown: UnknownRule = .exclude,
        maintenance: MaintenanceRule = .exclude, minOutageNs: Int64 = 0, businessHours: LocalHours? = nil,
        minCoverage: Percentage = Percentage(billionths: 950_000_000), credits: [CreditStep] = [],
        combine: Combination = .each
    ) {
        self.name = name
        self.checks = checks
        self.combine = combine
        self.objective = objective
        self.zone = zone
        self.unknown = unknown
        self.maintenance = maintenance
        self.minOutageNs = minOutageNs
        self.businessHours = businessHours
        self.minCoverage = minCoverage
        self.credits = credits
    }

    package enum UnknownRule: String, Hashable, Sendable, CaseIterable {
        case exclude
        case countAsDown = "count-as-down"
        case countAsUp = "count-as-up"
    }

    package enum MaintenanceRule: String, Hashable, Sendable, CaseIterable {
        case exclude
        case count
    }

    /// How several checks make one figure. Source: docs/uptime.md, rule 10.
    package enum Combination: Hashable, Sendable {
        /// Every check by itself.
        case each
        /// One figure: up while all are up.
        case all
        /// One figure: up while any is up.
        case any
        /// One figure: the checks' seconds, each times its weight. In the order of `checks`, all of them, 1 or more.
        case weights([Int64])
    }

    package struct CreditStep: Hashable, Sendable {
        package let below: Percentage
        /// Percent of the fee given back.
        package let credit: Percentage
        package init(below: Percentage, credit: Percentage) {
            self.below = below
            self.credit = credit
        }
    }
}

/// A share written as a percentage, exact: 99.9 % is 999,000,000 billionths.
package struct Percentage: Hashable, Comparable, Sendable {
    package let billionths: Int64
    package init(billionths: Int64) { self.billionths = billionths }

    /// `99.9`, at most seven decimals, 0 to 100; nil for anything else.
    package init?(text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0]), (0...100).contains(whole) else { return nil }
        let decimals = parts.count == 2 ? String(parts[1]) : "0"
        guard (1...7).contains(decimals.count), decimals.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        let padded = decimals + String(repeating: "0", count: 7 - decimals.count)
        billionths = whole * 10_000_000 + Int64(padded)!
        guard billionths <= 1_000_000_000 else { return nil }
    }

    /// `99.9`: no zeros at the end, but `100` and `99` as they are.
    package var text: String {
        let whole = billionths / 10_000_000
        var decimals = String(billionths % 10_000_000 + 10_000_000).dropFirst()
        while decimals.hasSuffix("0") { decimals.removeLast() }
        return decimals.isEmpty ? "\(whole)" : "\(whole).\(decimals)"
    }

    package static func < (left: Percentage, right: Percentage) -> Bool { left.billionths < right.billionths }
}
