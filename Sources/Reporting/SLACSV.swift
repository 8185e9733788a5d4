import Accounting
import Vocabulary

/// A row for each check of the contract. The header is a promise: columns may be added at the end, none renamed.
package enum SLACSV: SLAFormat {
    package static let name = "csv"
    package static let contentType = ContentType.csv

    static let header = [
        "contract", "hash", "from", "to", "zone", "check", "objective", "uptime", "uptime_worst", "uptime_best",
        "coverage", "up_s", "degraded_s", "down_s", "unknown_s", "excluded_s", "budget_s", "spent_s", "left_s",
        "outages", "short_outages", "outcome", "credit", "combine", "until_breach_s",
    ]

    package static func render(_ figures: SLAFigures) -> String {
        CSV.header(header) + figures.checks.map { row($0, figures) }.joined()
    }

    private static func row(_ check: SLACheckFigures, _ figures: SLAFigures) -> String {
        let contract = figures.contract
        return CSV.row(
            [
                .text(contract.name), .value(figures.hash), .value(figures.window.start.rfc3339),
                .value(figures.window.end.rfc3339), .text(contract.zone.name), .text(check.check),
                .value(contract.objective.text),
            ]
                + [check.sums.uptime, check.raw.worst, check.raw.best, check.raw.coverage].map {
                    .value($0.isDefined ? $0.json.text : nil)
                }
                + [
                    check.sums.up, check.sums.degraded, check.sums.down, check.sums.unknown, check.sums.excluded,
                    check.budgetNs, check.spentNs, check.leftNs,
                ].map { .value(JSON.seconds(check.told($0)).text) }
                + [
                    .value("\(check.outages.count)"), .value("\(check.shortOutages.count)"),
                    .value(check.outcome.rawValue), .value(check.credit?.text), .value(contract.combine.name),
                    .value(check.untilBreachNs.map { JSON.seconds(check.told($0)).text }),
                ])
    }
}
