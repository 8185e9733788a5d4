import Accounting
import Vocabulary

/// Day-by-day availability: a row for each day, 24 hours of local time wide.
enum DaySection {
    /// Indent, day, bar, uptime and downtime with a space between each: what is left for the bar is cut to whole hours.
    private static let labelColumns = 6
    private static let besideBar = 2 + labelColumns + 1 + 2 + 7 + 1 + 9
    /// Windows of more days fold those that have nothing to tell.
    private static let unfoldedDaysMax = 62

    static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        page.heading("Day-by-day availability")
        let cellsPerHour = max(1, (page.columns - besideBar) / 24)
        writeHours(cellsPerHour, to: &page)
        let folds = check.days.count > unfoldedDaysMax
        var quiet: [DayFigures] = []
        var month: Int?
        for day in check.days {
            if folds, isQuiet(day) {
                if quiet.last?.bar.isEmpty != day.bar.isEmpty { writeQuiet(&quiet, to: &page) }
                quiet.append(day)
                continue
            }
            writeQuiet(&quiet, to: &page)
            if check.days.first?.date.month != check.days.last?.date.month, month != day.date.month {
                page.line("\(Words.monthName(day.date.month)) \(day.date.year)", .faint, indent: 2)
                month = day.date.month
            }
            write(day, context.zone, cellsPerHour, to: &page)
        }
        writeQuiet(&quiet, to: &page)
        writeLegend(check, to: &page)
        writeClockChanges(check.days, context.zone, to: &page)
    }

    private static func writeHours(_ cellsPerHour: Int, to page: inout TextPage) {
        var line = TextLine(indent: 2)
        let start = 2 + labelColumns + 1
        for hour in stride(from: 0, through: 21, by: 3) {
            line.move(to: start + hour * cellsPerHour)
            line.add(padded(hour, 2), .faint)
        }
        let barEnd = start + 24 * cellsPerHour
        line.add("uptime %", .faint, endingAt: barEnd + 9)
        line.add("down", .faint, endingAt: barEnd + 19)
        page.line(line)
    }

    private static func write(_ day: DayFigures, _ zone: Zone, _ cellsPerHour: Int, to page: inout TextPage) {
        var line = TextLine(indent: 2)
        let isWeekend = day.date.weekday == .saturday || day.date.weekday == .sunday
        line.add(
            "\(day.date.weekday.shortName) \(day.date.day < 10 ? " " : "")\(day.date.day)", isWeekend ? .faint : .plain)
        let start = 2 + labelColumns + 1
        line.move(to: start)
        var bar = BarCells(cells: 24 * cellsPerHour)
        bar.paint(day, zone: zone)
        line.add(bar.line)
        let barEnd = start + 24 * cellsPerHour
        if day.sums.all > 0 {
            let isDown = day.sums.down > 0
            let text = day.sums.uptime.percentText ?? Words.noData
            line.add(text, isDown ? .state(.down) : text == Words.noData ? .faint : .plain, endingAt: barEnd + 9)
            if isDown { line.add(Duration.text(day.sums.down), .state(.down), endingAt: barEnd + 19) }
        }
        page.line(line)
    }

    private static func isQuiet(_ day: DayFigures) -> Bool { day.bar.allSatisfy { $0.state == .up } }

    private static func writeQuiet(_ days: inout [DayFigures], to page: inout TextPage) {
        guard let first = days.first, let last = days.last else { return }
        let range = days.count == 1 ? "\(first.date)" : "\(first.date) – \(last.date)"
        let what = first.bar.isEmpty ? "nothing settled" : "up all the time"
        page.line("\(range)  \(Words.count(days.count, "day")), \(what)", .faint, indent: 2)
        days = []
    }

    /// Only the states that occur.
    private static func writeLegend(_ check: CheckFigures, to page: inout TextPage) {
        let present = Set(check.days.flatMap { $0.bar.map(\.state) })
        var line = TextLine(indent: 2 + labelColumns + 1)
        for state in BarState.allCases where present.contains(state) {
            line.add(String(BarCells.glyph(state)), .state(state))
            line.add(" \(Words.state(state))", .faint)
            line.move(to: line.columns + 3)
        }
        page.line(line)
    }

    private static func writeClockChanges(_ days: [DayFigures], _ zone: Zone, to page: inout TextPage) {
        for day in days {
            let lengthNs = zone.interval(of: day.date).durationNs
            guard lengthNs != Duration.dayNs else { continue }
            let effect =
                lengthNs < Duration.dayNs
                ? "the time the clocks skip is blank" : "where the clocks repeat, the worse shows"
            page.line(
                "\(day.date) has \(Words.hours(lengthNs)): \(effect).", .faint, indent: 2 + labelColumns + 1)
        }
    }
}
