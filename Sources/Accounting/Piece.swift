import Vocabulary

/// A run of one era's slots inside a course.
struct Piece: Sendable {
    let era: Era
    /// Numbers in the era's grid.
    let slots: Range<Int64>
    /// Where they lie in the course.
    let places: Range<Int>
    /// A list for each region of the era, in its order; the slot at the first place is element `offset`.
    /// Empty where only the verdicts are left.
    let stored: [[Slot]]
    /// The votes where the slots are gone, the first place's at element `offset`; nil where they stand.
    let verdicts: [VerdictCell]?
    let offset: Int

    init(_ extent: Extent, first: Int) {
        era = extent.era
        slots = extent.slots
        places = first..<first + extent.slots.count
        (stored, verdicts, offset) = extent.stored()
    }

    /// The slots are gone, and their verdicts are left.
    var isSummary: Bool { verdicts != nil }

    func appendVotes(to votes: inout [VerdictCell]) {
        if let verdicts {
            votes += verdicts[offset..<offset + places.count]
        } else {
            VoteCounter(vote: era.vote).append(stored, from: offset, places.count, to: &votes)
        }
    }

    func slotNumber(at place: Int) -> Int64 { slots.lowerBound + Int64(place - places.lowerBound) }
    func start(of place: Int) -> Instant { era.grid.start(of: slotNumber(at: place)) }
    func end(of place: Int) -> Instant { era.grid.start(of: slotNumber(at: place) + 1) }

    /// When the sample that `slot` keeps really started.
    func sampleStart(_ slot: Slot, at place: Int) -> Instant {
        era.grid.instant(slot: slotNumber(at: place), startUnits: slot.startUnits)
    }

    /// `unwritten` where it is gone.
    func slot(region: Int, at place: Int) -> Slot {
        isSummary ? .unwritten : stored[region][offset + place - places.lowerBound]
    }

    /// Elements of `stored` for `part` of the places.
    func elements(of part: Range<Int>) -> Range<Int> {
        let shift = offset - places.lowerBound
        return part.lowerBound + shift..<part.upperBound + shift
    }

    func places(startingIn interval: Interval) -> Range<Int> {
        // Clamped first, so that an interval without an end (a pause that goes on) cannot overflow.
        let whole = Interval(start: era.grid.start(of: slots.lowerBound), end: era.grid.start(of: slots.upperBound))
        let inside = era.grid.slots(in: interval.clamped(to: whole)).clamped(to: slots)
        let first = places.lowerBound + Int(inside.lowerBound - slots.lowerBound)
        return first..<first + inside.count
    }
}
