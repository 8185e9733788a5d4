import Vocabulary

/// The legs of many slots, as the slots keep them: four bytes with 256 meanings each, which are counted, and the rest
/// of the exact total, which is kept.
struct LegTally {
    /// For each leg, how often each byte stood for it.
    private var byteCounts = [Int](repeating: 0, count: Leg.allCases.count * 256)
    /// Microseconds, with the leg's number in the three bits above them.
    private var rests: [UInt32] = []

    private static let meaningUs = LegByte.table
    private static let legShift: UInt32 = 29

    mutating func reserve(_ count: Int) { rests.reserveCapacity(count) }

    /// Counts the legs of one slot; what `SlotLegs.legs(totalUs:)` gives.
    @inline(__always)
    mutating func add(_ slot: Slot, meaningUs: borrowing Span<UInt32>) {
        let rest = Int(slot.restLeg.rawValue)
        var bytes = slot.legBytes
        var othersUs: UInt32 = 0
        for position in 0..<4 {
            let leg = position < rest ? position : position + 1
            let byte = Int(bytes & 0xff)
            byteCounts[leg << 8 | byte] += 1
            othersUs &+= meaningUs[byte]
            bytes >>= 8
        }
        let totalUs = slot.totalUs
        rests.append(UInt32(rest) << LegTally.legShift | (totalUs > othersUs ? totalUs - othersUs : 0))
    }

    /// In the order of `Leg`; nil for each when no slot was counted.
    func figures() -> [ResponseFigures?] {
        var lists = [[UInt32]](repeating: [], count: Leg.allCases.count)
        for rest in rests { lists[Int(rest >> LegTally.legShift)].append(rest & (1 << LegTally.legShift - 1)) }
        return Leg.allCases.map { leg in
            let first = Int(leg.rawValue) << 8
            let counted = (0..<256).map { (valueUs: LegTally.meaningUs[$0], count: byteCounts[first + $0]) }
            return Distribution(lists: [lists[Int(leg.rawValue)]], counted: counted).figures()
        }
    }
}
