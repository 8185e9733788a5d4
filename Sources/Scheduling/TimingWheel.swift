/// A hierarchical timing wheel: at most one entry for each of `capacity` ids, each at a tick. Insertion and expiry cost
/// O(1), empty stretches are jumped over. Ticks are whatever the owner counts.
///
/// Level l holds the entries whose tick differs from the present one in byte l at the highest; a level has 256 lists.
/// When time enters what a list of a higher level stands for, its entries move down.
struct TimingWheel: Sendable {
    private static var levels: Int { 6 }
    private static var lists: Int { levels * 256 }
    private static var none: Int32 { -1 }

    private(set) var tick: Int64
    /// The first tick of an entry.
    private(set) var nextTick: Int64?
    /// The lists, level by level, of which only `following` is used: the first id; after them the entries by id.
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
        entries = Array(repeating: Entry(), count: Self.lists + capacity)
        occupied = Array(repeating: 0, count: Self.levels * 4)
    }

    /// Enters `id`, which must not be in the wheel. A tick that has passed counts as the next one.
    mutating func insert(_ id: Int32, at wanted: Int64) {
        let at = max(wanted, tick + 1)
        let difference = UInt64(truncatingIfNeeded: at ^ tick)
        let level = (63 - difference.leadingZeroBitCount) / 8
        precondition(level < Self.levels, "a tick lies within 2^48 of the present one")
        put(id, at: at, level: level)
        nextTick = min(nextTick ?? at, at)
    }

    /// Moves to tick `target` and appends every id whose tick has come, in the order of the ticks.
    mutating func advance(to target: Int64, into expired: inout [Int32]) {
        while let next = nextTick, next <= target {
            move(to: next, into: &expired)
            var id = take(level: 0)
            while id != Self.none {
                expired.append(id)
                id = entries[Self.lists + Int(id)].following
            }
            nextTick = firstTick()
        }
        move(to: max(tick, target), into: &expired)
    }

    /// No entry is due before `new`. The lists that time enters move down; those below them are empty.
    private mutating func move(to new: Int64, into expired: inout [Int32]) {
        let changed = UInt64(truncatingIfNeeded: new ^ tick)
        tick = new
        guard changed > 255 else { return }
        for level in stride(from: (63 - changed.leadingZeroBitCount) / 8, through: 1, by: -1) {
            var id = take(level: level)
            while id != Self.none {
                let entry = entries[Self.lists + Int(id)]
                let difference = UInt64(truncatingIfNeeded: entry.tick ^ tick)
                if difference == 0 {
                    expired.append(id)
                } else {
                    put(id, at: entry.tick, level: (63 - difference.leadingZeroBitCount) / 8)
                }
                id = entry.following
            }
        }
    }

    /// O(entries of the first list) where that is not of the lowest level.
    private func firstTick() -> Int64? {
        for level in 0..<Self.levels {
            let cell = Int(tick >> Int64(8 * level)) & 255
            guard let next = nextOccupied(level: level, after: cell) else { continue }
            if level == 0 { return tick & ~255 | Int64(next) }
            var id = entries[level * 256 + next].following
            var first = entries[Self.lists + Int(id)].tick
            while id != Self.none {
                first = min(first, entries[Self.lists + Int(id)].tick)
                id = entries[Self.lists + Int(id)].following
            }
            return first
        }
        return nil
    }

    private mutating func put(_ id: Int32, at tick: Int64, level: Int) {
        let list = level * 256 + Int(tick >> Int64(8 * level)) & 255
        entries[Self.lists + Int(id)] = Entry(tick: tick, following: entries[list].following)
        entries[list].following = id
        occupied[list >> 6] |= 1 << UInt64(list & 63)
    }

    /// Empties the list of the present tick at `level` and gives its first id.
    private mutating func take(level: Int) -> Int32 {
        let list = level * 256 + Int(tick >> Int64(8 * level)) & 255
        let head = entries[list].following
        guard head != Self.none else { return head }
        entries[list].following = Self.none
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
