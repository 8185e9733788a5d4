import Vocabulary

/// Takes the vote on slots, one after the other. Neighbouring slots mostly have the same ballots: the vote is asked
/// only when they differ. Source: docs/uptime.md, rule 2.
struct VoteCounter {
    private let vote: Vote
    private var last = Ballot()
    private var voted: VerdictCell

    init(vote: Vote) {
        self.vote = vote
        voted = Ballot().counted(by: vote)
    }

    /// Appends the vote on `count` slots from the element `first` of each region's list on. O(slots x regions); one
    /// short list for the ballots, nothing for each slot.
    mutating func append(_ lists: [[Slot]], from first: Int, _ count: Int, to votes: inout [VerdictCell]) {
        votes.append(addingCapacity: count) { votes in
            if lists.count == 1 { return appendOnly(lists[0], from: first, count, to: &votes) }
            var ballots = [Ballot](repeating: Ballot(), count: min(count, VoteCounter.ballotsAtOnce))
            var done = 0
            while done < count {
                let part = min(VoteCounter.ballotsAtOnce, count - done)
                VoteCounter.fill(&ballots, lists, from: first + done, part)
                let counted = ballots.span
                for index in 0..<part { votes.append(self.counted(counted[index])) }
                done += part
            }
        }
    }

    /// So few that they stay in the processor's nearest memory.
    private static let ballotsAtOnce = 2048

    /// Of a single region there are but eight ballots.
    ///
    /// Unchecked, as in `fill`: what a slot said is one of eight, and the part is `count` long.
    private func appendOnly(_ list: [Slot], from first: Int, _ count: Int, to votes: inout OutputSpan<VerdictCell>) {
        let cells = Ballot.ofSaid.map { $0.counted(by: vote) }
        let (slots, cell) = (list.span.extracting(first..<first + count), cells.span)
        for index in 0..<count { votes.append(cell[unchecked: slots[unchecked: index].saidField]) }
    }

    private static func fill(_ ballots: inout [Ballot], _ lists: [[Slot]], from first: Int, _ count: Int) {
        let said = Ballot.ofSaid
        let (ofSaid, part) = (said.span, first..<first + count)
        precondition(count <= ballots.count, "a ballot for every slot of the part")
        var ballots = ballots.mutableSpan
        for (number, list) in lists.enumerated() {
            let slots = list.span.extracting(part)
            if number == 0 {
                for index in 0..<count {
                    ballots[unchecked: index] = ofSaid[unchecked: slots[unchecked: index].saidField]
                }
            } else {
                for index in 0..<count {
                    ballots[unchecked: index].add(ofSaid[unchecked: slots[unchecked: index].saidField])
                }
            }
        }
    }

    @inline(__always)
    private mutating func counted(_ ballot: Ballot) -> VerdictCell {
        if ballot != last {
            last = ballot
            voted = ballot.counted(by: vote)
        }
        return voted
    }
}

extension History.Stretch {
    /// The vote on each slot, as the store keeps it.
    /// Of those that start before `end`.
    package func votes(until end: Instant = Instant(nanoseconds: .max)) -> [VerdictCell] {
        let count = min(count, Int(max(era.grid.slot(at: end - 1) + 1 - firstSlot, 0)))
        if let verdicts { return Array(verdicts[..<count]) }
        var counter = VoteCounter(vote: era.vote)
        var votes: [VerdictCell] = []
        counter.append(slots, from: 0, count, to: &votes)
        return votes
    }
}

/// The regions' verdicts of one slot, counted in ten bits each: regions known, down, degraded, and those that saw good
/// and bad and ended good.
private struct Ballot {
    private var bits: UInt64 = 0

    /// One region's, by what it said (`Slot.saidField`).
    static let ofSaid: [Ballot] = (0..<8).map { said in
        let isMixed: UInt64 = said & 4 != 0 ? 1 << 30 : 0
        return switch UInt8(said & 3) {
        case Field.unknown: Ballot()
        case Field.up: Ballot(bits: 1 | isMixed)
        case Field.degraded: Ballot(bits: 1 | 1 << 20 | isMixed)
        default: Ballot(bits: 1 | 1 << 10)
        }
    }

    @inline(__always)
    static func != (left: Ballot, right: Ballot) -> Bool { left.bits != right.bits }

    @inline(__always)
    mutating func add(_ other: Ballot) { bits &+= other.bits }

    func counted(by vote: Vote) -> VerdictCell {
        let result = vote.decide(
            known: Int(bits & 1023), down: Int(bits >> 10 & 1023), degraded: Int(bits >> 20 & 1023))
        return VerdictCell(verdict: result.verdict, isPartial: result.isPartial, isMixed: bits >> 30 != 0)
    }
}
