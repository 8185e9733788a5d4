import Accounting

/// The month as bars side by side, a day each.
enum MonthSVG {
    private static let heightPx = 72

    static func uptime(_ days: [DayFigures]) -> String {
        let values = days.map { $0.sums.uptime }
        let lowest = values.filter(\.isDefined).map(percent).min() ?? 100
        let foot = DayChart.foot(lowest: lowest)
        let bars = zip(days, values).enumerated().map { index, pair in
            bar(pair.0, pair.1, at: index, of: days.count, foot: foot)
        }
        let labels = DayLabels(days)
        let texts = days.enumerated().map { index, day in
            "<text x=\"\(BarSVG.percent(Int64(index), Int64(days.count)))%\" y=\"88\">\(labels.label(day.date))</text>"
        }
        return """
            <div class="month"><div class="axis" aria-hidden="true">\
            <span>100 %</span><span>\(DayChart.footText(foot))</span>\
            </div><svg class="days" role="group" aria-label="Uptime of each day">
            \(bars.joined(separator: "\n"))
            \(texts.joined())
            </svg></div>
            """
    }

    private static func percent(_ ratio: Ratio) -> Double { Double(ratio.numerator) / Double(ratio.denominator) * 100 }

    private static func bar(_ day: DayFigures, _ uptime: Ratio, at index: Int, of count: Int, foot: Double) -> String {
        let x = BarSVG.percent(Int64(index), Int64(count))
        let width = BarSVG.percent(Int64(8), Int64(count * 10))
        guard uptime.isDefined else {
            return "<rect class=\"nothing\" x=\"\(x)%\" y=\"\(heightPx - 2)\" width=\"\(width)%\" height=\"2\"/>"
        }
        let share = (percent(uptime) - foot) / (100 - foot)
        // Only a day without downtime reaches the top, and every known day shows a foot.
        let height = day.sums.down == 0 ? heightPx : min(max(Int(share * Double(heightPx)), 3), heightPx - 3)
        let state: BarState = day.sums.down > 0 ? .down : day.sums.degraded * 2 > day.sums.up ? .degraded : .up
        let rect =
            "<rect class=\"\(state)\" rx=\"2\" x=\"\(x)%\" y=\"\(heightPx - height)\" width=\"\(width)%\" "
            + "height=\"\(height)\"/>"
        return BarSVG.focusable(rect, words: BarSVG.dayLabel(day), atPercent: x)
    }
}
