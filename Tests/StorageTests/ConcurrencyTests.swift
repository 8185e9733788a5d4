import Foundation
import Support
import Testing
import Vocabulary

@testable import Storage

@Suite("Reading while it is written")
struct ConcurrencyTests {
    @Test("a reader sees each slot as it was before or after a write, never half of it")
    func neverTorn() throws {
        let folder = try TemporaryFolder()
        let path = folder.path
        let writer = try StoreWriter(path: path)
        let ring = try writer.open(spec(), now: begin)
        let one = slot(.up, total: 11_111)
        let other = slot(.down, total: 268_000_000)
        for index in 0..<60 { try writer.put(one, ring, at: begin + Int64(index) * Duration.minuteNs) }

        writer.commit(at: begin)

        let reader = try StoreReader(path: path)
        let ended = DispatchSemaphore(value: 0)
        let finding = Finding()
        let thread = Thread {
            for _ in 0..<1000 {
                do {
                    let reading = try reader.history("shop", in: Interval(start: begin, end: begin + Duration.hourNs))
                    let slots = reading?.content.stretches[0].slots[0].map(\.facts) ?? []
                    finding.note(
                        isSound: slots.count == 60 && reading?.damagedCount == 0
                            && slots.allSatisfy { $0 == one.facts || $0 == other.facts })
                } catch {
                    finding.note(isSound: false)
                }
            }
            ended.signal()
        }
        thread.start()
        var round = 0
        var era = writer.era(ring, at: begin)
        while ended.wait(timeout: .now()) == .timedOut {
            round += 1
            era = writer.era(ring, at: begin)
            for index in 0..<60 {
                try writer.put(
                    round % 2 == 0 ? one : other, ring: ring, region: 0, slot: era.firstSlot + Int64(index), era: era)
            }
            // A move every sixty rounds: the reader finds the slots in the journal, in the ring, and in both.
            writer.commit(at: begin + Int64(round) * Duration.minuteNs)
        }
        #expect(finding.counts == [true: 1000])
        #expect(round > 1)
    }

    /// What a thread found; guarded by its lock.
    private final class Finding: @unchecked Sendable {
        private let lock = NSLock()
        private var seen: [Bool: Int] = [:]
        func note(isSound: Bool) { lock.withLock { seen[isSound, default: 0] += 1 } }
        var counts: [Bool: Int] { lock.withLock { seen } }
    }
}
