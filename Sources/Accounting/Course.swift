import Vocabulary

/// The slots of one check in the order of time, era after era, with the vote on each: the ground that every figure
/// stands on. Slots have places 0, 1, 2, … across the eras.
struct Course: Sendable {
    let pieces: [Piece]
    /// One for each slot.
    let votes: [VotedSlot]

    /// The settled slots since the birth, as loaded. Source: docs/uptime.md, rules 1, 2, 4 and 13.
    init(settledOf input: CountingInput) {
        guard let birth = input.history.birth else {
            self.init(pieces: [])
            return
        }
        let extents = Extent.all(of: input).map { extent in
            let born = max(extent.slots.lowerBound, extent.era.grid.firstSlot(from: birth))
            return extent.limited(to: born..<max(born, extent.firstUnsettled(input)))
        }
        self.init(pieces: Course.pieces(extents))
    }

    private init(pieces: [Piece]) {
        self.pieces = pieces
        var votes: [VotedSlot] = []
        votes.reserveCapacity(pieces.last?.places.upperBound ?? 0)
        for piece in pieces { piece.appendVotes(to: &votes) }
        self.votes = votes
    }

    private static func pieces(_ extents: [Extent]) -> [Piece] {
        var pieces: [Piece] = []
        var first = 0
        for extent in extents where !extent.slots.isEmpty {
            pieces.append(Piece(extent, first: first))
            first += extent.slots.count
        }
        return pieces
    }

    var places: Range<Int> { votes.indices }

    func piece(at place: Int) -> Piece {
        guard let piece = pieces.last(where: { $0.places.lowerBound <= place }) else {
            preconditionFailure("a place of an empty course")
        }
        return piece
    }

    func start(of place: Int) -> Instant { piece(at: place).start(of: place) }

    /// Start of the first and end of the last slot; empty for no places.
    func interval(of places: Range<Int>) -> Interval {
        guard let last = places.last else { return Interval(start: Instant(seconds: 0), end: Instant(seconds: 0)) }
        return Interval(start: start(of: places.lowerBound), end: piece(at: last).end(of: last))
    }

    /// The slots whose start lies in `interval`, whatever the era.
    func places(startingIn interval: Interval) -> Range<Int> {
        var joined: Range<Int>?
        for piece in pieces {
            let places = piece.places(startingIn: interval)
            guard !places.isEmpty else { continue }
            joined = (joined?.lowerBound ?? places.lowerBound)..<places.upperBound
        }
        return joined ?? 0..<0
    }

    /// `places` cut at the eras' edges, each with its piece.
    func parts(of places: Range<Int>) -> [(piece: Piece, places: Range<Int>)] {
        pieces.compactMap { piece in
            let part = places.clamped(to: piece.places)
            return part.isEmpty ? nil : (piece, part)
        }
    }

    /// What the slots at `places` weigh together. Source: docs/uptime.md, rule 4.
    func nanoseconds(of places: Range<Int>) -> Int64 {
        parts(of: places).reduce(0) { $0 + Int64($1.places.count) * $1.piece.era.periodNs }
    }
}

/// A run of one era's slots inside a course.
struct Piece: Sendable {
    let era: Era
    /// Numbers in the era's grid.
    let slots: Range<Int64>
    /// Where they lie in the course.
    let places: Range<Int>
    /// A list for each region of the era, in its order; the slot at the first place is element `offset`.
    let stored: [[Slot]]
    let offset: Int

    init(_ extent: Extent, first: Int) {
        era = extent.era
        slots = extent.slots
        places = first..<first + extent.slots.count
        (stored, offset) = extent.stored()
    }

    func slotNumber(at place: Int) -> Int64 { slots.lowerBound + Int64(place - places.lowerBound) }
    func start(of place: Int) -> Instant { era.grid.start(of: slotNumber(at: place)) }
    func end(of place: Int) -> Instant { era.grid.start(of: slotNumber(at: place) + 1) }

    func slot(region: Int, at place: Int) -> Slot { stored[region][offset + place - places.lowerBound] }

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

/// Which slots a stretch of the history stands for. Where the store had nothing it goes on to the edges of the window
/// and to the next era, so that no gap vanishes from the sums.
struct Extent {
    let era: Era
    let slots: Range<Int64>
    let stretch: History.Stretch

    static func all(of input: CountingInput) -> [Extent] {
        let stretches = input.history.stretches.isEmpty ? [unstored(input)] : input.history.stretches
        return stretches.indices.map { index in
            let stretch = stretches[index]
            let grid = stretch.era.grid
            var lower = stretch.firstSlot
            if index == 0 { lower = min(lower, grid.firstSlot(from: input.window.start)) }
            let upper =
                index + 1 < stretches.count
                ? grid.firstSlot(from: stretches[index + 1].interval.start)
                : max(stretch.firstSlot + Int64(stretch.count), grid.firstSlot(from: input.window.end))
            return Extent(era: stretch.era, slots: lower..<max(lower, upper), stretch: stretch)
        }
    }

    /// What stands for a check of which the store has nothing yet: its configuration, without slots.
    private static func unstored(_ input: CountingInput) -> History.Stretch {
        let check = input.check
        let era = Era(
            from: input.window.start, periodNs: check.periodNs, vote: check.vote, regions: check.regions,
            firstSequence: 0)
        return History.Stretch(era: era, firstSlot: era.grid.firstSlot(from: input.window.start), slots: [])
    }

    func limited(to limits: Range<Int64>) -> Extent {
        Extent(era: era, slots: slots.clamped(to: limits), stretch: stretch)
    }

    /// Source: docs/uptime.md, rule 1.
    func firstUnsettled(_ input: CountingInput) -> Int64 {
        let settlingNs = era.periodNs + input.check.timeoutNs + Duration.secondNs
        return era.grid.slot(at: input.now - settlingNs) + 1
    }

    /// The stored slots, and which element is the first of `slots`; copied only where something is missing.
    func stored() -> (lists: [[Slot]], offset: Int) {
        let held = stretch.firstSlot..<stretch.firstSlot + Int64(stretch.count)
        if held.lowerBound <= slots.lowerBound && slots.upperBound <= held.upperBound {
            return (stretch.slots, Int(slots.lowerBound - held.lowerBound))
        }
        let common = held.clamped(to: slots)
        let lists = era.regions.indices.map { region in
            var list = [Slot](repeating: .unwritten, count: slots.count)
            guard !common.isEmpty, region < stretch.slots.count else { return list }
            let from = Int(common.lowerBound - held.lowerBound)
            let to = Int(common.lowerBound - slots.lowerBound)
            for step in 0..<common.count { list[to + step] = stretch.slots[region][from + step] }
            return list
        }
        return (lists, 0)
    }
}
