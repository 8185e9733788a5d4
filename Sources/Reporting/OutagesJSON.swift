import Accounting
import Vocabulary

/// Every outage of every check: the checks in their order, each one's outages oldest first.
package enum OutagesJSON: OutageFormat {
    package static let name = "json"
    package static let contentType = ContentType.json

    package static func render(_ figures: Figures, withAll: Bool, _ style: TextStyle) -> String {
        render(figures, withAll: withAll)
    }

    package static func render(_ figures: Figures, withAll: Bool) -> String {
        var members = [
            JSON.Member(key: "window", value: .window(figures.window, figures.zone)),
            list("outages", figures) { check in check.outages.map { $0.json(check: check.check) } },
        ]
        if withAll {
            members.append(list("partials", figures) { check in check.partials.map { $0.json(check: check.check) } })
            members.append(list("blips", figures) { check in check.blips.map { $0.json(check: check.check) } })
        }
        return JSON.object(members).prettyText + "\n"
    }

    private static func list(_ key: String, _ figures: Figures, _ items: (CheckFigures) -> [JSON]) -> JSON.Member {
        JSON.Member(key: key, value: .array(figures.checks.flatMap(items)))
    }
}
