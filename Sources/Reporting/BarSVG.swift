import Accounting
import Vocabulary

/// Bars of time as SVG. Lengths are percentages, so that they stretch with the page and their words do not.
enum BarSVG {
    /// A day at the local time of day.
    static func day(_ day: DayFigures, zone: Zone, outages: [Outage]) -> String {
        let parts = day.localPieces(zone).map {
            Part(state: $0.state, fromNs: $0.fromNs, toNs: $0.toNs, interval: $0.segment)
        }
        let bounded = bounded(parts, wholeNs: Duration.dayNs) { offsetNs in
            zone.instant(CivilTime(date: day.date, secondOfDay: Int(offsetNs / Duration.secondNs)))
        }
        return svg(bounded, wholeNs: Duration.dayNs, zone: zone, outages: outages, label: dayLabel(day))
    }

    /// The linear time `whole`.
    static func line(
        _ segments: [BarSegment], in whole: Interval, zone: Zone, outages: [Outage], label: String
    ) -> String {
        let parts = segments.map {
            Part(
                state: $0.state, fromNs: $0.interval.start - whole.start, toNs: $0.interval.end - whole.start,
                interval: $0.interval)
        }
        let bounded = bounded(parts, wholeNs: whole.durationNs) { whole.start + $0 }
        return svg(bounded, wholeNs: whole.durationNs, zone: zone, outages: outages, label: label)
    }

    /// A bar that changes more often than this is drawn in cells, each showing the worst in it: a page has a bound.
    private static let partsMax = 120
    private static let boundedCells = 72

    private static func bounded(_ parts: [Part], wholeNs: Int64, instant: (Int64) -> Instant) -> [Part] {
        guard parts.count > partsMax else { return parts }
        var cells = BarCells(cells: boundedCells)
        for part in parts { cells.paint(part.state, fromNs: part.fromNs, toNs: part.toNs, wholeNs: wholeNs) }
        return cells.runs(wholeNs: wholeNs).map {
            let interval = Interval(start: instant($0.fromNs), end: instant($0.toNs))
            return Part(state: $0.state, fromNs: $0.fromNs, toNs: $0.toNs, interval: interval, isCondensed: true)
        }
    }

    /// A length beside others.
    static func length(_ value: Int64, of whole: Int64) -> String {
        guard value > 0, whole > 0 else { return "" }
        return "<svg class=\"bar\" aria-hidden=\"true\"><rect class=\"length\" rx=\"2\" width=\""
            + "\(percent(value, whole))%\" height=\"100%\"/></svg>"
    }

    /// The hours above the rows of days.
    static var hours: String {
        let texts = stride(from: 0, through: 21, by: 3).map {
            "<text x=\"\(percent(Int64($0), 24))%\" y=\"11\">\(padded($0, 2))</text>"
        }
        return "<svg class=\"hours\" aria-hidden=\"true\">\(texts.joined())</svg>"
    }

    static func dayLabel(_ day: DayFigures) -> String {
        var words = ["\(day.date.weekday.shortName) \(day.date)", "uptime \(Words.percent(day.sums.uptime))"]
        for (name, ns) in [
            ("down", day.sums.down), ("degraded", day.sums.degraded), ("unknown", day.sums.unknown),
            ("excluded", day.sums.excluded),
        ] where ns > 0 {
            words.append("\(name) \(Words.duration(ns))")
        }
        return words.joined(separator: ", ")
    }

    /// `number` / `whole` in percent with two decimals.
    static func percent(_ number: Int64, _ whole: Int64) -> String {
        let hundredths = Int64(Double(number) / Double(max(whole, 1)) * 10_000)
        return Words.decimals(min(max(hundredths, 0), 10_000), 2)
    }

    private struct Part {
        let state: BarState
        let fromNs: Int64
        let toNs: Int64
        let interval: Interval
        /// Stands for several changes: its times are those of the cells it fills.
        var isCondensed = false
    }

    /// The worse is drawn later, so that the shortest outage lies on top.
    private static func svg(
        _ parts: [Part], wholeNs: Int64, zone: Zone, outages: [Outage], label: String
    ) -> String {
        let drawn = parts.sorted { BarCells.weight($0.state) < BarCells.weight($1.state) }
        let shapes = drawn.map { part in
            let rect =
                "<rect class=\"\(part.state)\" x=\"\(percent(part.fromNs, wholeNs))%\" \(vertical(part.state)) "
                + "width=\"\(percent(part.toNs - part.fromNs, wholeNs))%\"/>"
            guard part.state != .up else { return rect }
            let words = htmlEscaped(words(part, zone: zone, outages: outages))
            return focusable(rect, words: words, atPercent: percent(part.fromNs, wholeNs))
        }
        return "<svg class=\"bar\" role=\"group\" aria-label=\"\(htmlEscaped(label))\">\(shapes.joined())</svg>"
    }

    /// Up is lower than all else, as on a terminal: trouble stands out without colour.
    private static func vertical(_ state: BarState) -> String {
        state == .up ? "y=\"27%\" height=\"73%\"" : "height=\"100%\""
    }

    /// A state as it looks in a bar, for a legend.
    static func swatch(_ state: BarState) -> String {
        "<svg class=\"bar swatch\" aria-hidden=\"true\">"
            + "<rect class=\"\(state)\" \(vertical(state)) width=\"100%\"/></svg>"
    }

    /// A shape that a key reaches; its words show on hover by `title`, and on focus by a tip beside it.
    static func focusable(_ shape: String, words: String, atPercent: String) -> String {
        // Beyond the middle the tip extends to the left, so that it stays on the page.
        let side = atPercent.prefix { $0 != "." }.count > 1 && atPercent >= "50" || atPercent.hasPrefix("100")
        return "<g tabindex=\"0\" role=\"img\" aria-label=\"\(words)\"><title>\(words)</title>\(shape)"
            + "<foreignObject x=\"\(atPercent)%\" y=\"-30\" width=\"1\" height=\"1\" aria-hidden=\"true\">"
            + "<span class=\"tip\(side ? " left" : "")\">\(words)</span></foreignObject></g>"
    }

    private static func words(_ part: Part, zone: Zone, outages: [Outage]) -> String {
        let times = Words.interval(part.interval, zone: zone)
        if part.isCondensed { return "\(Words.state(part.state)) at times within \(times)" }
        if part.state == .down, let outage = outages.first(where: { $0.slots.overlaps(part.interval) }) {
            return "down \(OutageSection.intervalText(outage, zone)), \(outage.cause.name), "
                + outage.regions.joined(separator: ", ")
        }
        return "\(Words.state(part.state)) \(times), \(Words.duration(part.interval.durationNs))"
    }
}
