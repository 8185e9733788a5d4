import Accounting
import Vocabulary

/// Bars side by side, one for a day or, in long windows, for a few days: heights in eighths of a line.
struct DayChart {
    let bars: [Bar]
    /// Values at the foot and at the top of the chart.
    let low: Double
    let high: Double
    /// Texts at the axis, at the top and at the foot.
    let highText: String
    let lowText: String

    struct Bar {
        /// nil: nothing known; shown as a dot.
        let value: Double?
        let ink: Ink
        /// Under the bar; cut to nothing where it does not fit.
        let label: String
    }

    static let axisColumns = 10
    private static let nothing = "∙"
    private static let eighths: [String] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// Where an uptime chart may begin, so that the days differ visibly.
    private static let feet: [Double] = [99.9, 99.5, 99, 98, 95, 90, 80, 50]

    /// The foot of a chart whose lowest value is `lowest` percent.
    static func foot(lowest: Double) -> Double { feet.first { $0 < lowest } ?? 0 }

    /// `99.9 %`.
    static func footText(_ foot: Double) -> String { "\(Percentage(billionths: Int64(foot * 10_000_000)).text) %" }

    /// How many days a bar stands for, so that all fit into `columns`.
    static func daysPerBar(_ days: Int, columns: Int) -> Int { max(1, (days + columns - 1) / max(columns, 1)) }

    func write(to page: inout TextPage, rows: Int, indent: Int = 3) {
        let available = page.columns - indent - DayChart.axisColumns
        let width = max(1, min(3, available / max(bars.count, 1)))
        for row in (0..<rows).reversed() {
            var line = TextLine(indent: indent)
            let axis = row == rows - 1 ? highText : row == 0 ? lowText : ""
            line.add(axis, .faint, endingAt: indent + DayChart.axisColumns - 2)
            line.move(to: indent + DayChart.axisColumns - 1)
            for (index, bar) in bars.enumerated() {
                line.move(to: indent + DayChart.axisColumns + index * width)
                let glyph = glyph(bar, row: row, rows: rows)
                guard glyph != " " else { continue }
                line.add(String(repeating: glyph, count: max(1, width - 1)), bar.value == nil ? .faint : bar.ink)
            }
            page.line(line)
        }
        var labels = TextLine(indent: indent)
        for (index, bar) in bars.enumerated() {
            let start = indent + DayChart.axisColumns + index * width
            if start > labels.columns || labels.columns == indent {
                labels.move(to: start)
                labels.add(bar.label, .faint)
            }
        }
        page.line(labels)
    }

    private func glyph(_ bar: Bar, row: Int, rows: Int) -> String {
        guard let value = bar.value else { return row == 0 ? DayChart.nothing : " " }
        let full = rows * 8
        let share = high > low ? (value - low) / (high - low) : 1
        // A known value always shows a foot, and only the top value reaches the top.
        let height = value >= high ? full : min(max(Int(share * Double(full)), 1), full - 1)
        return DayChart.eighths[min(max(height - row * 8, 0), 8)]
    }
}
