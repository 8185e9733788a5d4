import Accounting
import Vocabulary

/// Uptime and response time of each day, side by side.
enum ChartSection {
    private static let rows = 4

    static func write(_ check: CheckFigures, to page: inout TextPage) {
        guard check.days.count > 1 else { return }
        let room = page.columns - 3 - DayChart.axisColumns
        let size = DayChart.daysPerBar(check.days.count, columns: room)
        let labels = DayLabels(check.days)
        let groups = stride(from: 0, to: check.days.count, by: size).map {
            DayGroup(check.days[$0..<min($0 + size, check.days.count)], labels)
        }
        let remark = size > 1 ? "a bar for \(size) days" : ""
        writeUptime(groups, remark, to: &page)
        if groups.contains(where: { $0.responseUs != nil }) { writeResponse(groups, remark, to: &page) }
    }

    private static func writeUptime(_ groups: [DayGroup], _ remark: String, to page: inout TextPage) {
        page.heading("Uptime", remark)
        let lowest = groups.compactMap(\.uptime).min() ?? 100
        let foot = DayChart.foot(lowest: lowest)
        let bars = groups.map { DayChart.Bar(value: $0.uptime, ink: $0.ink, label: $0.label) }
        DayChart(bars: bars, low: foot, high: 100, highText: "100 %", lowText: DayChart.footText(foot))
            .write(to: &page, rows: rows)
    }

    private static func writeResponse(_ groups: [DayGroup], _ remark: String, to page: inout TextPage) {
        page.heading("Response time", remark)
        let highest = groups.compactMap(\.responseUs).max() ?? 0
        let bars = groups.map {
            DayChart.Bar(value: $0.responseUs.map { Double($0) }, ink: .bar, label: $0.label)
        }
        DayChart(
            bars: bars, low: 0, high: Double(highest), highText: Words.milliseconds(us: highest), lowText: "0"
        ).write(to: &page, rows: rows - 1)
    }

    /// The days that one bar stands for.
    private struct DayGroup {
        /// Percent; nil when nothing is known.
        let uptime: Double?
        /// The slowest day's mean.
        let responseUs: Int64?
        let ink: Ink
        let label: String

        init(_ days: ArraySlice<DayFigures>, _ labels: DayLabels) {
            var sums = Sums()
            for day in days { sums += day.sums }
            let known = sums.up + sums.down
            uptime = known > 0 ? Double(sums.up) / Double(known) * 100 : nil
            responseUs = days.compactMap(\.responseMeanUs).max()
            ink = .state(sums.down > 0 ? .down : sums.degraded * 2 > sums.up ? .degraded : .up)
            label = days.lazy.map { labels.label($0.date) }.first { !$0.isEmpty } ?? ""
        }
    }
}
