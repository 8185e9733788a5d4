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
    /// Appends the vote on each slot. O(slots x regions); one list for the ballots, nothing for each slot.
    func appendVotes(to votes: inout [VotedSlot]) {
        var ballots = [Ballot](repeating: Ballot(), count: places.count)
        for list in stored {
            let slots = list.span
            var ballots = ballots.mutableSpan
            for place in ballots.indices { ballots[place].add(slots[offset &+ place]) }
        }
        let counted = ballots.span
        votes.append(addingCapacity: counted.count) { votes in
            // Neighbouring slots mostly have the same ballots: the vote is asked only when they differ.
            var last = Ballot()
            var voted = last.counted(by: era.vote)
            for place in counted.indices {
                if counted[place] != last {
                    last = counted[place]
                    voted = last.counted(by: era.vote)
                }
                votes.append(voted)
            }
        }
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
