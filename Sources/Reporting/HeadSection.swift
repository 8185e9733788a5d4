import Accounting
import Vocabulary

/// The check's name, the four figures everybody asks for, and how far they can be trusted.
enum HeadSection {
    static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        writeName(check, to: &page)
        page.line()
        writeTiles(tiles(check, context, columns: page.columns), to: &page)
        page.line()
        guard check.sums.all > 0 else {
            page.line(Words.noData + ": no settled slot of this check lies in the window.", .faint)
            return
        }
        writeTrust(check.sums, periodNs: check.periodNs, to: &page)
        writeSums(check, to: &page)
    }

    private static func writeName(_ check: CheckFigures, to page: inout TextPage) {
        page.line()
        page.line(String(repeating: "━", count: page.columns - 2), .faint)
        var line = TextLine(indent: 1)
        let label = check.hasGenerated ? "generated history" : ""
        let name = check.title == check.check ? "" : "  " + fitted(escaped(check.check), page.columns / 4)
        let room = page.columns - 4 - displayWidth(name) - displayWidth(label)
        line.add(fitted(escaped(check.title), room), .strong)
        line.add(name, .faint)
        if check.hasGenerated { line.add(label, .state(.degraded), endingAt: page.columns - 1) }
        page.line(line)
    }

    struct Tile {
        let label: String
        let value: String
        let ink: Ink
        var columns: Int { max(displayWidth(label), displayWidth(value)) }
    }

    /// With the window's name in the second label too, where there is room for it.
    private static func tiles(_ check: CheckFigures, _ context: ReportContext, columns: Int) -> [Tile] {
        let phrase = context.window.phrase
        let response = check.response.map { check.about + Words.milliseconds(us: $0.meanUs) } ?? Words.noData
        let uptimeInk: Ink = check.sums.down > 0 ? .loud(.down) : check.sums.up > 0 ? .loud(.up) : .faint
        func tiles(_ second: String) -> [Tile] {
            [
                Tile(label: "Uptime \(phrase)", value: Words.percent(check.sums.uptime), ink: uptimeInk),
                Tile(label: second, value: response, ink: .strong),
                Tile(label: "Check type", value: escaped(check.kind.uppercased()), ink: .strong),
                Tile(label: "Check resolution", value: Words.period(check.periodNs), ink: .strong),
            ]
        }
        let long = tiles("Avg. resp. time \(phrase)")
        return long.reduce(3 * 3 + 2) { $0 + $1.columns } <= columns ? long : tiles("Avg. resp. time")
    }

    private static func writeTiles(_ tiles: [Tile], to page: inout TextPage) {
        let taken = tiles.reduce(0) { $0 + $1.columns }
        let gap = max(2, min(6, (page.columns - 2 - taken) / (tiles.count - 1)))
        var labels = TextLine(indent: 1)
        var values = TextLine(indent: 1)
        for tile in tiles {
            let start = max(labels.columns, values.columns)
            labels.move(to: start)
            values.move(to: start)
            labels.add(tile.label, .faint)
            values.add(tile.value, tile.ink)
            labels.move(to: start + tile.columns + gap)
            values.move(to: start + tile.columns + gap)
        }
        page.line(labels)
        page.line(values)
    }

    private static func writeTrust(_ sums: Sums, periodNs: Int64, to page: inout TextPage) {
        var words = ["Coverage \(Words.percent(sums.coverage))"]
        if sums.owed == 0 {
            words = ["Every settled slot is excluded."]
        } else if sums.unknown > 0 {
            words.append("if unknown were down \(Words.percent(sums.worst))")
            words.append("if unknown were up \(Words.percent(sums.best))")
        }
        page.wrapped(words, separator: " · ", .plain, indent: 1)
    }

    private static func writeSums(_ check: CheckFigures, to page: inout TextPage) {
        let sums = check.sums
        var words: [String] = []
        if sums.down > 0 {
            let counted = check.outages.count { !$0.isDuringMaintenance }
            let outages = counted > 0 ? " in \(Words.count(counted, "outage"))" : ""
            words.append("Down \(Words.duration(sums.down))\(outages)")
        } else {
            words.append("No downtime")
        }
        for (name, ns) in [
            ("up", sums.up), ("degraded", sums.degraded), ("unknown", sums.unknown),
            ("excluded", sums.excluded),
        ] where ns > 0 {
            words.append("\(name) \(Words.duration(ns))" + (name == "degraded" ? " (counts as up)" : ""))
        }
        page.wrapped(words, separator: " · ", .faint, indent: 1)
    }
}
