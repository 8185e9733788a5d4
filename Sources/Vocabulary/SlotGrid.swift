/// The cells of a period, anchored at the epoch: cell k is `[k * period, (k + 1) * period)`.
@usableFromInline package struct SlotGrid: Hashable, Sendable {
    @usableFromInline package let periodNs: Int64

    @inlinable package init(periodNs: Int64) {
        precondition(periodNs > 0, "a period is positive")
        self.periodNs = periodNs
    }

    @inlinable package func slot(at instant: Instant) -> Int64 { floorDivide(instant.nanoseconds, periodNs) }
    @inlinable package func start(of slot: Int64) -> Instant { Instant(nanoseconds: slot * periodNs) }
    /// The first slot that starts at or after `instant`.
    @inlinable package func firstSlot(from instant: Instant) -> Int64 { -floorDivide(-instant.nanoseconds, periodNs) }
    package func interval(of slot: Int64) -> Interval { Interval(start: start(of: slot), end: start(of: slot + 1)) }

    /// The slots whose start lies in `interval`.
    package func slots(in interval: Interval) -> Range<Int64> {
        let first = firstSlot(from: interval.start)
        return first..<max(first, firstSlot(from: interval.end))
    }

    /// Up to 8 minutes (and a little over) a slot keeps its start in milliseconds, else in 2^19ths of the period.
    private var keepsMilliseconds: Bool { periodNs <= (1 << 19) * Duration.millisecondNs }

    /// An instant of `slot` as the slot keeps it, rounded down.
    package func startUnits(of instant: Instant, in slot: Int64) -> UInt32 {
        let offsetNs = instant - start(of: slot)
        if keepsMilliseconds { return UInt32(offsetNs / Duration.millisecondNs) }
        return UInt32(SlotGrid.scaled(offsetNs, by: 1 << 19, over: periodNs))
    }

    /// The instant a slot kept: within one unit before the real one; packing it again gives the same units.
    package func instant(slot: Int64, startUnits: UInt32) -> Instant {
        let units = Int64(startUnits)
        if keepsMilliseconds { return start(of: slot) + units * Duration.millisecondNs }
        // Rounded up, the least offset that has these units.
        return start(of: slot) - SlotGrid.scaled(-units, by: periodNs, over: 1 << 19)
    }

    /// floor(number x factor / divisor), for a product that may need more than 64 bits: a day has 2^47 ns.
    private static func scaled(_ number: Int64, by factor: Int64, over divisor: Int64) -> Int64 {
        let (quotient, remainder) = divisor.dividingFullWidth(number.multipliedFullWidth(by: factor))
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// A stretch of a check's life with one period, vote and set of regions.
/// Sequence numbers count a check's slots across its eras without a gap: they are the places in its rings.
package struct Era: Hashable, Sendable {
    /// The start of its first slot. The first era reaches back before it, to the birth.
    package let from: Instant
    package let periodNs: Int64
    package let vote: Vote
    /// Region names, in the order of the configuration.
    package let regions: [String]
    /// The sequence number of the slot that starts at `from`.
    package let firstSequence: Int64

    package init(from: Instant, periodNs: Int64, vote: Vote, regions: [String], firstSequence: Int64) {
        self.from = from
        self.periodNs = periodNs
        self.vote = vote
        self.regions = regions
        self.firstSequence = firstSequence
    }

    package var grid: SlotGrid { SlotGrid(periodNs: periodNs) }
    package var firstSlot: Int64 { grid.slot(at: from) }
    package func sequence(slot: Int64) -> Int64 { firstSequence + (slot - firstSlot) }
    package func slot(sequence: Int64) -> Int64 { firstSlot + (sequence - firstSequence) }
}
