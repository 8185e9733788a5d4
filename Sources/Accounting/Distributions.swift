import Vocabulary

/// Several distributions of times side by side, with exact nearest-rank percentiles although no value is kept or
/// sorted. Two passes over the same values: the first counts them by their upper bits, which tells in which cell each
/// rank lies; the second counts the lower bits of the values in those few cells. Source: docs/uptime.md, rule 9.
///
/// The passes run over slots in memory, so they work on the plain arrays (`SlotScan`).
struct Distributions {
    /// Bits of a value that the first pass leaves to the second.
    static let lowerBits: UInt32 = 14
    static let lowerMask: UInt32 = 1 << lowerBits - 1
    /// Values are under 2^29 us: a slot's total has 28 bits, and the longest time of a leg's byte is 346 s.
    static let cellCount = 1 << 15
    /// In `places`: no rank lies in the cell. Its values are counted all the same, into a histogram that nobody reads:
    /// that is cheaper than a branch that takes either way at random.
    private static let unwanted: UInt16 = 0
    private static let percents = [50, 95, 99, 100]

    /// How often each cell of each distribution was hit, `cell(of:in:)`. A slot takes 16 bytes, so that 2^32 of them
    /// do not come into one memory.
    var uppers: [UInt32]
    /// The sum of each distribution's values, in microseconds.
    var sumsUs: [Int64]
    /// After `select`, for each cell: the number of its histogram in `lowers`.
    private(set) var places: [UInt16] = []
    /// The histograms, 2^lowerBits counts each.
    var lowers: [UInt32] = []
    /// After `select`, by distribution: where its percentiles lie, in the order of `percents`; empty without values.
    private var ranks: [[Rank]] = []

    private struct Rank {
        let cell: Int
        /// Counted inside the cell, from 1.
        let inside: Int
    }

    init(count: Int) {
        uppers = Array(repeating: 0, count: count * Distributions.cellCount)
        sumsUs = Array(repeating: 0, count: count)
    }

    /// Index into `uppers` and `places`.
    @inline(__always)
    static func cell(of valueUs: UInt32, in distribution: Int) -> Int {
        distribution &* cellCount &+ Int(valueUs >> lowerBits)
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

    /// The first pass is over: finds the cells that the second one has to look into.
    mutating func select() {
        places = Array(repeating: Distributions.unwanted, count: uppers.count)
        var wanted = Distributions.unwanted
        for distribution in sumsUs.indices {
            let found = ranks(of: distribution)
            for rank in found where places[rank.cell] == Distributions.unwanted {
                wanted += 1
                places[rank.cell] = wanted
            }
            ranks.append(found)
        }
        lowers = Array(repeating: 0, count: (Int(wanted) + 1) << Int(Distributions.lowerBits))
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
        lowers[Distributions.lower(of: valueUs, at: place)] += UInt32(times)
    }

    /// Index into `lowers`.
    @inline(__always)
    static func lower(of valueUs: UInt32, at place: UInt16) -> Int {
        Int(place) << Int(lowerBits) | Int(valueUs & lowerMask)
    }

    /// The second pass is over; nil without values.
    func figures(of distribution: Int) -> ResponseFigures? {
        let values = ranks[distribution].map { value(at: $0, of: distribution) }
        guard let largest = values.last else { return nil }
        let count = count(of: distribution)
        return ResponseFigures(
            count: count, meanUs: sumsUs[distribution] / Int64(count), p50Us: values[0], p95Us: values[1],
            p99Us: values[2], maxUs: largest)
    }

    private func value(at rank: Rank, of distribution: Int) -> Int64 {
        var lower = Int(places[rank.cell]) << Int(Distributions.lowerBits)
        var before = 0
        while before + Int(lowers[lower]) < rank.inside {
            before += Int(lowers[lower])
            lower += 1
        }
        let upper = rank.cell - distribution * Distributions.cellCount
        return Int64(upper) << Int64(Distributions.lowerBits) | Int64(UInt32(lower) & Distributions.lowerMask)
    }
}
