import Accounting
import Vocabulary

/// Response time by region: a bar for each, and the region's own uptime.
enum RegionSection {
    static func write(_ check: CheckFigures, to page: inout TextPage) {
        guard !check.regions.isEmpty else { return }
        page.heading("Response time by region")
        let slowest = check.regions.compactMap { $0.response?.meanUs }.max() ?? 0
        var table = TextTable([
            .init(title: "region", canShrink: true), .init(title: ""), .init(title: "", fillMax: 44),
            .init(title: "avg", isRight: true), .init(title: "p95", isRight: true),
            .init(title: "uptime", isRight: true), .init(title: "coverage", isRight: true),
        ])
        for region in check.regions {
            table.add([
                .text(escaped(region.region)),
                .text(region.country.map { escaped($0) } ?? "", .faint),
                .drawn { HorizontalBar.line(region.response?.meanUs ?? 0, of: slowest, columns: $0) },
                .text(region.response.map { check.about + Words.milliseconds(us: $0.meanUs) } ?? Words.noData, .strong),
                .text(region.response.map { check.about + Words.milliseconds(us: $0.p95Us) } ?? "", .faint),
                .text(check.about + Words.percent(region.sums.uptime), region.sums.down > 0 ? .state(.down) : .plain),
                .text(check.about + Words.percent(region.sums.coverage), .faint),
            ])
        }
        table.write(to: &page)
    }
}

/// A bar that lies, in half columns.
enum HorizontalBar {
    /// Anything above 0 shows at least half a column.
    static func line(_ value: Int64, of whole: Int64, columns: Int, ink: Ink = .bar) -> TextLine {
        guard value > 0, whole > 0 else { return TextLine() }
        let length = max(1, Int(Double(min(value, whole)) / Double(whole) * Double(columns * 2)))
        return TextLine(String(repeating: "▄", count: length / 2) + (length % 2 == 1 ? "▖" : ""), ink)
    }
}

extension CheckFigures {
    /// In front of figures that are partly made of whole hours. Source: docs/uptime.md, rule 9.
    var about: String { slotsFrom == nil ? "" : "~" }
}
