import Accounting
import Vocabulary

/// A replay as one JSON object.
package enum ReplayJSON: ReplayFormat {
    package static let name = "json"
    package static let contentType = ContentType.json

    package static func render(_ replay: ReplayFigures, _ style: TextStyle) -> String { render(replay) }

    package static func render(_ replay: ReplayFigures) -> String {
        JSON.object([
            "window": .window(replay.window, replay.zone),
            "rules": .object([
                "vote": .optional(replay.rules.vote?.name),
                "confirm": .optional(replay.rules.confirm.map { Int64($0) }),
                "contract": .optional(replay.rules.contract),
            ]),
            "checks": .array(
                replay.checks.map { check in
                    .object([
                        "check": .string(check.before.figures.check), "before": side(check.before),
                        "after": side(check.after), "outages_added": .array(check.added.map(\.json)),
                        "outages_gone": .array(check.gone.map(\.json)),
                    ])
                }),
        ]).prettyText + "\n"
    }

    private static func side(_ side: ReplayFigures.Side) -> JSON {
        let sums = side.figures.sums
        return .object([
            "uptime": sums.uptime.json, "coverage": sums.coverage.json, "seconds": sums.secondsJSON,
            "outages": .array(side.figures.outages.map(\.json)),
            "notifications": .array(
                side.notifications.map {
                    .object([
                        "change": .string($0.change.rawValue), "time": .instant($0.time),
                        "cause": .string($0.incident.cause.name), "regions": .strings($0.incident.regions),
                    ])
                }),
            "contract": side.contract.map { contract($0) } ?? .null,
        ])
    }

    private static func contract(_ check: SLACheckFigures) -> JSON {
        .object([
            "check": .string(check.check), "uptime": check.sums.uptime.json,
            "budget_s": .seconds(check.told(check.budgetNs)), "spent_s": .seconds(check.told(check.spentNs)),
            "left_s": .seconds(check.told(check.leftNs)), "outcome": .string(check.outcome.rawValue),
        ])
    }
}
