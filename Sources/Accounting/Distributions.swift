import Vocabulary

/// Several distributions of times side by side, with exact nearest-rank percentiles although nothing is sorted.
/// The values are counted by their nine leading bits, which tells in which cell each rank lies; then the lower bits
/// of the values in those few cells are counted. Short times have a cell each, and where the wanted ones all do there
/// is nothing more to count. Source: docs/uptime.md, rule 9.
///
/// The first count runs over slots in memory, so it works on the plain arrays (`SlotScan`).
struct Distributions {
    /// Values are under 2^29 us: a slot's total has 28 bits, and the longest time of a leg's byte is 346 s. So a cell's
    /// number is always under this.
    static let cellCount = 22 * 256
    private static let valueBits: UInt32 = 29
    private static let percents = [50, 95, 99, 100]

    /// How often each cell of each distribution was hit, `cell(of:in:)`. A slot takes 16 bytes, so that 2^32 of them
    /// do not come into one memory.
    var uppers: [UInt32]
    /// The sum of each distribution's values, in microseconds.
    var sumsUs: [Int64]
    /// One count for each value of the wanted cells.
    private var lowers: [UInt32] = []
    /// After `select`, by distribution: where its percentiles lie, in the order of `percents`; empty without values.
    private var ranks: [[Rank]] = []
    /// After `select`, by distribution: the cells whose values are to be counted one by one.
    private var wanted: [[WantedCell]] = []
    /// By distribution, how many values there are.
    private var counts: [Int] = []

    private struct Rank {
        let cell: Int
        /// Counted inside the cell, from 1.
        let inside: Int
    }

    private struct WantedCell {
        let cell: Int
        /// A multiple of `size`, which is a power of two.
        var least: UInt32
        let size: UInt32
        /// Where its counts begin in `lowers`.
        let place: Int
    }

    init(count: Int) {
        uppers = Array(repeating: 0, count: count * Distributions.cellCount)
        sumsUs = Array(repeating: 0, count: count)
    }

    /// Index into `uppers`. Values under 512 have a cell each; above, a cell holds those with the same nine leading
    /// bits.
    @inline(__always)
    static func cell(of valueUs: UInt32, in distribution: Int) -> Int {
        let shift = 23 &- (valueUs | 511).leadingZeroBitCount
        return distribution &* cellCount &+ shift &* 256 &+ Int(valueUs &>> UInt32(truncatingIfNeeded: shift))
    }

    /// The values of a cell are `least ..< least + 1 << bits`.
    private static func values(of cell: Int) -> (least: Int64, bits: Int) {
        let cell = cell % cellCount
        let bits = max(0, cell / 256 - 1)
        return (Int64(cell - bits * 256) << Int64(bits), bits)
    }

    // MARK: First count

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

    /// Adds what as many distributions have counted of other values.
    mutating func add(_ other: Distributions) {
        sumsUs.add(other.sumsUs)
        uppers.add(other.uppers)
    }

    /// The first count is over: finds the cells that hold the ranks. False when each value of them is known.
    @discardableResult
    mutating func select() -> Bool {
        var size = 0
        for distribution in sumsUs.indices {
            counts.append(count(of: distribution))
            let found = ranks(of: distribution, counts[distribution])
            var cells: [WantedCell] = []
            for rank in found where !cells.contains(where: { $0.cell == rank.cell }) {
                let (least, bits) = Distributions.values(of: rank.cell)
                guard bits > 0 else { continue }
                cells.append(WantedCell(cell: rank.cell, least: UInt32(least), size: 1 << UInt32(bits), place: size))
                size += 1 << bits
            }
            ranks.append(found)
            wanted.append(cells)
        }
        lowers = Array(repeating: 0, count: size)
        return size > 0
    }

    private func count(of distribution: Int) -> Int { cells(of: distribution).reduce(0) { $0 + Int(uppers[$1]) } }

    private func cells(of distribution: Int) -> Range<Int> {
        let first = distribution * Distributions.cellCount
        return first..<first + Distributions.cellCount
    }

    private func ranks(of distribution: Int, _ count: Int) -> [Rank] {
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

    // MARK: Second count

    /// Once for every value of the distribution that `countUpper` was told of, here or in what `lowerCounts` gives.
    mutating func countLower(_ valueUs: UInt32, times: Int = 1, in distribution: Int) {
        for cell in wanted[distribution] where valueUs &- cell.least < cell.size {
            lowers[cell.place + Int(valueUs - cell.least)] += UInt32(times)
        }
    }

    mutating func addLower(_ counts: [UInt32]) { lowers.add(counts) }

    /// The second count of values that each belong to all of `distributions`.
    func lowerCounts(of values: [UInt32], in distributions: [Int]) -> [UInt32] {
        lowerCounts(of: values, in: distributions.flatMap { wanted[$0] })
    }

    /// The second count of values of several distributions, as `tagged` makes them.
    func lowerCounts(ofTagged values: [UInt32], in distributions: [Int]) -> [UInt32] {
        let cells = distributions.flatMap { distribution in
            wanted[distribution].map { cell in
                var cell = cell
                cell.least = Distributions.tagged(cell.least, in: distribution)
                return cell
            }
        }
        return lowerCounts(of: values, in: cells)
    }

    /// Few values lie in wanted cells: eight at a time are looked through for one.
    private func lowerCounts(of values: [UInt32], in cells: [WantedCell]) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: lowers.count)
        func add(_ value: UInt32) {
            for cell in cells where value &- cell.least < cell.size {
                counts[cell.place + Int(value - cell.least)] += 1
            }
        }
        // Of regions alike many cells are the pooled ones'.
        var tests: [(mask: SIMD8<UInt32>, least: SIMD8<UInt32>)] = []
        for cell in cells {
            let test = (mask: SIMD8(repeating: ~(cell.size - 1)), least: SIMD8(repeating: cell.least))
            if !tests.contains(where: { $0 == test }) { tests.append(test) }
        }
        let (bytes, spanned) = (values.span.bytes, tests.span)
        let whole = values.count / 8 * 8
        for first in stride(from: 0, to: whole, by: 8) {
            // Unchecked: eight values lie there.
            let eight = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: 4 &* first, as: SIMD8<UInt32>.self)
            var isHit = SIMDMask<SIMD8<Int32>>(repeating: false)
            for place in spanned.indices { isHit .|= (eight & spanned[place].mask) .== spanned[place].least }
            let hits = SIMD8<UInt32>(repeating: 0).replacing(with: 1, where: isHit)
            guard hits.wrappedSum() > 0 else { continue }
            for lane in 0..<8 where hits[lane] > 0 { add(values[first + lane]) }
        }
        for value in values[whole...] { add(value) }
        return counts
    }

    /// A value and its distribution, one of the first eight.
    @inline(__always)
    static func tagged(_ valueUs: UInt32, in distribution: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: distribution) << valueBits | valueUs
    }

    /// The second count is over; nil without values.
    func figures(of distribution: Int) -> ResponseFigures? {
        let values = ranks[distribution].map { value(at: $0, of: distribution) }
        guard let largest = values.last else { return nil }
        let count = counts[distribution]
        return ResponseFigures(
            count: count, meanUs: sumsUs[distribution] / Int64(count), p50Us: values[0], p95Us: values[1],
            p99Us: values[2], maxUs: largest)
    }

    private func value(at rank: Rank, of distribution: Int) -> Int64 {
        guard let cell = wanted[distribution].first(where: { $0.cell == rank.cell }) else {
            return Distributions.values(of: rank.cell).least
        }
        var lower = cell.place
        var before = 0
        while before + Int(lowers[lower]) < rank.inside {
            before += Int(lowers[lower])
            lower += 1
        }
        return Int64(cell.least) + Int64(lower - cell.place)
    }
}

extension Array where Element: FixedWidthInteger {
    /// Element by element, of lists of one length.
    mutating func add(_ others: [Element]) {
        precondition(others.count == count, "two lists of one length")
        for index in indices { self[index] += others[index] }
    }
}
