import Vocabulary

@testable import Accounting

/// The counting rules once more, slot by slot and without any haste: what production must agree with. Written from
/// docs/uptime.md alone; shares nothing with Accounting but its result types.
struct Oracle {
    let input: CountingInput
    let cells: [Cell]
    let windowCells: [Cell]

    /// One settled slot since the birth.
    struct Cell {
        let start: Instant
        let periodNs: Int64
        let vote: Vote
        let regions: [String]
        /// What was written, by region.
        let written: [String: Slot]
        let starts: [String: Instant]
        /// Of the check, by rule 2.
        private(set) var verdict = Verdict.unknown

        init(start: Instant, era: Era, written: [String: Slot], starts: [String: Instant]) {
            self.start = start
            periodNs = era.periodNs
            vote = era.vote
            regions = era.regions
            self.written = written
            self.starts = starts
            verdict = voted
        }

        func regions(_ verdict: Verdict...) -> Set<String> {
            Set(regions.filter { verdict.contains(written[$0]?.verdict ?? .unknown) })
        }

        private var voted: Verdict {
            let voting = regions(.up, .degraded, .down).count
            let failing = regions(.down).count
            if voting == 0 { return .unknown }
            let isDown =
                switch vote {
                case .any: failing > 0
                case .majority: failing > voting - failing
                case .all: failing == voting
                case .atLeast(let count): failing >= count || failing == voting
                }
            if isDown { return .down }
            return regions(.degraded).count > voting - regions(.degraded).count ? .degraded : .up
        }
        var isPartial: Bool { !regions(.down).isEmpty && verdict != .down }
        var isBlip: Bool {
            verdict.isGood && regions(.up, .degraded).contains { written[$0]?.marks.contains(.mixed) ?? false }
        }
    }

    init(_ input: CountingInput) {
        self.input = input
        var cells: [Cell] = []
        let stretches = input.history.stretches
        for (index, stretch) in stretches.enumerated() {
            let grid = stretch.era.grid
            let isLast = index == stretches.count - 1
            var slot = stretch.firstSlot
            if index == 0 { while grid.start(of: slot - 1) >= input.window.start { slot -= 1 } }
            let end = isLast ? max(stretch.interval.end, input.window.end) : stretches[index + 1].interval.start
            while grid.start(of: slot) < end {
                defer { slot += 1 }
                let start = grid.start(of: slot)
                guard let birth = input.history.birth, start >= birth else { continue }
                let settles = start + stretch.era.periodNs + input.check.timeoutNs + Duration.secondNs
                guard settles <= input.now else { continue }
                var written: [String: Slot] = [:]
                var starts: [String: Instant] = [:]
                for (region, name) in stretch.era.regions.enumerated() {
                    let place = Int(slot - stretch.firstSlot)
                    guard stretch.slots[region].indices.contains(place) else { continue }
                    written[name] = stretch.slots[region][place]
                    starts[name] = grid.instant(slot: slot, startUnits: stretch.slots[region][place].startUnits)
                }
                cells.append(Cell(start: start, era: stretch.era, written: written, starts: starts))
            }
        }
        self.cells = cells
        windowCells = cells.filter { input.window.contains($0.start) }
    }

    /// Rule 3.
    func state(_ cell: Cell, _ verdict: Verdict, isCorrected: Bool = true) -> BarState {
        let correction = input.corrections.last { $0.interval.contains(cell.start) }
        if isCorrected, let correction { return BarState(named: correction.verdict.rawValue) }
        if input.exclusions.contains(where: { $0.interval.contains(cell.start) }) { return .excluded }
        return BarState(named: verdict.name)
    }

    /// Rule 4.
    func sums(_ cells: [Cell], isCorrected: Bool = true) -> Sums {
        cells.reduce(into: Sums()) { $0.count($1.periodNs, as: state($1, $1.verdict, isCorrected: isCorrected)) }
    }

    /// Rule 13: a region's own verdicts; windows and corrections `excluded` hold for it too, other corrections do not.
    func sums(of region: String) -> Sums {
        windowCells.filter { $0.regions.contains(region) }.reduce(into: Sums()) { sums, cell in
            let isExcluded = state(cell, cell.verdict) == .excluded
            let own = BarState(named: (cell.written[region]?.verdict ?? .unknown).name)
            sums.count(cell.periodNs, as: isExcluded ? .excluded : own)
        }
    }

    /// Rule 9.
    func response(_ regions: [String], _ value: (Slot) -> UInt32 = { $0.totalUs }) -> ResponseFigures? {
        let values = windowCells.filter { state($0, $0.verdict) != .excluded }.flatMap { cell in
            regions.compactMap { cell.written[$0] }.filter { $0.verdict.isGood }.map { Int64(value($0)) }
        }.sorted()
        guard !values.isEmpty else { return nil }
        func percentile(_ percent: Int) -> Int64 { values[(percent * values.count + 99) / 100 - 1] }
        return ResponseFigures(
            count: values.count, meanUs: values.reduce(0, +) / Int64(values.count), p50Us: percentile(50),
            p95Us: percentile(95), p99Us: percentile(99), maxUs: values[values.count - 1])
    }
}

extension BarState {
    init(named name: String) { self = BarState.allCases.first { "\($0)" == name }! }
}

extension Sums {
    mutating func count(_ amount: Int64, as state: BarState) {
        if state == .up || state == .degraded { up += amount }
        if state == .degraded { degraded += amount }
        if state == .down { down += amount }
        if state == .unknown { unknown += amount }
        if state == .excluded { excluded += amount }
    }
}
