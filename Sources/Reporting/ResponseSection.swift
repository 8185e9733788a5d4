import Accounting
import Vocabulary

/// Percentiles, where the time goes, and why probes failed.
enum ResponseSection {
    static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        writeTimes(check, context, to: &page)
        writeFailures(check.failures, to: &page)
    }

    private static func writeTimes(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        guard let total = check.response else { return }
        page.heading(
            "Response times", "\(Words.grouped(Int64(total.count))) good samples of all regions")
        var table = TextTable([
            .init(title: "leg"), .init(title: "", fillMax: 40), .init(title: "avg", isRight: true),
            .init(title: "p50", isRight: true), .init(title: "p95", isRight: true), .init(title: "p99", isRight: true),
            .init(title: "max", isRight: true),
        ])
        let means = check.legs.map { $0?.meanUs ?? 0 }
        let whole = means.reduce(0, +)
        var before: Int64 = 0
        for (leg, figures) in zip(Leg.allCases, check.legs) {
            guard let figures, figures.maxUs > 0 else { continue }
            let start = before
            add(leg.name, figures, .plain, about: "", to: &table) {
                Waterfall.line(start, figures.meanUs, of: whole, columns: $0)
            }
            before += figures.meanUs
        }
        add("total", total, .strong, about: check.about, to: &table) { _ in TextLine() }
        table.write(to: &page)
        if let from = check.slotsFrom { writeOlder(from, context.zone, to: &page) }
        if let apdex = check.apdex { writeApdex(apdex, to: &page) }
    }

    private static func writeOlder(_ from: Instant, _ zone: Zone, to page: inout TextPage) {
        page.wrapped(
            [
                "~ within 15 %: from whole hours before \(Words.time(from, zone)), older than the store keeps samples;",
                "legs, Apdex and failures are those of later samples.",
            ], separator: " ", .faint, indent: 3)
    }

    private static func writeApdex(_ apdex: ApdexFigures, to page: inout TextPage) {
        let threshold = Words.milliseconds(us: apdex.thresholdNs / Duration.microsecondNs)
        var line = TextLine(indent: 3)
        line.add("Apdex \(apdex.score.decimalText ?? Words.noData)", .strong)
        line.add(" at T = \(threshold): \(Words.grouped(apdex.satisfied)) satisfied, ")
        line.add("\(Words.grouped(apdex.tolerating)) tolerating, \(Words.grouped(apdex.frustrated)) frustrated")
        page.line(line)
    }

    private static func add(
        _ name: String, _ figures: ResponseFigures, _ ink: Ink, about: String, to table: inout TextTable,
        draw: @escaping (Int) -> TextLine
    ) {
        let times = [figures.meanUs, figures.p50Us, figures.p95Us, figures.p99Us, figures.maxUs]
        table.add(
            [.text(name, ink), .drawn(draw)] + times.map { .text(about + Words.milliseconds(us: $0), ink) })
    }

    private static func writeFailures(_ failures: [CheckFigures.CauseCount], to page: inout TextPage) {
        guard let most = failures.first?.count else { return }
        let total = failures.reduce(0) { $0 + $1.count }
        page.heading("Failures by cause", "\(Words.grouped(Int64(total))) down samples of all regions")
        var table = TextTable([
            .init(title: "cause"), .init(title: "samples", isRight: true), .init(title: "", fillMax: 40),
        ])
        for failure in failures {
            table.add([
                .text(failure.cause.name), .text(Words.grouped(Int64(failure.count))),
                .drawn { HorizontalBar.line(Int64(failure.count), of: Int64(most), columns: $0, ink: .state(.down)) },
            ])
        }
        table.write(to: &page)
    }
}

/// A leg's bar at its place in the whole.
enum Waterfall {
    static func line(_ start: Int64, _ length: Int64, of whole: Int64, columns: Int, ink: Ink = .bar) -> TextLine {
        guard whole > 0, length > 0 else { return TextLine() }
        let first = min(Int(start * Int64(columns) / whole), columns - 1)
        let end = min(max(Int(((start + length) * Int64(columns) + whole - 1) / whole), first + 1), columns)
        var line = TextLine(indent: first)
        line.add(String(repeating: "▄", count: end - first), ink)
        return line
    }
}
