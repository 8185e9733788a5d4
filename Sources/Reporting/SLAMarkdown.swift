import Accounting
import Vocabulary

/// The summary that both sides of a contract read.
package enum SLAMarkdown: SLAFormat {
    package static let name = "md"
    package static let contentType = ContentType.markdown

    package static func render(_ figures: SLAFigures) -> String {
        let contract = figures.contract
        let window = WindowName(figures.window, zone: contract.zone, now: figures.now)
        var text = "# \(escape(contract.name)): \(window.title)\n\n"
        text += terms(figures)
        text += "\n" + summary(figures)
        for check in figures.checks { text += section(check, contract.zone) }
        return text
    }

    private static func terms(_ figures: SLAFigures) -> String {
        let contract = figures.contract
        var terms = [
            "Objective **\(contract.objective.text) %** per calendar month in \(escape(contract.zone.name)), "
                + "\(Words.interval(figures.window, zone: contract.zone))",
            "Unknown time: \(contract.unknown.rawValue); maintenance: \(contract.maintenance.rawValue)",
            "Least coverage \(contract.minCoverage.text) %",
        ]
        if contract.minOutageNs > 0 {
            terms.append("Outages shorter than \(Words.duration(contract.minOutageNs)) count as up")
        }
        if let hours = contract.businessHours { terms.append("Counted hours: \(escape(hours.text))") }
        if let rule = contract.combine.rule(contract.checks) { terms.append("One figure: \(escape(rule))") }
        for step in contract.credits { terms.append("Below \(step.below.text) %: \(step.credit.text) % credit") }
        terms.append("Terms `\(figures.hash)`, figures as of \(Words.time(figures.now, contract.zone))")
        return terms.map { "- \($0)\n" }.joined()
    }

    private static func summary(_ figures: SLAFigures) -> String {
        var text = row([
            "Check", "Uptime", "If unknown were down – up", "Coverage", "Spent", "Left", "Outcome", "Credit",
        ])
        text += row(["---", "---:", "---:", "---:", "---:", "---:", "---", "---:"])
        for check in figures.checks {
            text += row([
                escape(check.check), Words.percent(check.sums.uptime),
                check.raw.owed > 0 ? "\(Words.percent(check.raw.worst)) – \(Words.percent(check.raw.best))" : "",
                Words.percent(check.raw.coverage), Words.duration(check.told(check.spentNs)), left(check),
                "**\(check.outcome.rawValue)**", check.credit.map { "\($0.text) %" } ?? "–",
            ])
        }
        return text
    }

    private static func left(_ check: SLACheckFigures) -> String {
        let leftNs = check.told(check.leftNs)
        let left = "\(leftNs < 0 ? "−" : "")\(Words.duration(Int64(clamping: leftNs.magnitude)))"
        return "\(left) of \(Words.duration(check.told(check.budgetNs)))"
    }

    private static func section(_ check: SLACheckFigures, _ zone: Zone) -> String {
        var text = "\n## \(escape(check.check))\n\n"
        let sums = check.toldSums
        let parts = [
            ("up", sums.up), ("degraded", sums.degraded), ("down", sums.down), ("unknown", sums.unknown),
            ("excluded", sums.excluded),
        ]
        text += parts.map { "\($0.0) \(Words.duration($0.1))" }.joined(separator: " · ") + " (degraded counts as up)\n"
        text += running(check)
        text += outages("Outages", check.outages, zone)
        text += outages("Short outages, counted as up", check.shortOutages, zone)
        if !check.exclusions.isEmpty {
            text += "\n### Excluded\n\n" + row(["From – to", "Counted out", "Source", "Entered"])
            text += row(["---", "---:", "---", "---"])
            for exclusion in check.exclusions {
                text += row([
                    Words.interval(exclusion.interval.start, exclusion.end, zone: zone),
                    Words.duration(exclusion.excludedNs),
                    escape(exclusion.source), exclusion.isAfterTheFact ? "**after the fact**" : "before",
                ])
            }
        }
        if !check.corrections.isEmpty {
            text +=
                "\n### Corrections\n\n" + row(["From – to", "As", "Changed", "Why"])
                + row(["---", "---", "---:", "---"])
            for correction in check.corrections {
                text += row([
                    Words.interval(correction.interval, zone: zone), correction.verdict.rawValue,
                    Words.duration(correction.changedNs), escape(correction.why),
                ])
            }
        }
        return text
    }

    /// What a month that still runs has left, and how fast it goes.
    private static func running(_ check: SLACheckFigures) -> String {
        var text = ""
        if let until = check.untilBreachNs {
            text += "\nBreached after \(Words.duration(check.told(until))) more of downtime.\n"
        }
        guard !check.burnRates.isEmpty else { return text }
        text += "\n### Burn rate\n\n" + row(["Over", "and over", "Limit", ""]) + row(["---", "---", "---:", "---"])
        for rate in check.burnRates {
            text += row([
                "\(Words.duration(rate.pair.longNs)): \(factor(rate.long))",
                "\(Words.duration(rate.pair.shortNs)): \(factor(rate.short))", factor(rate.pair.limit),
                rate.isReached ? "**\(rate.pair.level.rawValue)**" : "",
            ])
        }
        return text
    }

    /// `14.4`: thousandths with one decimal.
    private static func factor(_ thousandths: Int64?) -> String {
        thousandths.map { Words.decimals($0 / 100, 1) } ?? Words.noData
    }

    private static func outages(_ title: String, _ outages: [Outage], _ zone: Zone) -> String {
        guard !outages.isEmpty else { return "" }
        var text = "\n### \(title)\n\n" + row(["From – to", "Counted", "Cause", "Regions"])
        text += row(["---", "---:", "---", "---"])
        for outage in outages {
            text += row([
                Words.interval(outage.start ?? outage.slots.start, outage.end, zone: zone),
                outage.isDuringMaintenance ? "during maintenance" : Words.duration(outage.downNs), outage.cause.name,
                escape(outage.regions.joined(separator: ", ")),
            ])
        }
        return text
    }

    private static func row(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }

    /// Words from outside, so that none of them is markup.
    private static func escape(_ text: String) -> String {
        var safe = ""
        // By scalars: a combining mark behind `<` would hide it in a character of its own.
        for scalar in escaped(text).unicodeScalars {
            switch scalar {
            case "\\", "`", "*", "_", "[", "]", "|", "#", "~": safe += "\\\(scalar)"
            case "<": safe += "&lt;"
            case ">": safe += "&gt;"
            case "&": safe += "&amp;"
            default: safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }
}
