import Vocabulary

/// The legs of many slots, as the slots keep them: four bytes with 256 meanings each, which are counted, and the rest
/// of the exact total, which is kept. Source: docs/ring-format.md.
struct LegTally {
    /// For each leg, how often each byte stood for it.
    private var byteCounts = [Int](repeating: 0, count: Leg.allCases.count * 256)
    /// Microseconds, with the leg's number in the three bits above them.
    private var rests: [UInt32] = []
    private let meaningUs = LegByte.table

    private static let legShift: UInt32 = 29
    private static let restMask: UInt32 = 1 << legShift - 1

    mutating func reserve(_ count: Int) { rests.reserveCapacity(rests.count + count) }

    /// Counts the legs of the good slots that count: for each what `SlotLegs.legs(totalUs:)` gives.
    /// The state of element `k` of `list` is `states[k + shift]`.
    mutating func add(_ list: [Slot], _ elements: Range<Int>, states: [BarState], shift: Int) {
        let meaningUs = self.meaningUs
        var counts = [Int]()
        swap(&counts, &byteCounts)
        rests.append(addingCapacity: elements.count) { rests in
            let slots = list.span
            let states = states.span
            let meanings = meaningUs.span
            var cells = counts.mutableSpan
            for element in elements {
                let slot = slots[element]
                let verdict = slot.verdictField
                guard verdict == Field.up || verdict == Field.degraded, states[element + shift] != .excluded else {
                    continue
                }
                let rest = slot.restLegField
                var bytes = slot.legBytesField
                var othersUs: UInt32 = 0
                for position in 0..<4 {
                    let leg = position < rest ? position : position + 1
                    let byte = Int(bytes & 0xff)
                    cells[leg << 8 | byte] += 1
                    othersUs &+= meanings[byte]
                    bytes >>= 8
                }
                let totalUs = slot.totalUsField
                rests.append(UInt32(rest) << LegTally.legShift | (totalUs > othersUs ? totalUs - othersUs : 0))
            }
        }
        swap(&counts, &byteCounts)
    }

    /// In the order of `Leg`; nil for each when no slot was counted.
    func figures() -> [ResponseFigures?] {
        var lists = [[UInt32]](repeating: [], count: Leg.allCases.count)
        for run in runsOfOneLeg() {
            lists[Int(rests[run.lowerBound] >> LegTally.legShift)] += rests[run].lazy.map { $0 & LegTally.restMask }
        }
        return Leg.allCases.map { leg in
            let number = Int(leg.rawValue)
            let counted = (0..<256).map { (valueUs: meaningUs[$0], count: byteCounts[number << 8 | $0]) }
            return Distribution(lists: [lists[number]], counted: counted).figures()
        }
    }

    /// A target mostly has the same longest leg for hours.
    private func runsOfOneLeg() -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var start = 0
        let rests = rests.span
        for index in rests.indices where rests[index] >> LegTally.legShift != rests[start] >> LegTally.legShift {
            runs.append(start..<index)
            start = index
        }
        if start < rests.count { runs.append(start..<rests.count) }
        return runs
    }
}
