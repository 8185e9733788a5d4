import Vocabulary

/// Runs over stored slots and adds up what their samples say; the hot path of every report. Where the slots are gone
/// their hours are added. Source: docs/uptime.md, rule 9.
///
/// A slot keeps four legs as bytes with 256 meanings each, which are counted, and the fifth as the rest of the exact
/// total. Source: docs/ring-format.md.
struct SlotScan {
    // Numbers of the distributions: the legs' own come first.
    private static let pooled = Leg.allCases.count
    private static func distribution(ofRegion number: Int) -> Int { pooled + 1 + number }

    /// By region: its own verdicts, in nanoseconds.
    private(set) var sums: [Sums]
    private(set) var hasGenerated = false
    private var times: Distributions
    /// By region: the totals of its good slots, in microseconds, in a list for each part that was counted.
    private var totals: [[[UInt32]]]
    /// The rest legs of all good slots, tagged by their legs; lists as well.
    private var rests: [[UInt32]] = [[]]
    /// How often each byte stood at each of the four places, apart for each rest leg, because that is what says which
    /// legs the places are: index `(rest * 4 + place) * 256 + byte`.
    private var byteCounts = [UInt32](repeating: 0, count: Leg.allCases.count * 4 * 256)
    private var failureCounts = [Int](repeating: 0, count: 256)
    /// By region.
    private var hours: [HourTally]
    private let meaningUs = LegByte.table

    init(regions count: Int) {
        sums = Array(repeating: Sums(), count: count)
        totals = Array(repeating: [[]], count: count)
        hours = Array(repeating: HourTally(), count: count)
        times = Distributions(count: SlotScan.distribution(ofRegion: count))
    }

    /// Makes room for that many good slots of each region; before they are counted.
    mutating func reserve(_ count: Int) {
        for number in totals.indices { totals[number][0].reserveCapacity(count) }
        rests[0].reserveCapacity(count * totals.count)
    }

    /// Adds what a scan of other slots of the same regions has counted, before either is finished.
    mutating func add(_ other: SlotScan) {
        for number in sums.indices {
            sums[number] += other.sums[number]
            totals[number] += other.totals[number]
            hours[number].add(other.hours[number])
        }
        hasGenerated = hasGenerated || other.hasGenerated
        times.add(other.times)
        rests += other.rests
        byteCounts.add(other.byteCounts)
        failureCounts.add(other.failureCounts)
    }

    /// `part`: places of `piece`, all of one day, where the region has number `region`; `states`: of the whole course;
    /// `number`: of the region in this scan.
    mutating func count(
        _ piece: Piece, region: Int, as number: Int, _ part: Range<Int>, states: [BarState],
        _ day: inout RegionTallies.DayResponse
    ) {
        let list = piece.stored[region]
        let elements = piece.elements(of: part)
        let shift = part.lowerBound - elements.lowerBound
        let counts = countTimes(list, elements, states: states, shift: shift, region: number)
        hasGenerated = hasGenerated || counts.marks & Field.generated != 0
        if counts.down > 0 {
            for element in elements where list[element].verdictField == Field.down {
                if states[element + shift] != .excluded { failureCounts[list[element].causeField] += 1 }
            }
        }
        day.sumUs += counts.sumUs
        day.count += counts.good
        sums[number] += counts.sums(periodNs: piece.era.periodNs)
    }

    /// The same of slots that are gone, by the hours of their region, oldest first.
    mutating func count(
        _ hours: [HourSummary], _ piece: Piece, as number: Int, _ part: Range<Int>, states: [BarState], birth: Instant,
        _ day: inout RegionTallies.DayResponse
    ) {
        let share = HourTally.Share(piece: piece, part: part, states: states, birth: birth)
        let added = self.hours[number].add(hours, share)
        day.sumUs += added.sumUs
        day.count += added.good
        sums[number] += added.sums
    }

    /// Everything has been counted.
    mutating func finish(_ cores: any Cores) {
        for number in hours.indices {
            let own = SlotScan.distribution(ofRegion: number)
            // Their sum is known, and not that of the times that stand for them.
            let sumUs = times.sumsUs[own] + hours[number].sumUs
            for (us, count) in hours[number].times { times.countUpper(us, times: count, in: own) }
            times.sumsUs[own] = sumUs
        }
        let regions = SlotScan.distribution(ofRegion: 0)..<SlotScan.distribution(ofRegion: sums.count)
        // Of a single region the pooled figures are its own.
        let isPooled = sums.count > 1
        if isPooled { times.pool(regions, into: SlotScan.pooled) }
        forEachLegByte { times, leg, us, count in times.countUpper(us, times: count, in: leg) }
        guard times.select() else { return }
        forEachLegByte { times, leg, us, count in times.countLower(us, times: count, in: leg) }
        var lists = rests.map { (values: $0, distributions: [Int]?.none) }
        for number in totals.indices {
            let distributions = [SlotScan.distribution(ofRegion: number)] + (isPooled ? [SlotScan.pooled] : [])
            lists += totals[number].map { ($0, distributions) }
            for (us, count) in hours[number].times {
                for distribution in distributions { times.countLower(us, times: count, in: distribution) }
            }
        }
        let (times, restLegs) = (times, restLegs)
        let counts = cores.map(lists) { list in
            list.distributions.map { times.lowerCounts(of: list.values, in: $0) }
                ?? times.lowerCounts(ofTagged: list.values, in: restLegs)
        }
        for part in counts { self.times.addLower(part) }
    }

    // MARK: Finished

    /// Response times of a region.
    func response(ofRegion number: Int) -> ResponseFigures? {
        times.figures(of: SlotScan.distribution(ofRegion: number))
    }

    /// Of all regions together.
    var response: ResponseFigures? { sums.count == 1 ? response(ofRegion: 0) : times.figures(of: SlotScan.pooled) }

    /// In the order of `Leg`.
    var legs: [ResponseFigures?] { Leg.allCases.map { times.figures(of: Int($0.rawValue)) } }

    /// Most frequent first, then by name.
    func failures() -> [CheckFigures.CauseCount] {
        var counts: [Cause: Int] = [:]
        // A number this version does not know is told as a fault of its own: `Slot.cause` says the same.
        for (number, count) in failureCounts.enumerated() where count > 0 {
            counts[Cause(rawValue: UInt8(number)) ?? .internalFault, default: 0] += count
        }
        return counts.map { CheckFigures.CauseCount(cause: $0.key, count: $0.value) }
            .sorted { ($1.count, $0.cause.name) < ($0.count, $1.cause.name) }
    }

    /// The legs that were some slot's rest.
    private var restLegs: [Int] {
        Leg.allCases.indices.filter { leg in byteCounts[leg << 10..<(leg + 1) << 10].contains { $0 > 0 } }
    }

    private mutating func forEachLegByte(_ body: (inout Distributions, _ leg: Int, _ us: UInt32, Int) -> Void) {
        for (cell, count) in byteCounts.enumerated() where count > 0 {
            let (rest, place) = (cell >> 10, cell >> 8 & 3)
            body(&times, place < rest ? place : place + 1, meaningUs[cell & 0xff], Int(count))
        }
    }

    /// The arrays change hands, so that the loop has them to itself.
    ///
    /// Unchecked: the lists have room for every element; a time has 28 bits, or is one of the leg table's and less than
    /// the total, so that `cell` is under `cellCount`; a rest leg is 0...4 (`restLegField`), and the bytes and their
    /// tables have eight bits.
    private mutating func countTimes(
        _ list: [Slot], _ elements: Range<Int>, states: [BarState], shift: Int, region number: Int
    ) -> SlotCounts {
        let own = SlotScan.distribution(ofRegion: number)
        let meaningUs = self.meaningUs
        var (uppers, byteCounts, sumsUs): ([UInt32], [UInt32], [Int64]) = ([], [], [])
        var (ownTotals, allRests): ([UInt32], [UInt32]) = ([], [])
        swap(&uppers, &times.uppers)
        swap(&sumsUs, &times.sumsUs)
        swap(&byteCounts, &self.byteCounts)
        swap(&ownTotals, &totals[number][0])
        swap(&allRests, &rests[0])
        var counts = SlotCounts()
        ownTotals.append(addingCapacity: elements.count) { totals in
            allRests.append(addingCapacity: elements.count) { rests in
                totals.withUnsafeMutableBufferPointer { totals, totalCount in
                    rests.withUnsafeMutableBufferPointer { rests, restCount in
                        let slots = list.span.extracting(elements)
                        let states = states.span.extracting(elements.lowerBound + shift..<elements.upperBound + shift)
                        let meanings = meaningUs.span
                        var cells = uppers.mutableSpan
                        var byteCells = byteCounts.mutableSpan
                        var restSums = sumsUs.mutableSpan
                        // Apart from `counts`, so that they stay in registers.
                        var (good, degraded, sumUs, marks): (Int, Int64, Int64, UInt8) = (0, 0, 0, 0)
                        for element in slots.indices {
                            let slot = slots[unchecked: element]
                            marks |= slot.marksField
                            let isExcluded = states[unchecked: element] == .excluded
                            guard slot.isGoodField, !isExcluded else {
                                counts.add(isExcluded ? SlotCounts.excluded : slot.verdictField)
                                continue
                            }
                            degraded &+= slot.verdictField == Field.degraded ? 1 : 0
                            let totalUs = slot.totalUsField
                            sumUs &+= Int64(totalUs)
                            cells[unchecked: Distributions.cell(of: totalUs, in: own)] &+= 1
                            totals[good] = totalUs
                            let rest = slot.restLegField
                            let bytes = Int(slot.legBytesField)
                            let (byte0, byte1, byte2, byte3) = (
                                bytes & 255, bytes >> 8 & 255, bytes >> 16 & 255, bytes >> 24
                            )
                            byteCells[unchecked: rest << 10 | byte0] &+= 1
                            byteCells[unchecked: rest << 10 | 1 << 8 | byte1] &+= 1
                            byteCells[unchecked: rest << 10 | 2 << 8 | byte2] &+= 1
                            byteCells[unchecked: rest << 10 | 3 << 8 | byte3] &+= 1
                            let othersUs =
                                meanings[unchecked: byte0] &+ meanings[unchecked: byte1]
                                &+ meanings[unchecked: byte2] &+ meanings[unchecked: byte3]
                            let restUs = totalUs > othersUs ? totalUs &- othersUs : 0
                            cells[unchecked: Distributions.cell(of: restUs, in: rest)] &+= 1
                            rests[good] = Distributions.tagged(restUs, in: rest)
                            restSums[unchecked: rest] &+= Int64(restUs)
                            good &+= 1
                        }
                        (counts.good, counts.degraded, counts.sumUs, counts.marks) = (
                            Int64(good), degraded, sumUs, marks
                        )
                        restSums[own] &+= sumUs
                        (totalCount, restCount) = (good, good)
                    }
                }
            }
        }
        swap(&uppers, &times.uppers)
        swap(&sumsUs, &times.sumsUs)
        swap(&byteCounts, &self.byteCounts)
        swap(&ownTotals, &totals[number][0])
        swap(&allRests, &rests[0])
        return counts
    }
}

/// How many slots said what; a verdict's number is its field's.
private struct SlotCounts {
    /// Up and degraded.
    var good: Int64 = 0
    var degraded: Int64 = 0
    private var unknown: Int64 = 0
    private(set) var down: Int64 = 0
    private var excluded: Int64 = 0
    /// All that occurred.
    var marks: UInt8 = 0
    /// Of the good ones.
    var sumUs: Int64 = 0

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
            up: good * periodNs, degraded: degraded * periodNs, down: down * periodNs, unknown: unknown * periodNs,
            excluded: excluded * periodNs)
    }
}
