/// A table whose columns are as wide as they need, and give way where the page is too narrow.
struct TextTable {
    let columns: [Column]
    private var rows: [[Cell]] = []

    struct Column {
        let title: String
        var isRight = false
        /// Gives way, down to `shrunkMin`, when the table is too wide.
        var canShrink = false
        /// For drawn cells: the column takes what is left, at most this.
        var fillMax = 0
        /// For drawn cells: the other columns give way until there is this much.
        var fillMin = 0
    }

    enum Cell {
        case text(String, Ink = .plain)
        /// Drawn into the columns it is given.
        case drawn((Int) -> TextLine)
    }

    static let shrunkMin = 8
    private static let gap = 2

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row has a cell for every column")
        rows.append(row)
    }

    /// `hasTitles`: a first line with the columns' titles.
    func write(to page: inout TextPage, indent: Int = 3, hasTitles: Bool = true) {
        let widths = widths(available: page.columns - indent)
        if hasTitles {
            page.line(line(columns.map { .text($0.title, .faint) }, widths, indent))
        }
        for row in rows { page.line(line(row, widths, indent)) }
    }

    private func line(_ row: [Cell], _ widths: [Int], _ indent: Int) -> TextLine {
        var line = TextLine(indent: indent)
        var start = indent
        for (index, cell) in row.enumerated() {
            line.move(to: start)
            switch cell {
            case .text(let text, let ink):
                let shown = fitted(text, widths[index])
                if columns[index].isRight {
                    line.add(shown, ink, endingAt: start + widths[index])
                } else {
                    line.add(shown, ink)
                }
            case .drawn(let draw): if widths[index] > 0 { line.add(draw(widths[index])) }
            }
            start += widths[index] + TextTable.gap
        }
        return line
    }

    private func widths(available: Int) -> [Int] {
        var widths = columns.map { displayWidth($0.title) }
        for row in rows {
            for (index, cell) in row.enumerated() {
                if case .text(let text, _) = cell { widths[index] = max(widths[index], displayWidth(text)) }
            }
        }
        for index in columns.indices where columns[index].fillMax > 0 {
            widths[index] = min(columns[index].fillMin, columns[index].fillMax)
        }
        var left = available - widths.reduce(0, +) - TextTable.gap * (columns.count - 1)
        while left < 0 {
            let shrinkable = columns.indices.filter { columns[$0].canShrink && widths[$0] > TextTable.shrunkMin }
            guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            left += 1
        }
        for index in columns.indices where columns[index].fillMax > 0 && left > 0 {
            let more = min(left, columns[index].fillMax - widths[index])
            widths[index] += more
            left -= more
        }
        return widths
    }
}
