import Vocabulary

/// What the regions' verdicts of one slot make together. Source: docs/uptime.md, rule 2.
struct VotedSlot: Hashable, Sendable {
    let verdict: Verdict
    /// Some regions were down, too few for the vote.
    let isPartial: Bool
    /// A region saw good and bad and ended up, and so did the check.
    let isBlip: Bool
}

extension Piece {
    /// Appends the vote on each slot. O(slots x regions); one short list for the ballots, nothing for each slot.
    func appendVotes(to votes: inout [VotedSlot]) {
        var counter = VoteCounter(vote: era.vote)
        votes.append(addingCapacity: places.count) { votes in
            var ballots = [Ballot](repeating: Ballot(), count: min(places.count, Piece.ballotsAtOnce))
            var first = 0
            while first < places.count {
                let count = min(Piece.ballotsAtOnce, places.count - first)
                fill(&ballots, from: first, count)
                let counted = ballots.span
                for index in 0..<count { votes.append(counter.counted(counted[index])) }
                first += count
            }
        }
    }

    /// So few that they stay in the processor's nearest memory.
    private static let ballotsAtOnce = 4096

    private func fill(_ ballots: inout [Ballot], from first: Int, _ count: Int) {
        var ballots = ballots.mutableSpan
        for index in 0..<count { ballots[index] = Ballot() }
        for list in stored {
            let slots = list.span
            let shift = offset &+ first
            for index in 0..<count { ballots[index].add(slots[shift &+ index]) }
        }
    }
}

/// Neighbouring slots mostly have the same ballots: the vote is asked only when they differ.
private struct VoteCounter {
    private let vote: Vote
    private var last = Ballot()
    private var voted: VotedSlot

    init(vote: Vote) {
        self.vote = vote
        voted = Ballot().counted(by: vote)
    }

    @inline(__always)
    mutating func counted(_ ballot: Ballot) -> VotedSlot {
        if ballot != last {
            last = ballot
            voted = ballot.counted(by: vote)
        }
        return voted
    }
}

/// The regions' verdicts of one slot, counted in ten bits each: regions known, down, degraded; and one bit for a blip.
private struct Ballot {
    private var bits: UInt32 = 0

    @inline(__always)
    static func != (left: Ballot, right: Ballot) -> Bool { left.bits != right.bits }

    @inline(__always)
    mutating func add(_ slot: Slot) {
        switch slot.verdictField {
        case Field.unknown: return
        case Field.up: bits &+= 1
        case Field.degraded: bits &+= 1 | 1 << 20
        default:
            bits &+= 1 | 1 << 10
            return
        }
        bits |= UInt32(slot.marksField & Field.mixed) << 30
    }

    func counted(by vote: Vote) -> VotedSlot {
        let result = vote.decide(
            known: Int(bits & 1023), down: Int(bits >> 10 & 1023), degraded: Int(bits >> 20 & 1023))
        return VotedSlot(
            verdict: result.verdict, isPartial: result.isPartial, isBlip: result.verdict.isGood && bits >> 30 != 0)
    }
}
