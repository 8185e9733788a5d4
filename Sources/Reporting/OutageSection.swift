import Accounting
import Vocabulary

/// Every outage with its exact times: one line for when, how long and why, one for where and how sure.
enum OutageSection {
    static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        guard !check.outages.isEmpty else {
            page.heading("Outages", "none")
            return
        }
        page.heading("Outages", summary(check))
        write(check.outages, context.zone, to: &page)
    }

    static func write(_ outages: [Outage], _ zone: Zone, to page: inout TextPage) {
        let intervals = outages.map { displayWidth(intervalText($0, zone)) }.max() ?? 0
        let durations = outages.map { displayWidth(durationText($0)) }.max() ?? 0
        for outage in outages {
            var line = TextLine(indent: 3)
            line.add("●", .state(outage.isDuringMaintenance ? .excluded : .down))
            line.move(to: 5)
            line.add(intervalText(outage, zone))
            line.add(durationText(outage), .strong, endingAt: 5 + intervals + 2 + durations)
            line.move(to: line.columns + 2)
            line.add(outage.cause.name, .state(.down))
            page.line(line)
            page.wrapped(beside(outage, zone), separator: " · ", .faint, indent: 5)
        }
    }

    /// `3 outages, 1 more during maintenance, 1 h 40 min down`.
    static func summary(_ check: CheckFigures) -> String {
        let uncounted = check.outages.count(where: \.isDuringMaintenance)
        var words = [Words.count(check.outages.count - uncounted, "outage")]
        if uncounted > 0 { words.append("\(uncounted) more during maintenance") }
        if check.sums.down > 0 { words.append("\(Words.duration(check.sums.down)) down") }
        return words.joined(separator: ", ")
    }

    static func intervalText(_ outage: Outage, _ zone: Zone) -> String {
        Words.interval(outage.start ?? outage.slots.start, outage.end, zone: zone)
    }

    /// The counted length; what was during maintenance has none.
    private static func durationText(_ outage: Outage) -> String {
        outage.isDuringMaintenance ? "not counted" : Words.duration(outage.downNs)
    }

    private static func beside(_ outage: Outage, _ zone: Zone) -> [String] {
        if outage.isForgotten { return ["older than the store keeps causes and exact times"] }
        var words = [outage.regions.map { escaped($0) }.joined(separator: ", ")]
        if outage.isDuringMaintenance { words.append("during maintenance") }
        if let earliest = outage.startEarliest { words.append("last good sample \(near(earliest, outage, zone))") }
        if let earliest = outage.endEarliest { words.append("last bad sample \(near(earliest, outage, zone))") }
        if outage.unknownNs > 0 { words.append("\(Words.duration(outage.unknownNs)) of it unknown") }
        return words
    }

    /// The clock alone on the day the outage began.
    private static func near(_ instant: Instant, _ outage: Outage, _ zone: Zone) -> String {
        let start = outage.start ?? outage.slots.start
        return zone.date(start) == zone.date(instant) ? Words.clock(instant, zone) : Words.time(instant, zone)
    }
}
