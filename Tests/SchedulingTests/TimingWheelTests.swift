import Support
import Testing

@testable import Scheduling

@Suite("Timing wheel")
struct TimingWheelTests {
    @Test("every id expires exactly once, at its tick, in order, whatever the distances and the steps")
    func agreesWithSorting() {
        for seed in UInt64(1)...40 {
            var random = SeededRandom(seed: seed)
            let begin = Int64.random(in: 1 << 40..<1 << 41, using: &random)
            let count = 300
            var wheel = TimingWheel(capacity: count, tick: begin)
            var expected: [(tick: Int64, id: Int32)] = []
            for id in 0..<Int32(count) {
                let farthest: Int64 = [3, 300, 70_000, 20_000_000, 5_000_000_000].randomElement(using: &random)!
                let tick = begin + Int64.random(in: 1...farthest, using: &random)
                wheel.insert(id, at: tick)
                expected.append((tick, id))
            }
            var seen: [(tick: Int64, id: Int32)] = []
            var now = begin
            let ticks = expected.map(\.tick).sorted()
            while let next = wheel.nextTick {
                #expect(next == ticks[seen.count], "seed \(seed)")
                now = max(next, now) + Int64.random(in: 0...400, using: &random)
                var ids: [Int32] = []
                wheel.advance(to: now, into: &ids)
                for id in ids { seen.append((expected[Int(id)].tick, id)) }
                #expect(seen.last.map { $0.tick <= now } ?? true, "seed \(seed)")
            }
            #expect(seen.map(\.tick) == ticks, "seed \(seed)")
            #expect(Set(seen.map(\.id)).count == count, "seed \(seed)")
        }
    }

    @Test("a tick that has passed counts as the next one")
    func insertsIntoThePast() {
        var wheel = TimingWheel(capacity: 1, tick: 1_000)
        wheel.insert(0, at: 5)
        #expect(wheel.nextTick == 1_001)
        var ids: [Int32] = []
        wheel.advance(to: 1_001, into: &ids)
        #expect(ids == [0])
        #expect(wheel.nextTick == nil)
    }
}
