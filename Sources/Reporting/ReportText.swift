import Accounting
import Vocabulary

/// The uptime report on a terminal.
package enum ReportText: ReportFormat {
    package static let name = "text"
    package static let contentType = ContentType.text

    package static func render(_ figures: Figures, _ style: TextStyle) -> String {
        render(figures, style, OneCore())
    }

    /// `cores`: share out the checks.
    package static func render(_ figures: Figures, _ style: TextStyle, _ cores: any Cores) -> String {
        var page = TextPage(style)
        let context = ReportContext(figures)
        writeTitle(context, to: &page)
        if figures.checks.isEmpty { page.line("No checks.", .faint) }
        if figures.checks.count > 1 { OverviewSection.write(figures, to: &page) }
        let sections = cores.map(figures.checks) { check in
            var section = TextPage(style)
            write(check, context, to: &section)
            return section.text
        }
        return page.text + sections.joined()
    }

    private static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        HeadSection.write(check, context, to: &page)
        guard check.sums.all > 0 else { return }
        RegionSection.write(check, to: &page)
        ChartSection.write(check, to: &page)
        DaySection.write(check, context, to: &page)
        ResponseSection.write(check, context, to: &page)
        OutageSection.write(check, context, to: &page)
        SpellSection.write(check, context, to: &page)
        ExceptionSection.write(check, context, to: &page)
    }

    private static func writeTitle(_ context: ReportContext, to page: inout TextPage) {
        var line = TextLine(indent: 1)
        line.add("Uptime report", .strong)
        line.add(context.window.title, .plain, endingAt: page.columns - 1)
        page.line(line)
        var below = TextLine()
        below.add(
            "as of \(Words.time(context.now, context.zone)) \(escaped(context.zone.name))", .faint,
            endingAt: page.columns - 1)
        page.line(below)
    }
}

/// What every section of one report needs to know beside its check.
struct ReportContext {
    let window: WindowName
    let interval: Interval
    let zone: Zone
    let now: Instant

    init(_ figures: Figures) {
        window = WindowName(figures.window, zone: figures.zone, now: figures.now)
        interval = figures.window
        zone = figures.zone
        now = figures.now
    }
}
