/// A hierarchical timing wheel: at most one entry for each of `capacity` ids, each at a tick. Insertion and expiry cost
/// O(1), empty stretches are jumped over. Ticks are whatever the owner counts.
///
/// Level l holds the entries whose tick differs from the present one in byte l at the highest; a level has 256 lists.
/// When time enters a list of a higher level, its entries move down.
struct TimingWheel: Sendable {
    private static let levels = 6
    private static let none: Int32 = -1

    private(set) var tick: Int64
    /// The first tick at which `advance` has something to do: an entry's own, or the one at which entries move down.
    private(set) var nextTick: Int64?
    /// First id of each list, level by level.
    private var heads: [Int32]
    /// By id.
    private var entries: [Entry]
    /// A bit for each list that is not empty: four words a level.
    private var occupied: [UInt64]

    private struct Entry {
        var tick: Int64 = 0
        /// The id that follows in its list.
        var following = TimingWheel.none
    }

    init(capacity: Int, tick: Int64) {
        self.tick = tick
        heads = Array(repeating: Self.none, count: Self.levels * 256)
        entries = Array(repeating: Entry(), count: capacity)
        occupied = Array(repeating: 0, count: Self.levels * 4)
    }

    /// Enters `id`, which must not be in the wheel. A tick that has passed counts as the next one.
    mutating func insert(_ id: Int32, at wanted: Int64) {
        let at = max(wanted, tick + 1)
        let difference = UInt64(truncatingIfNeeded: at ^ tick)
        let level = (63 - difference.leadingZeroBitCount) / 8
        precondition(level < Self.levels, "a tick lies within 2^48 of the present one")
        put(id, at: at, level: level)
        let entered = (at >> Int64(8 * level)) << Int64(8 * level)
        nextTick = min(nextTick ?? entered, entered)
    }

    /// Moves to tick `target` and appends every id whose tick has come, in the order of the ticks.
    mutating func advance(to target: Int64, into expired: inout [Int32]) {
        while let next = nextTick, next <= target {
            tick = next
            if tick & 255 == 0 { descend() }
            var id = take(level: 0)
            while id != Self.none {
                expired.append(id)
                id = entries[Int(id)].following
            }
            nextTick = firstTick()
        }
        tick = max(tick, target)
    }

    /// Where time enters a list of a higher level, its entries move down.
    private mutating func descend() {
        for level in stride(from: Self.levels - 1, through: 1, by: -1)
        where tick & ((1 << Int64(8 * level)) - 1) == 0 {
            var id = take(level: level)
            while id != Self.none {
                let entry = entries[Int(id)]
                settle(id, at: entry.tick)
                id = entry.following
            }
        }
    }

    private func firstTick() -> Int64? {
        for level in 0..<Self.levels {
            let cell = Int(tick >> Int64(8 * level)) & 255
            guard let next = nextOccupied(level: level, after: cell) else { continue }
            let above = Int64(8 * (level + 1))
            return (tick >> above) << above | Int64(next) << Int64(8 * level)
        }
        return nil
    }

    /// Puts an entry of a higher level where it belongs now; one whose tick is the present one goes to level 0.
    private mutating func settle(_ id: Int32, at: Int64) {
        let difference = UInt64(truncatingIfNeeded: at ^ tick)
        let level = difference == 0 ? 0 : (63 - difference.leadingZeroBitCount) / 8
        put(id, at: at, level: level)
    }

    private mutating func put(_ id: Int32, at tick: Int64, level: Int) {
        let list = level * 256 + Int(tick >> Int64(8 * level)) & 255
        entries[Int(id)] = Entry(tick: tick, following: heads[list])
        heads[list] = id
        occupied[list >> 6] |= 1 << UInt64(list & 63)
    }

    /// Empties the list of the present tick at `level` and gives its first id.
    private mutating func take(level: Int) -> Int32 {
        let list = level * 256 + Int(tick >> Int64(8 * level)) & 255
        let head = heads[list]
        guard head != Self.none else { return head }
        heads[list] = Self.none
        occupied[list >> 6] &= ~(1 << UInt64(list & 63))
        return head
    }

    private func nextOccupied(level: Int, after cell: Int) -> Int? {
        var from = cell + 1
        while from < 256 {
            let word = occupied[level * 4 + from >> 6] >> UInt64(from & 63)
            if word != 0 { return from + word.trailingZeroBitCount }
            from = (from | 63) + 1
        }
        return nil
    }
}
