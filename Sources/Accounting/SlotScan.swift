import Vocabulary

/// Runs over stored slots and adds up what their samples say. The hot path of every report: two passes over words in
/// memory, nothing allocated for a slot. Source: docs/uptime.md, rule 9.
struct SlotScan {
    /// Of the present region: its own verdicts, in nanoseconds.
    private(set) var sums = Sums()
    /// Of the present region: response times of the good samples that count, in microseconds.
    private(set) var totalsUs: [UInt32] = []
    /// Of all regions.
    private(set) var legs = LegTally()
    private(set) var hasGenerated = false
    private var failureCounts = [Int](repeating: 0, count: 256)

    /// `slots`: how many the region has at most.
    mutating func beginRegion(slots: Int) {
        sums = Sums()
        totalsUs = []
        totalsUs.reserveCapacity(slots)
        legs.reserve(slots)
    }

    /// `part`: places of `piece`, all of one day. `states`: of the whole course.
    mutating func add(
        _ piece: Piece, region: Int, _ part: Range<Int>, states: [BarState], _ day: inout RegionTallies.DayResponse
    ) {
        let list = piece.stored[region]
        let elements = piece.elements(of: part)
        let shift = part.lowerBound - elements.lowerBound
        var counts = SlotCounts()
        var marks: UInt8 = 0
        totalsUs.append(addingCapacity: part.count) { totals in
            let slots = list.span
            let states = states.span
            for element in elements {
                let slot = slots[element]
                marks |= slot.marksField
                let verdict = states[element + shift] == .excluded ? SlotCounts.excluded : slot.verdictField
                counts.add(verdict)
                guard verdict == Field.up || verdict == Field.degraded else { continue }
                counts.sumUs += Int64(slot.totalUsField)
                totals.append(slot.totalUsField)
            }
        }
        hasGenerated = hasGenerated || marks & Field.generated != 0
        legs.add(list, elements, states: states, shift: shift)
        if counts.down > 0 {
            for element in elements where list[element].verdictField == Field.down {
                if states[element + shift] != .excluded { failureCounts[list[element].causeField] += 1 }
            }
        }
        day.sumUs += counts.sumUs
        day.count += counts.up + counts.degraded
        sums += counts.sums(periodNs: piece.era.periodNs)
    }

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
}

/// How many slots said what; a verdict's number is its field's.
private struct SlotCounts {
    private var unknown: Int64 = 0
    private(set) var up: Int64 = 0
    private(set) var degraded: Int64 = 0
    private(set) var down: Int64 = 0
    private var excluded: Int64 = 0
    var sumUs: Int64 = 0

    /// One past the verdicts.
    static let excluded: UInt8 = 4

    @inline(__always)
    mutating func add(_ verdict: UInt8) {
        switch verdict {
        case Field.unknown: unknown += 1
        case Field.up: up += 1
        case Field.degraded: degraded += 1
        case Field.down: down += 1
        default: excluded += 1
        }
    }

    func sums(periodNs: Int64) -> Sums {
        Sums(
            up: (up + degraded) * periodNs, degraded: degraded * periodNs, down: down * periodNs,
            unknown: unknown * periodNs, excluded: excluded * periodNs)
    }
}
