import Accounting
import Vocabulary

/// Every outage of every check, for a terminal.
package enum OutagesText: OutageFormat {
    package static let name = "text"
    package static let contentType = ContentType.text

    package static func render(_ figures: Figures, withAll: Bool, _ style: TextStyle) -> String {
        var page = TextPage(style)
        let context = ReportContext(figures)
        var title = TextLine(indent: 1)
        title.add("Outages", .strong)
        title.add("\(context.window.title), \(escaped(context.zone.name))", .faint, endingAt: page.columns - 1)
        page.line(title)
        for check in figures.checks { write(check, context.zone, withAll: withAll, to: &page) }
        return page.text
    }

    private static func write(_ check: CheckFigures, _ zone: Zone, withAll: Bool, to page: inout TextPage) {
        var remark =
            check.outages.isEmpty
            ? check.sums.up + check.sums.down > 0 ? "no outages" : Words.noData
            : OutageSection.summary(check)
        if check.hasGenerated { remark += ", generated history" }
        page.heading(fitted(escaped(check.title), page.columns / 2), remark)
        OutageSection.write(check.outages, zone, to: &page)
        guard withAll else { return }
        for (title, spells) in [("Partial", check.partials), ("Blips", check.blips)] where !spells.isEmpty {
            page.line("\(title), \(spells.count)", .faint, indent: 3)
            for spell in spells { SpellSection.write(spell, zone, to: &page) }
        }
    }
}
