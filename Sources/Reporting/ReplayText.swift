import Accounting
import Vocabulary

/// A replay on a terminal: both sides' figures, and what is different.
package enum ReplayText: ReplayFormat {
    package static let name = "text"
    package static let contentType = ContentType.text

    package static func render(_ replay: ReplayFigures, _ style: TextStyle) -> String {
        var page = TextPage(style)
        let window = WindowName(replay.window, zone: replay.zone, now: replay.now)
        var title = TextLine(indent: 1)
        title.add("Replay", .strong)
        let rules = replay.rules.text
        title.add(rules.isEmpty ? "  the rules in force" : "  \(escaped(rules))")
        title.add("\(window.title), \(escaped(replay.zone.name))", .faint, endingAt: page.columns - 1)
        page.line(title)
        for check in replay.checks { write(check, replay, to: &page) }
        return page.text
    }

    private static func write(_ check: ReplayFigures.Check, _ replay: ReplayFigures, to page: inout TextPage) {
        page.heading(fitted(escaped(check.before.figures.title), page.columns / 2))
        var table = TextTable([
            .init(title: ""), .init(title: "uptime", isRight: true), .init(title: "down", isRight: true),
            .init(title: "unknown", isRight: true), .init(title: "outages", isRight: true),
            .init(title: "notifications", isRight: true), .init(title: "contract"),
        ])
        table.add(row("as it is", check.before))
        table.add(row("replayed", check.after))
        table.write(to: &page)
        write("Outages it adds", check.added, replay.zone, to: &page)
        write("Outages it takes away", check.gone, replay.zone, to: &page)
        guard check.before.notifications != check.after.notifications else { return }
        page.line("Would have been told", .faint, indent: 3)
        for told in check.after.notifications {
            page.line(
                "\(Words.time(told.time, replay.zone))  \(told.change.rawValue)  \(told.incident.cause.name)", indent: 5
            )
        }
    }

    private static func row(_ name: String, _ side: ReplayFigures.Side) -> [TextTable.Cell] {
        let sums = side.figures.sums
        return [
            .text(name, .strong), .text(Words.percent(sums.uptime)), .text(Words.duration(sums.down)),
            .text(Words.duration(sums.unknown)), .text("\(side.figures.outages.count)"),
            .text("\(side.notifications.count)"), .text(side.contract?.outcome.rawValue ?? ""),
        ]
    }

    private static func write(_ title: String, _ outages: [Outage], _ zone: Zone, to page: inout TextPage) {
        guard !outages.isEmpty else { return }
        page.line("\(title), \(outages.count)", .faint, indent: 3)
        OutageSection.write(outages, zone, to: &page)
    }
}
