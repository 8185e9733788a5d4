import Testing
import Vocabulary

@testable import Storage

@Suite struct PendingSlotsTests {
    /// Sequence numbers that lie together, in two neighbouring blocks, and years apart.
    static let rows: [(name: String, sequences: [Int64])] = [
        ("an hour in order", Array(29_000_000..<29_000_060)),
        ("out of order and twice", [70, 71, 75, 73, 71, 60, 75, 74, 72]),
        ("across the end of a block", Array((1 << 22) - 3..<(1 << 22) + 3)),
        ("back across it", [1 << 22, (1 << 22) + 1, (1 << 22) - 1, 1 << 22]),
        ("years apart", [5, 1 << 40, 6, 1 << 40, 1 << 23, 7]),
        ("the highest", [(1 << 56) - 1, (1 << 56) - 2, 0]),
    ]

    @Test("slots come back as facts, oldest first, the last one put for a place", arguments: rows.indices)
    func order(row: Int) {
        var pending = PendingSlots()
        var expected: [Int64: Slot] = [:]
        for (turn, sequence) in PendingSlotsTests.rows[row].sequences.enumerated() {
            let slot = Slot(word0: .max << 22 | UInt64(turn), word1: UInt64(turn) + 1)
            pending.put(slot, at: sequence)
            expected[sequence] = slot.facts
            #expect(pending.newest == expected.keys.max())
            #expect(pending.slot(at: sequence) == slot.facts)
        }
        let sorted = expected.sorted { $0.key < $1.key }
        #expect(pending.entries == sorted.map { PendingSlots.Entry(sequence: $0.key, slot: $0.value) })
        #expect(pending.count == expected.count)
        for sequence in expected.keys.flatMap({ [$0 - 1, $0, $0 + 1] }) {
            #expect(pending.slot(at: sequence) == expected[sequence])
            #expect(pending.entries(in: sequence..<sequence + 1).map(\.slot) == [expected[sequence]].compactMap { $0 })
        }
    }

    @Test("what came later stands where both have a slot", arguments: rows.indices, rows.indices)
    func adding(first: Int, second: Int) {
        var (pending, later) = (PendingSlots(), PendingSlots())
        var expected: [Int64: Slot] = [:]
        for sequence in PendingSlotsTests.rows[first].sequences {
            pending.put(Slot(word0: 0, word1: 1), at: sequence)
            expected[sequence] = Slot(word0: 0, word1: 1)
        }
        for sequence in PendingSlotsTests.rows[second].sequences {
            later.put(Slot(word0: 0, word1: 2), at: sequence)
            expected[sequence] = Slot(word0: 0, word1: 2)
        }
        pending.add(later)
        #expect(pending.entries.map(\.sequence) == expected.keys.sorted())
        #expect(pending.entries.allSatisfy { $0.slot == expected[$0.sequence] })
    }

    @Test("runs have no gap and are no longer than asked for")
    func runs() {
        var pending = PendingSlots()
        for sequence in [1, 2, 3, 5, 6, 9] as [Int64] { pending.put(.unwritten, at: sequence) }
        #expect(pending.runs(max: 2).map { $0.map(\.sequence) } == [[1, 2], [3], [5, 6], [9]])
    }
}
