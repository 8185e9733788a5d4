import Accounting
import Vocabulary

/// One slot explained, step by step, on a terminal.
package enum WhyText: WhyFormat {
    package static let name = "text"
    package static let contentType = ContentType.text

    package static func render(_ why: Explanation, zone: Zone, _ style: TextStyle) -> String {
        var page = TextPage(style)
        var title = TextLine(indent: 1)
        title.add(fitted(escaped(why.title), page.columns / 2), .strong)
        title.add("\(Words.interval(why.slot, zone: zone)) \(escaped(zone.name))", endingAt: page.columns - 1)
        page.line(title)
        page.heading("What the regions saw")
        var table = TextTable([
            .init(title: "region"), .init(title: "verdict"), .init(title: "started", isRight: true),
            .init(title: "total", isRight: true), .init(title: "cause"), .init(title: ""),
        ])
        for word in why.regions { table.add(row(word, zone)) }
        if why.isSummary {
            page.line("The samples are older than the store keeps them; their verdict was kept.", indent: 3)
            page.heading("The verdict")
        } else {
            table.write(to: &page, indent: 3)
            page.heading("The vote", "\(vote(why))")
        }
        page.line(outcome(why), .strong, indent: 3)
        page.heading("Windows, pauses, corrections", isAlone(why) ? "none" : "")
        for exclusion in why.exclusions { page.line(text(exclusion, zone), indent: 3) }
        for correction in why.corrections {
            let interval = Words.interval(correction.interval, zone: zone)
            page.line("correction \(interval) as \(correction.verdict.rawValue)", indent: 3)
            page.wrapped(
                escaped(correction.why).split(separator: " ").map { String($0) }, separator: " ", .faint, indent: 5)
        }
        page.heading("It counts as", counted(why))
        if let outage = why.outage {
            page.heading("The outage it lies in")
            OutageSection.write([outage], zone, to: &page)
        }
        return page.text
    }

    private static func isAlone(_ why: Explanation) -> Bool { why.exclusions.isEmpty && why.corrections.isEmpty }

    private static func row(_ word: Explanation.RegionWord, _ zone: Zone) -> [TextTable.Cell] {
        let slot = word.slot
        guard slot.isWritten else {
            return [
                .text(escaped(word.region), .strong), .text("unknown", .state(.unknown)), .text("–"), .text("–"),
                .text("never asked, or nothing was kept", .faint), .text(""),
            ]
        }
        let status = slot.status > 0 ? "\(slot.status)" : ""
        return [
            .text(escaped(word.region), .strong), .text(slot.verdict.name, .state(slot.verdict.barState)),
            .text(Words.clock(word.start, zone)), .text(Words.milliseconds(us: Int64(slot.totalUs))),
            .text(slot.cause.name), .text(([status] + slot.marks.names).filter { !$0.isEmpty }.joined(separator: ", ")),
        ]
    }

    /// `majority of 3 known regions: 1 down, 0 degraded`.
    private static func vote(_ why: Explanation) -> String {
        let rule =
            switch why.vote {
            case .atLeast(let count): "down when \(count) are"
            case .any: "down when any is"
            case .majority: "down when more than half are"
            case .all: "down when all are"
            }
        return "\(rule): of \(Words.count(why.known, "known region")) \(why.down) down, \(why.degraded) degraded"
    }

    private static func outcome(_ why: Explanation) -> String {
        let more = [why.isPartial ? "partial" : nil, why.isBlip ? "a blip" : nil].compactMap { $0 }
        return ([why.verdict.name] + more).joined(separator: ", ")
    }

    private static func text(_ exclusion: Exclusion, _ zone: Zone) -> String {
        let end = exclusion.interval.end.nanoseconds == .max ? nil : exclusion.interval.end
        let words = "\(escaped(exclusion.source.text)) \(Words.interval(exclusion.interval.start, end, zone: zone))"
        return words + (exclusion.isAfterTheFact ? ", entered after the fact" : "")
    }

    private static func counted(_ why: Explanation) -> String {
        switch why.standing {
        case .settled: why.counted.map { Words.state($0) } ?? ""
        case .running: "nothing yet: the slot has not settled"
        case .unborn: "nothing: the check was not born yet"
        }
    }
}
