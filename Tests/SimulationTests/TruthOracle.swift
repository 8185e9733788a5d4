import Accounting
import Vocabulary

@testable import sonde

/// docs/uptime.md once more, from the samples that were handed over and what is known of the world: dictionaries, one
/// slot after the other, in no hurry. Shares no code with Judging or Accounting but the types of the answer.
struct TruthOracle {
    struct Word: Equatable {
        var start: Instant
        var verdict: Verdict
        var cause: Cause
        var totalUs: Int64
        var isMixed = false
        /// The target was down when the probe began, which only the simulator knows.
        var isTrulyDown = false
    }

    /// One settled slot since the birth.
    struct Cell {
        let start: Instant
        let era: Era
        /// By region of the era; nil: nothing was said.
        let words: [Word?]
        var known: [Word] { words.compactMap { $0 }.filter { $0.verdict != .unknown } }
        func down(_ name: String) -> Bool {
            era.regions.firstIndex(of: name).map { words[$0]?.verdict == .down } ?? false
        }
        var verdict: Verdict { TruthOracle.vote(era.vote, known.map(\.verdict)) }
        var truth: Verdict { TruthOracle.vote(era.vote, known.map { $0.isTrulyDown ? .down : .up }) }
        var isPartial: Bool { verdict != .down && known.contains { $0.verdict == .down } }
        var isBlip: Bool { verdict.isGood && known.contains { $0.isMixed && $0.verdict.isGood } }
        var end: Instant { start + era.periodNs }
    }

    let check: Check
    let cells: [Cell]
    let exclusions: [Exclusion]
    let corrections: [Correction]

    static func vote(_ vote: Vote, _ voters: [Verdict]) -> Verdict {
        let down = voters.filter { $0 == .down }.count
        let isDown: Bool
        switch vote {
        case .any: isDown = down > 0
        case .majority: isDown = down + down > voters.count
        case .all: isDown = down == voters.count
        case .atLeast(let number): isDown = down >= number || down == voters.count
        }
        if voters.isEmpty { return .unknown }
        if isDown { return .down }
        return 2 * voters.filter { $0 == .degraded }.count > voters.count ? .degraded : .up
    }

    /// `eras`: of the check, as the store has them at the end; `lives`: those of all checks at each start.
    init(
        _ number: Int, _ check: Check, handed: [VirtualWorld.Handed], world: VirtualWorld, script: VirtualRun.Script,
        eras: [Era], lives: [(at: Instant, eras: [String: [Era]])], exclusions: [Exclusion], corrections: [Correction],
        now: Instant
    ) {
        self.check = check
        self.exclusions = exclusions
        self.corrections = corrections
        let starts = (script.off.map(\.end) + script.plans.map(\.from)).filter { start in
            !script.off.contains { $0.contains(start) }
        }
        var words: [[Int64]: Word] = [:]
        var newest: Interval?
        var keepsUntil: Instant?
        var last = script.span.start
        for item in handed {
            // Rule 11: a clock that was set back, seen by the program or found at its start.
            if script.clockSteps.contains(where: { $0.byNs < 0 && last < $0.at && $0.at <= item.at }) {
                keepsUntil = newest?.end
            }
            if let start = starts.filter({ last < $0 && $0 <= item.at }).max() {
                keepsUntil = newest.flatMap { $0.start > script.wall(start) ? $0.end : nil }
            }
            if let end = keepsUntil, item.wall > end { keepsUntil = nil }
            last = item.at
            let sample = item.sample
            let planned = item.plan.checks[Int(sample.due.series.check)]
            let grid = SlotGrid(periodNs: planned.periodNs)
            let slot = grid.interval(of: sample.due.slot)
            // A slot of before the era that the program has now belongs to another.
            let present = lives.last { $0.at <= item.at }?.eras[planned.name] ?? []
            let isOwn = present.count == 1 || slot.start >= present.last?.from ?? slot.start
            defer {
                if let until = keepsUntil, sample.start >= until { keepsUntil = slot.end }
                if isOwn, item.isKept, slot.start >= newest?.start ?? slot.start { newest = slot }
            }
            guard isOwn, item.isKept, Int(sample.due.series.check) == number,
                let own = eras.lastIndex(where: { $0.from == present.last?.from })
            else { continue }
            var word = Word(
                start: Instant(nanoseconds: sample.start.nanoseconds / 1_000_000 * 1_000_000), verdict: .up,
                cause: sample.cause, totalUs: Int64(sample.legs.totalUs))
            if sample.unmet == .degrade { word.verdict = .degraded }
            if sample.unmet == .fail { word.verdict = .down }
            if sample.cause == .noRoute { word.verdict = .unknown }
            let isLate = sample.start - sample.due.at > max(planned.periodNs / 10, Duration.secondNs)
            if isLate && word.verdict == .down { (word.verdict, word.cause) = (.unknown, .late) }
            if !slot.contains(sample.start) {
                word.verdict = .unknown
                word.start = Instant(nanoseconds: sample.due.at.nanoseconds / 1_000_000 * 1_000_000)
            }
            let region = Int(sample.due.series.region)
            word.isTrulyDown = world.isDown(check: number, region: region, at: item.trueStart)
            let key = [
                Int64(own), sample.due.slot, Int64(planned.regions.firstIndex(of: item.plan.regions[region].name)!),
            ]
            if let held = words[key] {
                if keepsUntil != nil && held.verdict != .unknown { continue }
                let isMixed =
                    held.isMixed || (held.verdict.isGood && word.verdict == .down)
                    || (held.verdict == .down && word.verdict.isGood)
                let stays = word.start < held.start || (sample.due.isReprobe && word.verdict == held.verdict)
                if stays { word = held }
                word.isMixed = isMixed
            }
            words[key] = word
        }
        var cells: [Cell] = []
        let births = words.filter { $0.value.verdict != .unknown }.map { key, _ in
            SlotGrid(periodNs: eras[Int(key[0])].periodNs).start(of: key[1])
        }
        if let birth = births.min() {
            for (number, era) in eras.enumerated() {
                let grid = SlotGrid(periodNs: era.periodNs)
                let end = number + 1 < eras.count ? eras[number + 1].from : Instant(nanoseconds: .max)
                var slot = grid.firstSlot(from: number == 0 ? birth : max(birth, era.from))
                while grid.start(of: slot) < end,
                    grid.start(of: slot) + era.periodNs + check.timeoutNs + Duration.secondNs <= now
                {
                    let words = era.regions.indices.map { words[[Int64(number), slot, Int64($0)]] }
                    cells.append(Cell(start: grid.start(of: slot), era: era, words: words))
                    slot += 1
                }
            }
        }
        self.cells = cells
    }

    func counted(_ cell: Cell, isCorrected: Bool = true) -> String {
        if isCorrected, let correction = corrections.last(where: { $0.interval.contains(cell.start) }) {
            return correction.verdict.rawValue
        }
        if exclusions.contains(where: { $0.interval.contains(cell.start) }) { return "excluded" }
        return cell.verdict.name
    }

    func sums(_ cells: [Cell], isCorrected: Bool = true) -> Sums {
        var sums = Sums()
        for cell in cells { sums.count(counted(cell, isCorrected: isCorrected), cell.era.periodNs) }
        return sums
    }

    func sums(of region: String) -> Sums {
        var sums = Sums()
        for cell in cells {
            guard let place = cell.era.regions.firstIndex(of: region) else { continue }
            let own = (cell.words[place]?.verdict ?? .unknown).name
            sums.count(counted(cell) == "excluded" ? "excluded" : own, cell.era.periodNs)
        }
        return sums
    }

    /// Rule 9: mean, 95th percentile and largest of what is good and not excluded.
    var response: [Int64] {
        let times = cells.filter { counted($0) != "excluded" }.flatMap(\.known).filter(\.verdict.isGood).map(\.totalUs)
            .sorted()
        guard let largest = times.last else { return [] }
        return [times.reduce(0, +) / Int64(times.count), times[(95 * times.count + 99) / 100 - 1], largest]
    }

    struct Run: Equatable {
        var slots: Interval
        var start: Instant?
        var startEarliest: Instant?
        var end: Instant?
        var endEarliest: Instant?
        var downNs: Int64
        var unknownNs: Int64
        var regions: Set<String>
    }

    /// Rule 6.
    var outages: [Run] {
        var runs: [Run] = []
        var first: Int?
        for (place, cell) in cells.enumerated() {
            if cell.verdict == .down, first == nil { first = place }
            let isEnd = cell.verdict.isGood || place == cells.count - 1
            guard let begun = first, isEnd else { continue }
            let last = cells[begun...place].lastIndex { $0.verdict == .down }!
            runs.append(run(begun, last, next: cell.verdict.isGood ? cell : nil))
            first = nil
        }
        return runs
    }

    private func run(_ first: Int, _ last: Int, next: Cell?) -> Run {
        let (a, b) = (cells[first], cells[last])
        let before = cells[..<first].last { $0.verdict != .unknown }
        let bad = a.era.regions.filter { a.down($0) }
        let fallen = bad.filter { !(before?.down($0) ?? false) }
        let fell = fallen.isEmpty ? bad : fallen
        let start = fell.compactMap { a.word($0)?.start }.min()!
        let worst = b.era.regions.filter { b.down($0) }
        let risen = worst.filter { !(next?.down($0) ?? false) }
        let rose = risen.isEmpty ? worst : risen
        let good = (next?.era.regions ?? []).filter { next!.word($0)?.verdict.isGood ?? false }
        let answering = good.filter(rose.contains).isEmpty ? good : good.filter(rose.contains)
        let end = answering.compactMap { next!.word($0)?.start }.min()
        let inside = Array(cells[first...last])
        return Run(
            slots: Interval(start: a.start, end: b.end), start: start,
            startEarliest: newest(fell, before: start) { $0.verdict.isGood }, end: end,
            endEarliest: end.flatMap { end in newest(rose, before: end) { $0.verdict == .down } },
            downNs: sums(inside).down,
            unknownNs: inside.filter { $0.verdict == .unknown }.reduce(0) { $0 + $1.era.periodNs },
            regions: Set(inside.flatMap { cell in cell.era.regions.filter { cell.down($0) } }))
    }

    private func newest(_ regions: [String], before instant: Instant, where fits: (Word) -> Bool) -> Instant? {
        cells.flatMap { cell in regions.compactMap { cell.word($0) } }
            .filter { fits($0) && $0.start < instant }.map(\.start).max()
    }

    func places(_ fits: (Cell) -> Bool) -> [Instant] { cells.filter(fits).map(\.start) }
}

extension TruthOracle.Cell {
    func word(_ region: String) -> TruthOracle.Word? { era.regions.firstIndex(of: region).flatMap { words[$0] } }
}

extension Sums {
    fileprivate mutating func count(_ state: String, _ ns: Int64) {
        switch state {
        case "up": up += ns
        case "degraded": (up, degraded) = (up + ns, degraded + ns)
        case "down": down += ns
        case "unknown": unknown += ns
        default: excluded += ns
        }
    }
}
