import Vocabulary

/// Several distributions of times side by side, with exact nearest-rank percentiles although nothing is sorted.
/// The values, 256 added, are counted by their nine leading bits, which tells in which cell each rank lies; then the
/// lower bits of the values in those few cells are counted. Short times have a cell each, and where the wanted ones all
/// do there is nothing more to count. Source: docs/uptime.md, rule 9.
///
/// The first count runs over slots in memory, so it works on the plain arrays (`SlotScan`).
struct Distributions {
    /// Values are under 2^29 us: a slot's total has 28 bits, and the longest time of a leg's byte is 346 s. So a cell's
    /// number is always under this.
    static let cellCount = 22 * 256
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
        let least: UInt32
        let size: UInt32
        /// Where its counts begin in `lowers`.
        let place: Int
    }

    init(count: Int) {
        uppers = Array(repeating: 0, count: count * Distributions.cellCount)
        sumsUs = Array(repeating: 0, count: count)
    }

    /// What is added to a value before its leading bits are taken, so that there are nine of them.
    private static let addend: UInt32 = 256

    /// The cell of a value in its distribution: a floating-point number keeps exponent and leading bits of a whole one.
    /// Four at a time, for the processor has no shift that is another one in each lane.
    @inline(__always)
    static func cells(of valuesUs: SIMD4<UInt32>) -> SIMD4<UInt32> {
        let whole = SIMD4<Int32>(truncatingIfNeeded: valuesUs &+ SIMD4(repeating: addend))
        // Where the tenth bit is none, nothing is rounded up into the nine.
        let cut = whole & ~(whole &>> 9)
        let bits = unsafeBitCast(SIMD4<Float>(cut), to: SIMD4<UInt32>.self) &>> 15
        return bits &- SIMD4(repeating: Float(addend).bitPattern >> 15)
    }

    @inline(__always)
    static func cell(of valueUs: UInt32) -> Int { Int(truncatingIfNeeded: cells(of: SIMD4(repeating: valueUs))[0]) }

    /// Index into `uppers`.
    @inline(__always)
    static func cell(of valueUs: UInt32, in distribution: Int) -> Int { distribution &* cellCount &+ cell(of: valueUs) }

    /// The values of a cell are `least ..< least + 1 << bits`.
    private static func values(of cell: Int) -> (least: Int64, bits: Int) {
        let bits = cell % cellCount / 256
        return (Int64(cell % 256 + 256) << Int64(bits) - Int64(addend), bits)
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

    private func count(of distribution: Int) -> Int {
        Distributions.cells(of: distribution).reduce(0) { $0 + Int(uppers[$1]) }
    }

    /// Indices into `uppers`.
    static func cells(of distribution: Int) -> Range<Int> {
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

    /// The second count of times that each belong to all of `distributions`; their cells are those of one.
    func lowerCounts(of times: TimeList, in distributions: [Int]) -> [UInt32] {
        lowerCounts(
            of: times,
            in: distributions.flatMap { wanted[$0] }.map { (UInt16($0.cell % Distributions.cellCount), $0) })
    }

    /// The second count of times of several distributions; their cells are indices into `uppers`.
    func lowerCounts(ofMixed times: TimeList, in distributions: [Int]) -> [UInt32] {
        lowerCounts(of: times, in: distributions.flatMap { wanted[$0] }.map { (UInt16($0.cell), $0) })
    }

    /// Few times lie in wanted cells: eight at a time are looked through for one.
    private func lowerCounts(of times: TimeList, in cells: [(number: UInt16, values: WantedCell)]) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: lowers.count)
        func add(_ index: Int) {
            for cell in cells where cell.number == times.cells[index] {
                counts[cell.values.place + Int(times.us[index] - cell.values.least)] += 1
            }
        }
        // Of regions alike many cells are the pooled ones'.
        let numbers = Set(cells.map(\.number)).map { SIMD8(repeating: $0) }
        let (bytes, spanned) = (times.cells.span.bytes, numbers.span)
        let whole = times.cells.count / 8 * 8
        for first in stride(from: 0, to: whole, by: 8) {
            // Unchecked: eight cells lie there.
            let eight = bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: 2 &* first, as: SIMD8<UInt16>.self)
            var isHit = SIMDMask<SIMD8<Int16>>(repeating: false)
            for place in spanned.indices { isHit .|= eight .== spanned[place] }
            let hits = unsafeBitCast(isHit, to: SIMD2<UInt64>.self)
            guard hits[0] | hits[1] != 0 else { continue }
            for half in 0..<2 {
                // Sixteen bits for each that is hit.
                var hits = hits[half]
                while hits != 0 {
                    let lane = hits.trailingZeroBitCount / 16
                    add(first + 4 * half + lane)
                    hits &= ~(0xffff << (16 * UInt64(lane)))
                }
            }
        }
        for index in whole..<times.cells.count { add(index) }
        return counts
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

/// Times as they were counted, for a second look at those near a percentile.
struct TimeList: Sendable {
    private(set) var us: [UInt32] = []
    /// Of each time: in its own distribution, or among the first eleven, whose cells have numbers of 16 bits.
    private(set) var cells: [UInt16] = []

    /// Room for times after those that are there.
    struct Room {
        let us: UnsafeMutablePointer<UInt32>
        let cells: UnsafeMutablePointer<UInt16>
    }

    mutating func reserveCapacity(_ count: Int) {
        us.reserveCapacity(count)
        cells.reserveCapacity(count)
    }

    /// `fill` writes up to `count` times and gives back how many.
    mutating func append(upTo count: Int, _ fill: (Room) -> Int) {
        guard count > 0 else { return }
        us.append(addingCapacity: count) { us in
            cells.append(addingCapacity: count) { cells in
                us.withUnsafeMutableBufferPointer { us, filled in
                    cells.withUnsafeMutableBufferPointer { cells, alsoFilled in
                        // Both have a base, for they have room.
                        filled = fill(
                            Room(us: us.baseAddress.unsafelyUnwrapped, cells: cells.baseAddress.unsafelyUnwrapped))
                        alsoFilled = filled
                    }
                }
            }
        }
    }
}

extension Array where Element: FixedWidthInteger {
    /// Element by element, of lists of one length.
    mutating func add(_ others: [Element]) {
        precondition(others.count == count, "two lists of one length")
        for index in indices { self[index] += others[index] }
    }
}
