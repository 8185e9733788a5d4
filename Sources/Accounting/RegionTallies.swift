import Vocabulary

/// What the samples of the window's slots add up to: by region, by leg, by cause and by day.
/// Source: docs/uptime.md, rules 9 and 13.
struct RegionTallies {
    let regions: [RegionFigures]
    let response: ResponseFigures?
    let legs: [ResponseFigures?]
    let failures: [CheckFigures.CauseCount]
    let hasGenerated: Bool
    /// One for each day cut.
    let days: [DayResponse]

    struct DayResponse: Hashable {
        var sumUs: Int64 = 0
        var count: Int64 = 0
        /// Rounded down; nil when there are no samples.
        var meanUs: Int64? { count > 0 ? sumUs / count : nil }
    }

    init(_ count: Count, cuts: [DayCut]) {
        var scan = SlotScan()
        var days = [DayResponse](repeating: DayResponse(), count: cuts.count)
        var regions: [RegionFigures] = []
        var lists: [[UInt32]] = []
        for region in RegionTallies.regions(of: count) {
            scan.beginRegion(slots: count.window.count)
            for (day, cut) in cuts.enumerated() {
                for (piece, part) in count.course.parts(of: cut.places) {
                    guard let index = piece.era.regions.firstIndex(of: region) else { continue }
                    scan.add(piece, region: index, part, states: count.states, &days[day])
                }
            }
            lists.append(scan.totalsUs)
            let response = Distribution(lists: [scan.totalsUs]).figures()
            regions.append(
                RegionFigures(
                    region: region, country: count.input.countries[region], sums: scan.sums, response: response))
        }
        self.regions = regions
        self.days = days
        response = regions.count == 1 ? regions[0].response : Distribution(lists: lists).figures()
        legs = scan.legs.figures()
        failures = scan.failures()
        hasGenerated = scan.marks.contains(.generated)
    }

    /// The regions of the configuration in its order, then those of older eras that owe a slot of the window.
    private static func regions(of count: Count) -> [String] {
        var names = count.input.check.regions
        for (piece, _) in count.course.parts(of: count.window).reversed() {
            for name in piece.era.regions where !names.contains(name) { names.append(name) }
        }
        return names
    }
}

/// Runs over stored slots. The hot path of every report: one pass, no allocation for a slot.
struct SlotScan {
    /// Of the present region.
    private(set) var sums = Sums()
    private(set) var totalsUs: [UInt32] = []
    /// Of all regions.
    private(set) var legs = LegTally()
    private(set) var marks: Slot.Marks = []
    private var failureCounts = [Int](repeating: 0, count: 256)
    private let meaningUs = LegByte.table

    mutating func beginRegion(slots: Int) {
        sums = Sums()
        totalsUs = []
        totalsUs.reserveCapacity(slots)
        legs.reserve(slots)
    }

    /// `part`: places of `piece`, all of one day.
    mutating func add(
        _ piece: Piece, region: Int, _ part: Range<Int>, states: [BarState], _ day: inout RegionTallies.DayResponse
    ) {
        let list = piece.stored[region]
        let slots = list.span.extracting(piece.elements(of: part))
        let states = states.span.extracting(part)
        let meanings = meaningUs
        let meaningUs = meanings.span
        var up: Int64 = 0
        var degraded: Int64 = 0
        var down: Int64 = 0
        var excluded: Int64 = 0
        var sumUs: Int64 = 0
        var seen: UInt8 = 0
        for index in slots.indices {
            let slot = slots[index]
            seen |= slot.marks.rawValue
            if states[index] == .excluded {
                excluded += 1
                continue
            }
            switch slot.verdict {
            case .unknown: continue
            case .down:
                down += 1
                failureCounts[Int(slot.cause.rawValue)] += 1
                continue
            case .up: up += 1
            case .degraded: degraded += 1
            }
            let totalUs = slot.totalUs
            totalsUs.append(totalUs)
            sumUs += Int64(totalUs)
            legs.add(slot, meaningUs: meaningUs)
        }
        marks.formUnion(Slot.Marks(rawValue: seen))
        day.sumUs += sumUs
        day.count += up + degraded
        let known = up + degraded + down
        sums += Sums(
            up: (up + degraded) * piece.era.periodNs, degraded: degraded * piece.era.periodNs,
            down: down * piece.era.periodNs, unknown: (Int64(part.count) - known - excluded) * piece.era.periodNs,
            excluded: excluded * piece.era.periodNs)
    }

    /// Most frequent first, then by name.
    func failures() -> [CheckFigures.CauseCount] {
        Cause.allCases.map { CheckFigures.CauseCount(cause: $0, count: failureCounts[Int($0.rawValue)]) }
            .filter { $0.count > 0 }
            .sorted { ($1.count, $0.cause.name) < ($0.count, $1.cause.name) }
    }
}
