import Support
import Testing

@testable import Probing

@Suite struct UnitDeadlineHeapTests {
    @Test("members come out when their instant has passed, the earliest first, wherever they were moved or removed")
    func againstSorting() {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<50 {
            let members = (0..<40).map { _ in LoopMember() }
            var heap = DeadlineHeap()
            var oracle: [ObjectIdentifier: Int64] = [:]
            for _ in 0..<400 {
                let member = members[Int.random(in: 0..<members.count, using: &random)]
                if Int.random(in: 0..<4, using: &random) == 0 {
                    heap.remove(member)
                    oracle[ObjectIdentifier(member)] = nil
                } else {
                    // Distinct, so that the order is one.
                    let atNs = Int64.random(in: 0..<1_000_000, using: &random) * 64 + Int64(oracle.count)
                    guard !oracle.values.contains(atNs) else { continue }
                    heap.set(member, atNs: atNs)
                    oracle[ObjectIdentifier(member)] = atNs
                }
                #expect(heap.nextNs == oracle.values.min() ?? .max, "seed \(seed)")
            }
            let sorted = oracle.sorted { $0.value < $1.value }
            let middleNs = sorted.isEmpty ? 0 : sorted[sorted.count / 2].value
            var taken: [ObjectIdentifier] = []
            while let member = heap.takePassed(middleNs) { taken.append(ObjectIdentifier(member)) }
            #expect(taken == sorted.filter { $0.value <= middleNs }.map(\.key), "seed \(seed)")
        }
    }
}
