import Accounting
import Vocabulary

/// One check on the status page.
struct StatusCard {
    let line: StatusLine
    /// nil where the page has no figures of the month.
    let month: CheckFigures?
    let status: Status
    let isUnfolded: Bool

    var html: String {
        let parts = [head, tiles, trust, lastHours, charts, regions, outages, exceptions].filter { !$0.isEmpty }
        return """
            <article class="card">
            \(parts.joined(separator: "\n"))
            </article>
            """
    }

    private var zone: Zone { status.zone }

    private var head: String {
        let name = line.title == line.check ? "" : "<span class=\"name\">\(htmlEscaped(line.check))</span>"
        let generated = line.hasGenerated ? "<span class=\"label\">generated history</span>" : ""
        let since = line.since.map {
            "<span class=\"since\">since <time datetime=\"\($0.rfc3339)\">\(Words.time($0, zone))</time></span>"
        }
        return """
            <div class="head"><h2>\(htmlEscaped(line.title))</h2>\(name)\(generated)\
            <span class="verdict \(pill)">\(line.isPaused ? "paused" : line.verdict.name)</span>\(since ?? "")</div>
            """
    }

    /// A paused check has the colour of what is not known.
    private var pill: String { line.isPaused ? Verdict.unknown.name : line.verdict.name }

    private var tiles: String {
        var tiles = [
            ("Uptime today", Words.percent(line.today.uptime), line.today.down > 0),
            ("Uptime this month", Words.percent(line.month.uptime), line.month.down > 0),
        ]
        if let month {
            let mean = month.response.map { Words.milliseconds(us: $0.meanUs) } ?? Words.noData
            tiles.append(("Avg. resp. time this month", mean, false))
        }
        tiles.append(("Last response", line.responseUs.map { Words.milliseconds(us: $0) } ?? "–", false))
        tiles.append(("Check type", htmlEscaped(line.kind.uppercased()), false))
        if let month { tiles.append(("Check resolution", Words.period(month.periodNs), false)) }
        let list = tiles.map { "<div><dt>\($0.0)</dt><dd\($0.2 ? " class=\"bad\"" : "")>\($0.1)</dd></div>" }
        return "<dl class=\"tiles\">\(list.joined())</dl>"
    }

    private var trust: String {
        let sums = line.month
        guard sums.all > 0 else { return "<p class=\"quiet\">no data this month</p>" }
        var words = ["Coverage this month \(Words.percent(sums.coverage))"]
        if sums.unknown > 0 {
            words.append("if unknown were down \(Words.percent(sums.worst))")
            words.append("if unknown were up \(Words.percent(sums.best))")
        }
        for (name, ns) in [
            ("down", sums.down), ("degraded", sums.degraded), ("unknown", sums.unknown),
            ("excluded", sums.excluded),
        ] where ns > 0 {
            words.append("\(name) \(Words.duration(ns))")
        }
        return "<p class=\"quiet\">\(words.joined(separator: " · "))</p>"
    }

    private var lastHours: String {
        guard let first = line.bar.first, let last = line.bar.last else { return "" }
        let whole = Interval(start: first.interval.start, end: last.interval.end)
        let label = "Last \(Words.roughHours(whole.durationNs))"
        return """
            <section><h3>\(label)</h3>
            \(BarSVG.line(line.bar, in: whole, zone: zone, outages: month?.outages ?? [], label: label))
            </section>
            """
    }

    private var charts: String {
        guard let month, month.sums.all > 0 else { return "" }
        let rows = month.days.map { day in
            "<tr><th scope=\"row\">\(day.date.weekday.shortName) \(day.date.day)</th><td class=\"wide\">"
                + BarSVG.day(day, zone: zone, outages: month.outages)
                + "</td><td>\(day.sums.all > 0 ? Words.percent(day.sums.uptime) : "")</td>"
                + "<td class=\"bad\">\(day.sums.down > 0 ? Words.duration(day.sums.down) : "")</td></tr>"
        }
        return """
            <section><h3>Uptime this month</h3>
            \(MonthSVG.uptime(month.days))
            </section>
            <details\(isUnfolded ? " open" : "")><summary>Day-by-day availability</summary>
            <table class="days"><thead><tr><th></th><td class="wide">\(BarSVG.hours)</td>\
            <td>uptime</td><td>down</td></tr>\
            </thead><tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table>
            \(legend(month))
            </details>
            """
    }

    private func legend(_ month: CheckFigures) -> String {
        let present = Set(month.days.flatMap { $0.bar.map(\.state) })
        let items = BarState.allCases.filter { present.contains($0) }.map {
            "<span>\(BarSVG.swatch($0)) \(Words.state($0))</span>"
        }
        return "<p class=\"legend\">\(items.joined())</p>"
    }

    private var regions: String {
        let verdicts = Dictionary(line.regions.map { ($0.region, $0.verdict) }) { first, _ in first }
        guard let month, !month.regions.isEmpty else { return "" }
        let slowest = month.regions.compactMap { $0.response?.meanUs }.max() ?? 0
        let rows = month.regions.map { region in
            let verdict = verdicts[region.region]
            let pill = verdict.map { "<span class=\"verdict small \($0.name)\">\($0.name)</span>" } ?? ""
            let mean = region.response.map { Words.milliseconds(us: $0.meanUs) } ?? Words.noData
            return "<tr><th scope=\"row\">\(htmlEscaped(region.region)) "
                + "<span class=\"name\">\(htmlEscaped(region.country ?? ""))</span></th><td>\(pill)</td>"
                + "<td class=\"wide\">\(BarSVG.length(region.response?.meanUs ?? 0, of: slowest))</td><td>\(mean)</td>"
                + "<td>\(Words.percent(region.sums.uptime))</td></tr>"
        }
        return """
            <section><h3>Response time by region</h3>
            <table class="regions"><thead><tr><th></th><td></td><td class="wide"></td>\
            <td>avg</td><td>uptime</td></tr></thead>\
            <tbody>
            \(rows.joined(separator: "\n"))
            </tbody></table></section>
            """
    }

    private var outages: String {
        guard let month, month.sums.all > 0 else { return "" }
        guard !month.outages.isEmpty else { return "<section><h3>Outages this month</h3><p>none</p></section>" }
        let rows = month.outages.reversed().map { outage in
            let length = outage.isDuringMaintenance ? "during maintenance" : Words.duration(outage.downNs)
            let regions = outage.regions.map { htmlEscaped($0) }.joined(separator: ", ")
            return
                "<li><span class=\"when\">\(OutageSection.intervalText(outage, zone))</span> "
                + "<strong>\(length)</strong> "
                + "<span class=\"cause\">\(outage.cause.name)</span> <span class=\"name\">\(regions)</span></li>"
        }
        return """
            <section><h3>Outages this month <span class="name">\(OutageSection.summary(month))</span></h3>
            <ul class="outages">
            \(rows.joined(separator: "\n"))
            </ul></section>
            """
    }

    private var exceptions: String {
        guard let month, !month.exclusions.isEmpty || !month.corrections.isEmpty else { return "" }
        let exclusions = month.exclusions.map {
            "<li><span class=\"when\">\(Words.interval($0.interval, zone: zone))</span> "
                + "<strong>\(Words.duration($0.excludedNs))</strong> excluded: \(htmlEscaped($0.source))"
                + "\($0.isAfterTheFact ? " <em>entered after the fact</em>" : "")</li>"
        }
        let corrections = month.corrections.map {
            "<li><span class=\"when\">\(Words.interval($0.interval, zone: zone))</span> "
                + "<strong>\(Words.duration($0.changedNs))</strong> corrected as \($0.verdict.rawValue): "
                + "\(htmlEscaped($0.why))</li>"
        }
        return """
            <details><summary>Exclusions and corrections</summary>
            <ul class="outages">
            \((exclusions + corrections).joined(separator: "\n"))
            </ul></details>
            """
    }
}
