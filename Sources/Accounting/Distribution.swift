import Vocabulary

/// Response times gathered for exact figures: plain values, and counts of values that many samples share.
/// Source: docs/uptime.md, rule 9.
struct Distribution {
    /// Microseconds, in any order; several lists, so that regions can be pooled without copying.
    var lists: [[UInt32]] = []
    var counted: [(valueUs: UInt32, count: Int)] = []

    /// nil when there are no values. Nearest-rank percentiles by two histograms: O(values), nothing is sorted.
    func figures() -> ResponseFigures? {
        let count = lists.reduce(0) { $0 + $1.count } + counted.reduce(0) { $0 + $1.count }
        guard count > 0 else { return nil }
        var sumUs: Int64 = 0
        var maxUs: UInt32 = 0
        forEachValue { valueUs, times in
            sumUs += Int64(valueUs) * Int64(times)
            maxUs = max(maxUs, valueUs)
        }
        let ranks = [50, 95, 99].map { ($0 * count + 99) / 100 }
        let percentiles = Selection(self, maxUs: maxUs).values(atRanks: ranks)
        return ResponseFigures(
            count: count, meanUs: sumUs / Int64(count), p50Us: percentiles[0], p95Us: percentiles[1],
            p99Us: percentiles[2], maxUs: Int64(maxUs))
    }

    @inline(__always)
    fileprivate func forEachValue(_ body: (_ valueUs: UInt32, _ times: Int) -> Void) {
        for list in lists {
            let values = list.span
            for index in values.indices { body(values[index], 1) }
        }
        for entry in counted where entry.count > 0 { body(entry.valueUs, entry.count) }
    }
}

/// Finds the value of any rank: a histogram over the upper bits says in which cell it lies, one over the lower bits of
/// that cell's values says which it is.
private struct Selection {
    let distribution: Distribution
    /// Bits of a value that the upper histogram does not look at.
    let lowerBits: UInt32
    let upper: [Int]

    init(_ distribution: Distribution, maxUs: UInt32) {
        self.distribution = distribution
        // Halved: at 28 bits, all that a slot can hold, both histograms stay in the caches next to a core.
        let lowerBits = UInt32(UInt32.bitWidth - maxUs.leadingZeroBitCount) / 2
        self.lowerBits = lowerBits
        var upper = [Int](repeating: 0, count: Int(maxUs >> lowerBits) + 1)
        var cells = upper.mutableSpan
        distribution.forEachValue { valueUs, times in cells[Int(valueUs >> lowerBits)] += times }
        self.upper = upper
    }

    /// Rank 1 is the smallest value. One pass over the values, however many ranks.
    func values(atRanks ranks: [Int]) -> [Int64] {
        let found = ranks.map { Selection.cell(holding: $0, in: upper) }
        let cells = Set(found.map(\.cell)).sorted()
        let places = Dictionary(uniqueKeysWithValues: cells.enumerated().map { ($1, $0) })
        let lower = lowerHistograms(of: cells)
        return zip(ranks, found).map { rank, found in
            let rest = Selection.cell(holding: rank - found.before, in: lower[places[found.cell] ?? 0]).cell
            return Int64(found.cell) << Int64(lowerBits) | Int64(rest)
        }
    }

    /// For each of the cells, how often each lower part occurs in it.
    private func lowerHistograms(of cells: [Int]) -> [[Int]] {
        var histograms = [[Int]](repeating: [Int](repeating: 0, count: 1 << lowerBits), count: cells.count)
        // Most values lie in none of the cells: a table that stays in the cache says so.
        var places = [UInt8](repeating: .max, count: upper.count)
        for (place, cell) in cells.enumerated() { places[cell] = UInt8(place) }
        let mask = UInt32(1) << lowerBits - 1
        let lowerBits = lowerBits
        let wanted = places.span
        distribution.forEachValue { valueUs, times in
            let place = wanted[Int(valueUs >> lowerBits)]
            if place != .max { histograms[Int(place)][Int(valueUs & mask)] += times }
        }
        return histograms
    }

    private static func cell(holding rank: Int, in histogram: [Int]) -> (cell: Int, before: Int) {
        var before = 0
        var cell = 0
        while before + histogram[cell] < rank {
            before += histogram[cell]
            cell += 1
        }
        return (cell, before)
    }
}
