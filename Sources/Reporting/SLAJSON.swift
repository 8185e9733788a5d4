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
                "business_hours": .optional(contract.businessHours?.text), "combine": .string("each"),
            ]),
            "checks": .array(figures.checks.map { check($0) }),
        ])
        return json.prettyText + "\n"
    }

    private static func check(_ check: SLACheckFigures) -> JSON {
        .object([
            "check": .string(check.check), "seconds": check.sums.secondsJSON, "uptime": check.sums.uptime.json,
            "uptime_worst": check.raw.worst.json, "uptime_best": check.raw.best.json,
            "coverage": check.raw.coverage.json, "budget_s": .seconds(check.budgetNs),
            "spent_s": .seconds(check.spentNs), "left_s": .seconds(check.leftNs),
            "outcome": .string(check.outcome.rawValue), "credit": check.credit.map { .number($0.text) } ?? .null,
            "outages": .array(check.outages.map(\.json)), "short_outages": .array(check.shortOutages.map(\.json)),
            "exclusions": .array(
                check.exclusions.map {
                    .object([
                        "from": .instant($0.interval.start), "to": .instant($0.interval.end),
                        "source": .string($0.source), "after_the_fact": .bool($0.isAfterTheFact),
                    ])
                }),
            "corrections": .array(check.corrections.map(\.json)),
        ])
    }
}
