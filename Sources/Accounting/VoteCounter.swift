import Vocabulary

/// Takes the vote on slots. Neighbouring slots mostly have the same ballots: the vote is asked only where one region
/// says something else. Source: docs/uptime.md, rule 2.
struct VoteCounter {
    let vote: Vote

    /// Appends the vote on `count` slots from the element `first` of each region's list on. O(slots x regions); one
    /// short list for the regions, nothing for each slot.
    func append(_ lists: [[Slot]], from first: Int, _ count: Int, to votes: inout [VerdictCell]) {
        let ofSaid = Ballot.ofSaid
        let end = first + count
        // Where each region says something else than at the present element.
        var changes = [Int](repeating: first, count: lists.count)
        votes.append(addingCapacity: count) { votes in
            var element = first
            while element < end {
                var ballot = Ballot()
                var next = end
                for region in lists.indices {
                    let list = lists[region]
                    if changes[region] == element {
                        changes[region] = VoteCounter.endOfRun(list, from: element, until: end)
                    }
                    ballot.add(ofSaid[list[element].saidField])
                    next = min(next, changes[region])
                }
                votes.append(repeating: ballot.counted(by: vote), count: next - element)
                element = next
            }
        }
    }

    /// The first element after `first` that says something else than it; `end` when none does. Eight at a time.
    private static func endOfRun(_ list: [Slot], from first: Int, until end: Int) -> Int {
        let bytes = list.span.extracting(..<end).bytes
        // Unchecked: a slot is two words of eight bytes, and those asked for lie before `end`.
        func words(_ element: Int) -> SIMD2<UInt64> {
            bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: element &* 16, as: SIMD2<UInt64>.self)
        }
        func saysElse(_ differing: SIMD2<UInt64>) -> Bool { Slot.saidField(differing[0], differing[1]) != 0 }
        let own = words(first)
        var element = first + 1
        while element + 8 <= end {
            var differing = SIMD2<UInt64>()
            for place in element..<element + 8 { differing |= words(place) ^ own }
            if saysElse(differing) { break }
            element += 8
        }
        while element < end, !saysElse(words(element) ^ own) { element += 1 }
        return element
    }
}

extension History.Stretch {
    /// The vote on each slot, as the store keeps it.
    /// Of those that start before `end`.
    package func votes(until end: Instant = Instant(nanoseconds: .max)) -> [VerdictCell] {
        let count = min(count, Int(max(era.grid.slot(at: end - 1) + 1 - firstSlot, 0)))
        if let verdicts { return Array(verdicts[..<count]) }
        var votes: [VerdictCell] = []
        VoteCounter(vote: era.vote).append(slots, from: 0, count, to: &votes)
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
    mutating func add(_ other: Ballot) { bits &+= other.bits }

    func counted(by vote: Vote) -> VerdictCell {
        let result = vote.decide(
            known: Int(bits & 1023), down: Int(bits >> 10 & 1023), degraded: Int(bits >> 20 & 1023))
        return VerdictCell(verdict: result.verdict, isPartial: result.isPartial, isMixed: bits >> 30 != 0)
    }
}
