import Vocabulary

/// The innermost loop of every report: counts what the slots of one region say in the arrays of a `SlotScan`. Sixteen
/// at a time where all are good and counted, nearly always; else one by one. Layout of a slot: docs/ring-format.md.
///
/// Unchecked: the lists have room for every slot that is counted, and there are as many states as slots, of one byte;
/// a total has 28 bits and a rest is no longer, so that their cells are under `Distributions.cellCount`; four legs of
/// the table's longest time are under 2^31; a rest leg is 0...4 (`restLegField`), and the bytes and their tables have
/// eight bits.
struct SlotCounter {
    /// The cells of all distributions, of which the legs' come first, and those of the region's own totals.
    let restCells: UnsafeMutableBufferPointer<UInt32>
    let totalCells: UnsafeMutableBufferPointer<UInt32>
    /// Index `byteCell`.
    let byteCells: UnsafeMutableBufferPointer<UInt32>
    /// For each good slot its total, and the time of its rest leg.
    let totals: TimeList.Room
    let rests: TimeList.Room

    private static let step = 16
    /// Of `Slot.word0`: the verdict and the rest leg.
    private static let sameBits: UInt64 = 3 << 22 | 7 << 42
    /// Eight states that are `excluded`, which alone has this bit.
    private static let excludedBits = 0x0101_0101_0101_0101 * UInt64(BarState.excluded.rawValue)

    /// `states`: of the same slots; `meaningUs`: of each byte of a leg.
    func count(_ slots: Span<Slot>, _ states: Span<BarState>, meaningUs: Span<UInt32>) -> SlotCounts {
        var counts = SlotCounts()
        var first = 0
        while first < slots.count {
            let end = min(first &+ SlotCounter.step, slots.count)
            if end &- first < SlotCounter.step || !countSixteen(slots, states, meaningUs, at: first, &counts) {
                for index in first..<end {
                    countOne(slots[unchecked: index], states[unchecked: index], meaningUs, &counts)
                }
            }
            first = end
        }
        return counts
    }

    private func countOne(_ slot: Slot, _ state: BarState, _ meaningUs: Span<UInt32>, _ counts: inout SlotCounts) {
        counts.marks |= slot.marksField
        guard slot.isGoodField, state != .excluded else {
            counts.add(state == .excluded ? SlotCounts.excluded : slot.verdictField)
            return
        }
        let (totalUs, rest) = (slot.totalUsField, slot.restLegField)
        var othersUs: UInt32 = 0
        for place in 0..<4 {
            let byte = slot.legByteField(place)
            byteCells[SlotCounter.byteCell(rest, place) + byte] &+= 1
            othersUs &+= meaningUs[unchecked: byte]
        }
        let restUs = totalUs > othersUs ? totalUs &- othersUs : 0
        let (totalCell, restCell) = (Distributions.cell(of: totalUs), Distributions.cell(of: restUs, in: rest))
        totals.us[counts.good] = totalUs
        totals.cells[counts.good] = UInt16(truncatingIfNeeded: totalCell)
        rests.us[counts.good] = restUs
        rests.cells[counts.good] = UInt16(truncatingIfNeeded: restCell)
        totalCells[totalCell] &+= 1
        restCells[restCell] &+= 1
        counts.sumUs &+= Int64(totalUs)
        counts.restSumsUs[rest] &+= Int64(restUs)
        counts.degraded &+= slot.verdictField == Field.degraded ? 1 : 0
        counts.good &+= 1
    }

    /// False, and nothing is counted, unless all are good in the same way, have the same rest leg, and none is
    /// excluded.
    @inline(__always)
    private func countSixteen(
        _ slots: Span<Slot>, _ states: Span<BarState>, _ meaningUs: Span<UInt32>, at place: Int,
        _ counts: inout SlotCounts
    ) -> Bool {
        let first = slots[unchecked: place]
        // The bits that are not the same in all.
        var differ = Slot.unwritten
        for index in 1..<SlotCounter.step {
            let slot = slots[unchecked: place &+ index]
            differ.word0 |= slot.word0 ^ first.word0
            differ.word1 |= slot.word1 ^ first.word1
        }
        let said =
            states.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place, as: UInt64.self)
            | states.bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: place &+ 8, as: UInt64.self)
        guard first.isGoodField, differ.word0 & SlotCounter.sameBits == 0, said & SlotCounter.excludedBits == 0 else {
            return false
        }
        counts.marks |= first.marksField | differ.marksField
        let rest = first.restLegField
        // A leg that takes as long in all of them is counted once: of many checks no name is resolved, no TLS spoken.
        var commonUs: UInt32 = 0
        var othersUs = InlineArray<16, UInt32>(repeating: 0)
        @inline(__always)
        func countLeg(_ leg: Int) {
            let cells = byteCells.baseAddress.unsafelyUnwrapped + SlotCounter.byteCell(rest, leg)
            guard differ.legByteField(leg) != 0 else {
                let byte = first.legByteField(leg)
                cells[byte] &+= UInt32(SlotCounter.step)
                commonUs &+= meaningUs[unchecked: byte]
                return
            }
            for four in stride(from: 0, to: SlotCounter.step, by: 4) {
                for turn in 0..<4 {
                    let byte = slots[unchecked: place &+ four &+ turn].legByteField(leg)
                    cells[turn &* 256 &+ byte] &+= 1
                    othersUs[unchecked: four &+ turn] &+= meaningUs[unchecked: byte]
                }
            }
        }
        countLeg(0)
        countLeg(1)
        countLeg(2)
        countLeg(3)
        // Of each lane four times of 28 bits are added up.
        var (sums, restSums) = (SIMD4<UInt32>.zero, SIMD4<UInt32>.zero)
        let (totals, rests) = (totals.after(counts.good), rests.after(counts.good))
        let restBegin = SIMD4(repeating: UInt32(truncatingIfNeeded: rest &* Distributions.cellCount))
        for four in stride(from: 0, to: SlotCounter.step, by: 4) {
            @inline(__always)
            func total(_ index: Int) -> UInt32 { slots[unchecked: place &+ four &+ index].totalUsField }
            @inline(__always)
            func others(_ index: Int) -> UInt32 { othersUs[unchecked: four &+ index] }
            let totalUs = SIMD4(total(0), total(1), total(2), total(3))
            let otherUs = SIMD4(others(0), others(1), others(2), others(3)) &+ SIMD4(repeating: commonUs)
            let isShort = SIMD4<Int32>(truncatingIfNeeded: totalUs) .< SIMD4<Int32>(truncatingIfNeeded: otherUs)
            let restUs = (totalUs &- otherUs).replacing(with: 0, where: isShort)
            sums &+= totalUs
            restSums &+= restUs
            let (totalCell, restCell) = (Distributions.cells(of: totalUs), Distributions.cells(of: restUs) &+ restBegin)
            totals.store(totalUs, totalCell, at: four)
            rests.store(restUs, restCell, at: four)
            for lane in 0..<4 {
                totalCells[Int(truncatingIfNeeded: totalCell[lane])] &+= 1
                restCells[Int(truncatingIfNeeded: restCell[lane])] &+= 1
            }
        }
        for lane in 0..<4 {
            counts.sumUs &+= Int64(sums[lane])
            counts.restSumsUs[rest] &+= Int64(restSums[lane])
        }
        counts.degraded &+= first.verdictField == Field.degraded ? Int64(SlotCounter.step) : 0
        counts.good &+= SlotCounter.step
        return true
    }

    /// Where the cells of a place begin: four times one for each byte, which the slots take by turns. They say the same
    /// over and over, and adding to a number that was just added to takes longer than all else.
    @inline(__always)
    static func byteCell(_ rest: Int, _ place: Int) -> Int { rest << 12 | place << 10 }

    /// How often a byte stood at a place, in all four turns.
    static func count(of byte: Int, _ rest: Int, _ place: Int, in cells: [UInt32]) -> Int {
        (0..<4).reduce(0) { $0 + Int(cells[byteCell(rest, place) + 256 * $1 + byte]) }
    }
}

extension TimeList.Room {
    @inline(__always)
    func after(_ count: Int) -> TimeList.Room { TimeList.Room(us: us + count, cells: cells + count) }

    @inline(__always)
    func store(_ timesUs: SIMD4<UInt32>, _ cells: SIMD4<UInt32>, at index: Int) {
        UnsafeMutableRawPointer(us + index).storeBytes(of: timesUs, as: SIMD4<UInt32>.self)
        UnsafeMutableRawPointer(self.cells + index)
            .storeBytes(of: SIMD4<UInt16>(truncatingIfNeeded: cells), as: SIMD4<UInt16>.self)
    }
}

/// How many slots said what; a verdict's number is its field's.
struct SlotCounts {
    /// Up and degraded.
    var good = 0
    var degraded: Int64 = 0
    private var unknown: Int64 = 0
    private(set) var down: Int64 = 0
    private var excluded: Int64 = 0
    /// All that occurred.
    var marks: UInt8 = 0
    /// Of the good ones.
    var sumUs: Int64 = 0
    /// Of their rest legs, by leg.
    var restSumsUs = InlineArray<5, Int64>(repeating: 0)

    /// One past the verdicts.
    static let excluded: UInt8 = 4

    /// A slot that is not counted as good.
    mutating func add(_ verdict: UInt8) {
        switch verdict {
        case Field.unknown: unknown += 1
        case Field.down: down += 1
        default: excluded += 1
        }
    }

    func sums(periodNs: Int64) -> Sums {
        Sums(
            up: Int64(good) * periodNs, degraded: degraded * periodNs, down: down * periodNs,
            unknown: unknown * periodNs, excluded: excluded * periodNs)
    }
}
