import Accounting
import Vocabulary

/// The contract's figures of one month as one JSON object.
package enum SLAJSON: SLAFormat {
    package static let name = "json"
    package static let contentType = ContentType.json

    package static func render(_ figures: SLAFigures) -> String {
        let contract = figures.contract
        let json = JSON.object([
            "contract": .string(contract.name), "hash": .string(figures.hash),
            "window": .window(figures.window, contract.zone), "objective": .number(contract.objective.text),
            "options": .object([
                "unknown": .string(contract.unknown.rawValue), "maintenance": .string(contract.maintenance.rawValue),
                "min_outage_s": .seconds(contract.minOutageNs), "min_coverage": .number(contract.minCoverage.text),
                "business_hours": .optional(contract.businessHours?.text), "combine": .string(contract.combine.name),
                "rule": .optional(contract.combine.rule(contract.checks)),
            ]),
            "checks": .array(figures.checks.map { check($0) }),
        ])
        return json.prettyText + "\n"
    }

    private static func burnRate(_ rate: BurnRate) -> JSON {
        .object([
            "long_s": .seconds(rate.pair.longNs), "short_s": .seconds(rate.pair.shortNs),
            "limit": .thousandths(rate.pair.limit), "long": .thousandths(rate.long),
            "short": .thousandths(rate.short), "level": .string(rate.pair.level.rawValue),
            "reached": .bool(rate.isReached),
        ])
    }

    private static func check(_ check: SLACheckFigures) -> JSON {
        .object([
            "check": .string(check.check), "seconds": check.toldSums.secondsJSON, "uptime": check.sums.uptime.json,
            "uptime_worst": check.raw.worst.json, "uptime_best": check.raw.best.json,
            "coverage": check.raw.coverage.json, "budget_s": .seconds(check.told(check.budgetNs)),
            "spent_s": .seconds(check.told(check.spentNs)), "left_s": .seconds(check.told(check.leftNs)),
            "until_breach_s": check.untilBreachNs.map { .seconds(check.told($0)) } ?? .null,
            "burn_rates": .array(check.burnRates.map { burnRate($0) }),
            "outcome": .string(check.outcome.rawValue), "credit": check.credit.map { .number($0.text) } ?? .null,
            "outages": .array(check.outages.map(\.json)), "short_outages": .array(check.shortOutages.map(\.json)),
            "exclusions": .array(
                check.exclusions.map {
                    .object([
                        "from": .instant($0.interval.start), "to": .instant($0.end),
                        "source": .string($0.source), "after_the_fact": .bool($0.isAfterTheFact),
                    ])
                }),
            "corrections": .array(check.corrections.map(\.json)),
        ])
    }
}
