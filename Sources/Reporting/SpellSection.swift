import Accounting
import Vocabulary

/// What went wrong and was no outage: partials and blips.
enum SpellSection {
    /// The report lists the newest of them; `sonde outages --all` lists all.
    static let listedMax = 5

    static func write(_ check: CheckFigures, _ context: ReportContext, to page: inout TextPage) {
        write(
            "Partial", "down in some regions, too few for the vote", check.partials, check.check, context.zone,
            to: &page)
        writeRegional(check.regional, check.check, context.zone, to: &page)
        write("Blips", "good and bad within one slot, counted as up", check.blips, check.check, context.zone, to: &page)
    }

    /// A line for each region that was down for long on its own.
    private static func writeRegional(_ spells: [Spell], _ check: String, _ zone: Zone, to page: inout TextPage) {
        for spell in spells.suffix(listedMax) {
            var line = TextLine(indent: 5)
            line.add(spell.regions.map { escaped($0) }.joined(separator: ", "), .strong)
            line.add(" alone for \(Words.duration(spell.interval.durationNs)): ")
            line.add("\(Words.interval(spell.interval, zone: zone))  \(spell.cause.name)")
            page.line(line)
        }
        let hidden = spells.count - listedMax
        if hidden > 0 {
            page.line("and \(hidden) such before: sonde report \(escaped(check)) --json", .faint, indent: 5)
        }
    }

    private static func write(
        _ title: String, _ meaning: String, _ spells: [Spell], _ check: String, _ zone: Zone, to page: inout TextPage
    ) {
        guard !spells.isEmpty else { return }
        page.heading(title, "\(spells.count): \(meaning)")
        for spell in spells.suffix(listedMax) { write(spell, zone, to: &page) }
        let hidden = spells.count - listedMax
        if hidden > 0 {
            page.line("and \(hidden) before: sonde outages \(escaped(check)) --all", .faint, indent: 5)
        }
    }

    static func write(_ spell: Spell, _ zone: Zone, to page: inout TextPage) {
        var line = TextLine(indent: 5)
        line.add(Words.interval(spell.interval, zone: zone))
        line.move(to: max(line.columns + 2, 38))
        line.add(Words.duration(spell.interval.durationNs))
        line.move(to: max(line.columns + 2, 48))
        if spell.regions.isEmpty {
            line.add("older than the store keeps causes", .faint)
        } else {
            line.add(spell.cause.name)
            line.move(to: line.columns + 2)
            line.add(spell.regions.map { escaped($0) }.joined(separator: ", "), .faint)
        }
        page.line(line)
    }
}
