import Accounting
import Vocabulary

/// Every outage with its exact times: one line for when, how long and why, one for where and how sure.
enum OutageSection {
    static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        guard !check.outages.isEmpty else {
            page.heading("Outages", "none")
            return
        }
        page.heading("Outages", "\(check.outages.count), \(Words.duration(check.sums.down)) down")
        let width = durationColumns(check.outages)
        for outage in check.outages { write(outage, context.zone, durationColumns: width, to: &page) }
    }

    static func durationColumns(_ outages: [Outage]) -> Int {
        outages.map { displayWidth(durationText($0)) }.max() ?? 0
    }

    static func write(_ outage: Outage, _ zone: Zone, durationColumns: Int, to page: inout TextPage) {
        var line = TextLine(indent: 3)
        line.add("●", .state(outage.isDuringMaintenance ? .excluded : .down))
        line.move(to: 5)
        line.add(Words.interval(outage.start ?? outage.slots.start, outage.end, zone: zone))
        line.add(durationText(outage), .strong, endingAt: max(line.columns + 2, 36) + durationColumns)
        line.move(to: line.columns + 2)
        line.add(outage.cause.name, .state(.down))
        page.line(line)
        page.wrapped(beside(outage, zone), separator: " · ", .faint, indent: 5)
    }

    /// The counted length; what was during maintenance has none.
    private static func durationText(_ outage: Outage) -> String {
        outage.isDuringMaintenance ? "not counted" : Words.duration(outage.downNs)
    }

    private static func beside(_ outage: Outage, _ zone: Zone) -> [String] {
        var words = [outage.regions.map { escaped($0) }.joined(separator: ", ")]
        if outage.isDuringMaintenance { words.append("during maintenance") }
        if let earliest = outage.startEarliest { words.append("last good before it \(near(earliest, outage, zone))") }
        if let earliest = outage.endEarliest { words.append("last bad \(near(earliest, outage, zone))") }
        if outage.unknownNs > 0 { words.append("\(Words.duration(outage.unknownNs)) of it unknown") }
        return words
    }

    /// The clock alone on the day the outage began.
    private static func near(_ instant: Instant, _ outage: Outage, _ zone: Zone) -> String {
        let start = outage.start ?? outage.slots.start
        return zone.date(start) == zone.date(instant) ? Words.clock(instant, zone) : instant.text(in: zone)
    }
}
