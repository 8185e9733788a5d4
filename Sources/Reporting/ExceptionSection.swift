import Accounting
import Vocabulary

/// What was left out of the count, what was corrected, and the figures as they were before.
enum ExceptionSection {
    static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        writeExclusions(check.exclusions, context.zone, to: &page)
        guard !check.corrections.isEmpty else { return }
        page.heading("Corrections")
        for correction in check.corrections {
            var line = TextLine(indent: 5)
            line.add(Words.interval(correction.interval, zone: context.zone))
            line.add("  \(Words.duration(correction.changedNs)) as \(correction.verdict.rawValue)", .strong)
            page.line(line)
            let why = escaped(correction.why).split(separator: " ").map { String($0) }
            page.wrapped(why, separator: " ", .faint, indent: 5)
        }
        if let uncorrected = check.uncorrected {
            let downtime = Words.duration(uncorrected.down)
            page.line("without them: uptime \(Words.percent(uncorrected.uptime)), down \(downtime)", indent: 5)
        }
    }

    private static func writeExclusions(_ exclusions: [ExclusionFigures], _ zone: Zone, to page: inout TextPage) {
        guard !exclusions.isEmpty else { return }
        let total = exclusions.reduce(Int64(0)) { $0 + $1.excludedNs }
        page.heading("Excluded from the count", Words.duration(total))
        for exclusion in exclusions {
            var line = TextLine(indent: 5)
            line.add(Words.interval(exclusion.interval.start, exclusion.end, zone: zone))
            line.add("  \(Words.duration(exclusion.excludedNs))", .strong)
            line.add("  \(escaped(exclusion.source))")
            if exclusion.isAfterTheFact { line.add("  entered after the fact", .state(.degraded)) }
            page.line(line)
        }
    }
}
