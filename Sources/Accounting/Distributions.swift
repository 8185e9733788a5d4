import Vocabulary

/// Several distributions of times side by side, with exact nearest-rank percentiles although no value is kept or
/// sorted. Two passes over the same values: the first counts them by their eleven leading bits, which tells in which
/// cell each rank lies; the second counts the lower bits of the values in those few cells. Short times have a cell
/// each, and where the wanted ones all do there is nothing for a second pass. Source: docs/uptime.md, rule 9.
///
/// The passes run over slots in memory, so they work on the plain arrays (`SlotScan`).
struct Distributions {
    /// Values are under 2^29 us: a slot's total has 28 bits, and the longest time of a leg's byte is 346 s. So a cell's
    /// number is always under this.
    static let cellCount = 20 * 1024
    private static let percents = [50, 95, 99, 100]

    /// How often each cell of each distribution was hit, `cell(of:in:)`. A slot takes 16 bytes, so that 2^32 of them
    /// do not come into one memory.
    var uppers: [UInt32]
    /// The sum of each distribution's values, in microseconds.
    var sumsUs: [Int64]
    /// After `select`, for each cell of each distribution: one more than where its counts begin in `lowers`; 0 for
    /// those that the second pass need not look into.
    private(set) var places: [UInt32]
    /// One count for each value of the wanted cells.
    private var lowers: [UInt32] = []
    /// After `select`, by distribution: where its percentiles lie, in the order of `percents`; empty without values.
    private var ranks: [[Rank]] = []

    private struct Rank {
        let cell: Int
        /// Counted inside the cell, from 1.
        let inside: Int
    }

    init(count: Int) {
        uppers = Array(repeating: 0, count: count * Distributions.cellCount)
        places = Array(repeating: 0, count: count * Distributions.cellCount)
        sumsUs = Array(repeating: 0, count: count)
    }

    /// Index into `uppers` and `places`. Values under 2,048 have a cell each; above, a cell holds those
    /// with the same eleven leading bits.
    @inline(__always)
    static func cell(of valueUs: UInt32, in distribution: Int) -> Int {
        let shift = max(0, 21 &- valueUs.leadingZeroBitCount)
        return distribution &* cellCount &+ shift &* 1024 &+ Int(valueUs &>> UInt32(truncatingIfNeeded: shift))
    }

    /// The values of a cell are `least ..< least + 1 << bits`.
    private static func values(of cell: Int) -> (least: Int64, bits: Int) {
        let cell = cell % cellCount
        let bits = max(0, cell / 1024 - 1)
        return (Int64(cell - bits * 1024) << Int64(bits), bits)
    }

    // MARK: First pass

    mutating func countUpper(_ valueUs: UInt32, times: Int = 1, in distribution: Int) {
        uppers[Distributions.cell(of: valueUs, in: distribution)] += UInt32(times)
        sumsUs[distribution] += Int64(valueUs) * Int64(times)
    }

    /// Adds what the distributions `parts` have counted to `whole`.
    mutating func pool(_ parts: Range<Int>, into whole: Int) {
        for part in parts {
            sumsUs[whole] += sumsUs[part]
            let from = part * Distributions.cellCount
            let to = whole * Distributions.cellCount
            for cell in 0..<Distributions.cellCount { uppers[to + cell] += uppers[from + cell] }
        }
    }

    /// The first pass is over: finds the cells that the second one has to look into. False when there are none.
    @discardableResult
    mutating func select() -> Bool {
        var size = 0
        for distribution in sumsUs.indices {
            let found = ranks(of: distribution)
            for rank in found {
                let bits = Distributions.values(of: rank.cell).bits
                guard bits > 0, places[rank.cell] == 0 else { continue }
                places[rank.cell] = UInt32(size + 1)
                size += 1 << bits
            }
            ranks.append(found)
        }
        lowers = Array(repeating: 0, count: size)
        return size > 0
    }

    private func count(of distribution: Int) -> Int { cells(of: distribution).reduce(0) { $0 + Int(uppers[$1]) } }

    private func cells(of distribution: Int) -> Range<Int> {
        let first = distribution * Distributions.cellCount
        return first..<first + Distributions.cellCount
    }

    private func ranks(of distribution: Int) -> [Rank] {
        let count = count(of: distribution)
        guard count > 0 else { return [] }
        var cell = distribution * Distributions.cellCount
        var before = 0
        return Distributions.percents.map { percent in
            let rank = (percent * count + 99) / 100
            while before + Int(uppers[cell]) < rank {
                before += Int(uppers[cell])
                cell += 1
            }
            return Rank(cell: cell, inside: rank - before)
        }
    }

    // MARK: Second pass

    mutating func countLower(_ valueUs: UInt32, times: Int = 1, in distribution: Int) {
        let place = places[Distributions.cell(of: valueUs, in: distribution)]
        if place > 0 { countWanted(valueUs, at: place, times: times) }
    }

    /// A value of a wanted cell, of which few are; `place`: the cell's in `places`.
    mutating func countWanted(_ valueUs: UInt32, at place: UInt32, times: Int = 1) {
        let bits = max(0, 21 - valueUs.leadingZeroBitCount)
        lowers[Int(place) - 1 + Int(valueUs) & (1 << bits - 1)] += UInt32(times)
    }

    /// The second pass is over; nil without values.
    func figures(of distribution: Int) -> ResponseFigures? {
        let values = ranks[distribution].map { value(at: $0) }
        guard let largest = values.last else { return nil }
        let count = count(of: distribution)
        return ResponseFigures(
            count: count, meanUs: sumsUs[distribution] / Int64(count), p50Us: values[0], p95Us: values[1],
            p99Us: values[2], maxUs: largest)
    }

    private func value(at rank: Rank) -> Int64 {
        let least = Distributions.values(of: rank.cell).least
        guard places[rank.cell] > 0 else { return least }
        let place = Int(places[rank.cell]) - 1
        var lower = place
        var before = 0
        while before + Int(lowers[lower]) < rank.inside {
            before += Int(lowers[lower])
            lower += 1
        }
        return least + Int64(lower - place)
    }
}
