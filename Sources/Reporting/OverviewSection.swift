import Accounting
import Vocabulary

/// Several checks at a glance: a line each, with a cell for every day.
enum OverviewSection {
    static func write(_ figures: Figures, to page: inout TextPage) {
        page.heading("Overview", Words.count(figures.checks.count, "check"))
        var table = TextTable([
            .init(title: "check", canShrink: true), .init(title: "uptime", isRight: true),
            .init(title: "coverage", isRight: true), .init(title: "downtime", isRight: true),
            .init(title: "outages", isRight: true), .init(title: "avg", isRight: true),
            .init(title: "", fillMax: figures.checks.map(\.days.count).max() ?? 0, fillMin: 14),
        ])
        for check in figures.checks {
            let isDown = check.sums.down > 0
            let outages = check.outages.count { !$0.isDuringMaintenance }
            table.add([
                .text((check.hasGenerated ? "* " : "") + escaped(check.title), .strong),
                .text(Words.percent(check.sums.uptime), isDown ? .state(.down) : .plain),
                .text(Words.percent(check.sums.coverage)),
                .text(isDown ? Words.age(check.sums.down) : "–", isDown ? .strong : .faint),
                .text(outages == 0 ? "–" : "\(outages)", outages == 0 ? .faint : .plain),
                .text(check.response.map { check.about + Words.milliseconds(us: $0.meanUs) } ?? "–"),
                .drawn { dayCells(check.days, cells: $0) },
            ])
        }
        table.write(to: &page, indent: 1)
        if figures.checks.contains(where: \.hasGenerated) { page.line("* with generated history", .state(.degraded)) }
    }

    /// The worst of each day in a cell; of several days where there are more days than cells.
    private static func dayCells(_ days: [DayFigures], cells: Int) -> TextLine {
        var bar = BarCells(cells: min(cells, days.count))
        for (index, day) in days.enumerated() {
            let worst = day.bar.map(\.state).max { BarCells.weight($0) < BarCells.weight($1) }
            guard let worst else { continue }
            bar.paint(worst, fromNs: Int64(index), toNs: Int64(index) + 1, wholeNs: Int64(days.count))
        }
        return bar.line
    }
}
