import Vocabulary

/// The slots of one check in the order of time, era after era, with the vote on each: the ground that every figure
/// stands on. Slots have places 0, 1, 2, … across the eras.
struct Course: Sendable {
    let pieces: [Piece]
    /// One for each slot.
    let votes: [VerdictCell]

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
        var votes: [VerdictCell] = []
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
