import Accounting
import Vocabulary

/// A row for each outage and, with all, each partial and blip.
package enum OutagesCSV: OutageFormat {
    package static let name = "csv"
    package static let contentType = ContentType.csv

    static let header = [
        "check", "what", "start", "start_earliest", "end", "end_earliest", "seconds", "unknown_s", "cause", "regions",
    ]

    package static func render(_ figures: Figures, withAll: Bool, _ style: TextStyle) -> String {
        render(figures, withAll: withAll)
    }

    package static func render(_ figures: Figures, withAll: Bool) -> String {
        var text = CSV.header(header)
        for check in figures.checks {
            for outage in check.outages { text += row(check.check, outage) }
            guard withAll else { continue }
            for spell in check.partials { text += row(check.check, "partial", spell) }
            for spell in check.blips { text += row(check.check, "blip", spell) }
        }
        return text
    }

    private static func row(_ check: String, _ outage: Outage) -> String {
        CSV.row([
            .text(check), .value("outage"), .value(outage.start?.rfc3339), .value(outage.startEarliest?.rfc3339),
            .value(outage.end?.rfc3339), .value(outage.endEarliest?.rfc3339),
            .value(JSON.seconds(outage.downNs).text), .value(JSON.seconds(outage.unknownNs).text),
            .value(outage.cause.name), .text(outage.regions.joined(separator: " ")),
        ])
    }

    private static func row(_ check: String, _ what: String, _ spell: Spell) -> String {
        CSV.row([
            .text(check), .value(what), .value(spell.interval.start.rfc3339), .value(nil),
            .value(spell.interval.end.rfc3339), .value(nil), .value(JSON.seconds(spell.interval.durationNs).text),
            .value(nil), .value(spell.cause.name), .text(spell.regions.joined(separator: " ")),
        ])
    }
}
