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
    /// By region: the totals of its good slots, in a list for each part that was counted.
    private var totals: [[TimeList]]
    /// The rest legs of all good slots, whose cells say which leg; lists as well.
    private var rests = [TimeList()]
    /// How often each byte stood at each of the four places, apart for each rest leg, because that is what says which
    /// legs the places are: `SlotCounter.byteCell`.
    private var byteCounts = [UInt32](repeating: 0, count: SlotCounter.byteCell(Leg.allCases.count, 0))
    private var failureCounts = [Int](repeating: 0, count: 256)
    /// By region.
    private var hours: [HourTally]
    private let meaningUs = LegByte.table

    init(regions count: Int) {
        sums = Array(repeating: Sums(), count: count)
        totals = Array(repeating: [TimeList()], count: count)
        hours = Array(repeating: HourTally(), count: count)
        times = Distributions(count: SlotScan.distribution(ofRegion: count))
        precondition(SlotScan.pooled * Distributions.cellCount <= UInt16.max, "a list of times tells the legs apart")
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
        day.count += Int64(counts.good)
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
        var lists = rests.map { (times: $0, distributions: [Int]?.none) }
        for number in totals.indices {
            let distributions = [SlotScan.distribution(ofRegion: number)] + (isPooled ? [SlotScan.pooled] : [])
            lists += totals[number].map { ($0, distributions) }
            for (us, count) in hours[number].times {
                for distribution in distributions { times.countLower(us, times: count, in: distribution) }
            }
        }
        let (times, restLegs) = (times, restLegs)
        let counts = cores.map(lists) { list in
            list.distributions.map { times.lowerCounts(of: list.times, in: $0) }
                ?? times.lowerCounts(ofMixed: list.times, in: restLegs)
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
        Leg.allCases.indices.filter { rest in
            // Each such slot has a byte at each place.
            byteCounts[SlotCounter.byteCell(rest, 0)..<SlotCounter.byteCell(rest, 1)].contains { $0 > 0 }
        }
    }

    private mutating func forEachLegByte(_ body: (inout Distributions, _ leg: Int, _ us: UInt32, Int) -> Void) {
        for rest in restLegs {
            for place in 0..<4 {
                for (byte, us) in meaningUs.enumerated() {
                    let count = SlotCounter.count(of: byte, rest, place, in: byteCounts)
                    if count > 0 { body(&times, place < rest ? place : place + 1, us, count) }
                }
            }
        }
    }

    /// The arrays change hands, so that the loop has them to itself.
    private mutating func countTimes(
        _ list: [Slot], _ elements: Range<Int>, states: [BarState], shift: Int, region number: Int
    ) -> SlotCounts {
        let own = SlotScan.distribution(ofRegion: number)
        var (uppers, byteCounts): ([UInt32], [UInt32]) = ([], [])
        var (totals, rests) = (TimeList(), TimeList())
        swap(&uppers, &times.uppers)
        swap(&byteCounts, &self.byteCounts)
        swap(&totals, &self.totals[number][0])
        swap(&rests, &self.rests[0])
        var counts = SlotCounts()
        totals.append(upTo: elements.count) { totals in
            rests.append(upTo: elements.count) { rests in
                uppers.withUnsafeMutableBufferPointer { cells in
                    byteCounts.withUnsafeMutableBufferPointer { byteCells in
                        counts = SlotCounter(
                            restCells: cells, totalCells: cells.extracting(Distributions.cells(of: own)),
                            byteCells: byteCells, totals: totals, rests: rests
                        ).count(
                            list.span.extracting(elements),
                            states.span.extracting(elements.lowerBound + shift..<elements.upperBound + shift),
                            meaningUs: meaningUs.span)
                    }
                }
                return counts.good
            }
            return counts.good
        }
        swap(&uppers, &times.uppers)
        swap(&byteCounts, &self.byteCounts)
        swap(&totals, &self.totals[number][0])
        swap(&rests, &self.rests[0])
        times.sumsUs[own] += counts.sumUs
        for leg in Leg.allCases.indices { times.sumsUs[leg] += counts.restSumsUs[leg] }
        return counts
    }
}
