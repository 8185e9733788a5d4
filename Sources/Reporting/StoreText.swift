import Vocabulary

/// What stands in a store, for people.
package enum StoreText {
    /// `configured`: the checks of the configuration; the others' files wait for `sonde store forget`.
    package static func info(_ info: StoreInfo, configured: Set<String>, _ style: TextStyle) -> String {
        var page = TextPage(style)
        var table = TextTable([
            .init(title: "check", canShrink: true), .init(title: "region", canShrink: true),
            .init(title: "bytes", isRight: true), .init(title: "slots", isRight: true),
            .init(title: "fill", isRight: true), .init(title: "oldest"), .init(title: "newest"),
            .init(title: "hours", isRight: true), .init(title: "outages", isRight: true),
        ])
        for ring in info.checks {
            for (index, region) in ring.regions.enumerated() {
                let isFirst = index == 0
                table.add([
                    .text(isFirst ? escaped(ring.check) : "", configured.contains(ring.check) ? .strong : .faint),
                    .text(escaped(region.region), .faint),
                    .text(isFirst ? ValidateText.size(ring.bytes) : ""), .text("\(region.slots.filled)"),
                    .text(percent(region.slots)), .text(region.oldest?.minuteText ?? "–"),
                    .text(region.newest?.minuteText ?? "–"), .text("\(region.hours.filled)"),
                    .text(isFirst ? "\(ring.outages.filled)" : ""),
                ])
            }
        }
        table.write(to: &page, indent: 1)
        page.line()
        page.wrapped(
            [
                Words.count(info.checks.count, "check"), "\(ValidateText.size(info.bytes)) on disk",
                "\(ValidateText.size(info.freeBytes)) free",
                "journal: \(Words.count(info.journal.segments, "segment")), "
                    + "\(ValidateText.size(info.journal.bytes)), \(info.journal.waiting) slots wait for their rings",
            ], separator: " · ", .strong, indent: 1)
        page.line("store \(escaped(info.path)) · \(writerText(info.writer)) · times in UTC", .faint)
        for ring in info.checks where !configured.contains(ring.check) {
            page.line(
                "\(escaped(ring.check)) is not in the configuration; `sonde store forget \(escaped(ring.check))` "
                    + "removes its file", .faint)
        }
        return page.text
    }

    /// What verifying found: a line for each fault, and how many records were read.
    package static func findings(_ findings: StoreFindings, _ style: TextStyle) -> String {
        var page = TextPage(style)
        for fault in findings.faults { page.line(fault, .state(.down)) }
        if findings.unnamedCount > 0 { page.line("… and \(findings.unnamedCount) more", .state(.down)) }
        page.line(
            findings.isWhole
                ? "\(findings.recordCount) records, all whole"
                : "\(findings.recordCount) records, \(findings.faultCount) not whole; "
                    + "`sonde store repair` keeps the others",
            .strong)
        return page.text
    }

    private static func writerText(_ writer: StoreInfo.Writer?) -> String {
        guard let writer else { return "nobody writes it now" }
        return writer.pid.map { "the process \($0) writes it" } ?? "a process writes it"
    }

    private static func percent(_ fill: StoreInfo.Fill) -> String {
        "\(Words.decimals(fill.places == 0 ? 0 : fill.filled * 1_000 / fill.places, 1)) %"
    }
}

extension Instant {
    /// `2026-11-22 10:15`, UTC.
    fileprivate var minuteText: String {
        let text = rfc3339
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5))"
    }
}
