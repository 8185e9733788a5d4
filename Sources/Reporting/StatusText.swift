import Accounting
import Vocabulary

/// A line for each check: verdict, since when, last response time, uptime today and this month, the last hours.
package enum StatusText: StatusFormat {
    package static let name = "text"
    package static let contentType = ContentType.text

    package static func render(_ status: Status, _ style: TextStyle) -> String {
        var page = TextPage(style)
        writeTitle(status, to: &page)
        for region in status.doubting { page.line(doubt(region), .state(.unknown)) }
        if let fault = status.storeFault {
            let words = escaped(storeFault(fault)).split(separator: " ").map(String.init)
            page.wrapped(words, separator: " ", .state(.down), indent: 1)
        }
        guard !status.lines.isEmpty else { return page.text }
        page.line()
        var table = TextTable([
            .init(title: "verdict"), .init(title: "check", canShrink: true), .init(title: "since", isRight: true),
            .init(title: "last", isRight: true), .init(title: "today", isRight: true),
            .init(title: "this month", isRight: true), .init(title: barTitle(status.lines), fillMax: 48, fillMin: 12),
        ])
        for line in status.lines { table.add(row(line, now: status.now)) }
        table.write(to: &page, indent: 1)
        writeRegions(status.lines, to: &page)
        if status.lines.contains(where: \.hasGenerated) {
            page.line()
            page.line("* with generated history", .state(.degraded))
        }
        return page.text
    }

    private static func writeTitle(_ status: Status, to page: inout TextPage) {
        var line = TextLine(indent: 1)
        line.add(summary(status), .strong)
        let now = "\(Words.time(status.now, status.zone)) \(escaped(status.zone.name))"
        line.add(now, .faint, endingAt: page.columns - 1)
        page.line(line)
    }

    /// `2 of 9 checks down, 1 degraded`.
    static func summary(_ status: Status) -> String {
        guard !status.lines.isEmpty else { return "No checks" }
        let all = Words.count(status.lines.count, "check")
        let bad = [Verdict.down, .unknown, .degraded].compactMap { verdict in
            let count = status.judged.count { $0.verdict == verdict }
            return count > 0 ? "\(count) \(verdict.name)" : nil
        }
        let paused = status.lines.count(where: \.isPaused)
        let words = bad + (paused > 0 ? ["\(paused) paused"] : [])
        if bad.isEmpty && !status.isAllPaused {
            return words.isEmpty ? "\(all), all up" : "\(all), all up, \(paused) paused"
        }
        return "\(all): \(words.joined(separator: ", "))"
    }

    /// What alerts, the status page and `sonde status` say of a store that takes nothing.
    package static func storeFault(_ fault: String) -> String {
        "The store takes no samples, they wait in memory: \(fault)"
    }

    static func doubt(_ region: String) -> String {
        "Region \(escaped(region)) doubts itself: none of its sentinels answers"
    }

    /// `last 24 h`; empty when there is no bar.
    private static func barTitle(_ lines: [StatusLine]) -> String {
        let longestNs = lines.compactMap { line in
            line.bar.last.flatMap { last in line.bar.first.map { last.interval.end - $0.interval.start } }
        }.max()
        return longestNs.map { "last \(Words.roughHours($0))" } ?? ""
    }

    private static func row(_ line: StatusLine, now: Instant) -> [TextTable.Cell] {
        let state = line.isPaused ? BarState.excluded : line.verdict.barState
        return [
            .text("\(BarCells.glyph(state)) \(line.isPaused ? "paused" : line.verdict.name)", .state(state)),
            .text((line.hasGenerated ? "* " : "") + escaped(line.check), .strong),
            .text(line.since.map { Words.age(now - $0) } ?? "–", .faint),
            .text(line.responseUs.map { Words.milliseconds(us: $0) } ?? "–"),
            .text(Words.percent(line.today.uptime), line.today.down > 0 ? .state(.down) : .plain),
            .text(Words.percent(line.month.uptime), line.month.down > 0 ? .state(.down) : .plain),
            .drawn { columns in
                guard let first = line.bar.first, let last = line.bar.last else { return TextLine() }
                var bar = BarCells(cells: columns)
                bar.paint(line.bar, in: Interval(start: first.interval.start, end: last.interval.end))
                return bar.line
            },
        ]
    }

    /// Only where the regions do not agree with their check.
    private static func writeRegions(_ lines: [StatusLine], to page: inout TextPage) {
        let split = lines.filter { line in !line.isPaused && line.regions.contains { $0.verdict != line.verdict } }
        guard !split.isEmpty else { return }
        page.heading("Regions that differ")
        for line in split {
            let regions = line.regions.filter { $0.verdict != line.verdict }
            let words = regions.map { "\(escaped($0.region)) \($0.verdict.name)" }
            page.wrapped(["\(escaped(line.check)):"] + words, separator: "  ", .plain, indent: 3)
        }
    }
}
