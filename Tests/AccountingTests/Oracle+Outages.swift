import Vocabulary

@testable import Accounting

// Rule 6, by looking through everything for each question.
extension Oracle {
    var outages: [Outage] {
        var outages: [Outage] = []
        for first in cells.indices where cells[first].verdict == .down {
            let before = cells[..<first].last { $0.verdict != .unknown }
            guard before?.verdict != .down else { continue }
            let next = cells[first...].firstIndex { $0.verdict.isGood }
            let last = cells[..<(next ?? cells.count)].lastIndex { $0.verdict == .down }!
            let counted = cells[first...last].filter { input.window.contains($0.start) }
            guard counted.contains(where: { $0.verdict == .down || state($0, $0.verdict) == .down }) else { continue }
            outages.append(outage(first, last, before: before, next: next.map { cells[$0] }))
        }
        return outages
    }

    private func outage(_ first: Int, _ last: Int, before: Cell?, next: Cell?) -> Outage {
        let inside = cells[first...last]
        let a = cells[first]
        let b = cells[last]
        let newlyDown = a.regions(.down).subtracting(before?.regions(.down) ?? [])
        let fallen = newlyDown.isEmpty ? a.regions(.down) : newlyDown
        let start = fallen.map { a.starts[$0]! }.min()!
        var end: Instant?
        var endEarliest: Instant?
        if let next {
            let noLongerDown = b.regions(.down).subtracting(next.regions(.down))
            let risen = noLongerDown.isEmpty ? b.regions(.down) : noLongerDown
            let good = next.regions(.up, .degraded)
            let answering = good.isDisjoint(with: risen) ? good : good.intersection(risen)
            end = answering.map { next.starts[$0]! }.min()!
            endEarliest = newest(.down, of: risen, before: end!)
        }
        let samples = inside.flatMap { cell in cell.regions(.down).map { (cell.written[$0]!.cause, cell.starts[$0]!) } }
        let counts = Dictionary(grouping: samples) { $0.0 }
        let most = counts.values.map(\.count).max()!
        let cause = samples.filter { counts[$0.0]!.count == most }.min { $0.1 < $1.1 }!.0
        let all = inside.reduce(into: Set<String>()) { $0.formUnion($1.regions(.down)) }
        return Outage(
            start: start, startEarliest: newest(.up, .degraded, of: fallen, before: start), end: end,
            endEarliest: endEarliest, slots: Interval(start: a.start, end: b.start + b.periodNs),
            downNs: sums(inside.filter { input.window.contains($0.start) }).down,
            unknownNs: inside.filter { $0.verdict == .unknown }.reduce(0) { $0 + $1.periodNs }, cause: cause,
            regions: a.regions.filter(all.contains) + all.subtracting(a.regions).sorted())
    }

    private func newest(_ verdicts: Verdict..., of regions: Set<String>, before instant: Instant) -> Instant? {
        cells.flatMap { cell in
            regions.filter { verdicts.contains(cell.written[$0]?.verdict ?? .unknown) }.map { cell.starts[$0]! }
        }.filter { $0 < instant }.max()
    }

    /// Rule 2's partials, or rule 7's blips: neighbouring slots joined.
    func spells(_ belongs: (Cell) -> Bool) -> [Interval] {
        var spells: [Interval] = []
        var wasLast = false
        for cell in windowCells {
            let isOne = belongs(cell)
            let end = cell.start + cell.periodNs
            if isOne && wasLast { spells.append(Interval(start: spells.removeLast().start, end: end)) }
            if isOne && !wasLast { spells.append(Interval(start: cell.start, end: end)) }
            wasLast = isOne
        }
        return spells
    }
}
