import Support
import Testing

@testable import Vocabulary

@Suite("Slot")
struct SlotTests {
    /// One row for each field, the others as `plain` has them.
    static let plain = Slot(
        verdict: .up, cause: .ok, status: 200, marks: [], startUnits: 1234, totalUs: 56_789,
        legs: SlotLegs(Legs(resolveUs: 100, connectUs: 2000, waitUs: 50_000, transferUs: 4689)))

    @Test("every field comes back at its extremes, whatever the others hold")
    func extremes() {
        let numbers: [(status: UInt16, startUnits: UInt32, totalUs: UInt32)] = [
            (0, 0, 0), (Slot.statusMax, (1 << 19) - 1, Slot.totalUsMax), (599, 1, 1), (1, 1 << 18, 1 << 27),
        ]
        let bits: [(legBytes: UInt32, marks: UInt8)] = [(0, 0), (.max, 15), (0xff, 1), (0x8000_0001, 8)]
        for verdict in Verdict.allCases {
            for cause in Cause.allCases {
                for (number, (legBytes, marks)) in zip(numbers, bits) {
                    for rest in Leg.allCases {
                        let slot = Slot(
                            verdict: verdict, cause: cause, status: number.status, marks: Slot.Marks(rawValue: marks),
                            startUnits: number.startUnits, totalUs: number.totalUs,
                            legs: SlotLegs(rest: rest, bytes: legBytes)
                        ).sealed(sequence: 29_000_000, capacity: 576_000)
                        let isBack =
                            slot.verdict == verdict && slot.cause == cause && slot.status == number.status
                            && slot.startUnits == number.startUnits && slot.totalUs == number.totalUs
                            && slot.restLeg == rest && slot.legBytes == legBytes && slot.marks.rawValue == marks
                            && slot.lap == UInt8(29_000_000 / 576_000 & 63)
                        if !isBack { Issue.record("\(verdict) \(cause) \(number) \(rest) \(legBytes) \(marks)") }
                    }
                }
            }
        }
    }

    @Test("a status or total that is too large is kept as the largest")
    func clamps() {
        let slot = Slot(
            verdict: .down, cause: .timeoutWait, status: 5000, marks: [], startUnits: 0, totalUs: .max,
            legs: SlotLegs(Legs()))
        #expect(slot.status == 1023)
        #expect(slot.totalUs == 268_435_455)
    }

    @Test("any flipped bit of a sealed slot is found")
    func flippedBits() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<2000 {
            let sequence = Int64(random.next() >> 24)
            let slot = Slot(word0: random.next(), word1: random.next()).sealed(sequence: sequence, capacity: 576_000)
            let missed = (UInt64(0)..<64).count {
                Slot(word0: slot.word0 ^ 1 << $0, word1: slot.word1).isWhole(sequence: sequence)
                    || Slot(word0: slot.word0, word1: slot.word1 ^ 1 << $0).isWhole(sequence: sequence)
            }
            #expect(slot.isWhole(sequence: sequence) && missed == 0, "seed \(seed)")
        }
    }

    @Test("a flipped bit moves the checksum's sum by neither nothing nor everything in its top 16 bits")
    func checksumFactors() {
        for factor in [Slot.headFactor, Slot.tailFactor, Slot.sequenceFactor] {
            for bit in UInt64(0)..<64 { #expect(![0, 0xffff].contains((factor << bit) >> 48)) }
        }
    }

    @Test("a slot with any fact in it is never all zero, whatever its place")
    func neverAllZero() {
        let count = (Int64(0)..<100_000).count { !SlotTests.plain.sealed(sequence: $0, capacity: 256).isWritten }
        #expect(count == 0)
    }

    @Test("a byte keeps a leg's time within 1/28, from 1 us to 2^28 us")
    func legBytes() {
        var us: UInt32 = 1
        while us <= 1 << 28 {
            let kept = Int64(LegByte.decode(LegByte.encode(us)))
            if abs(kept - Int64(us)) * 28 > Int64(us) { Issue.record("\(us) us is kept as \(kept)") }
            us += max(1, us / 9973)
        }
        #expect(LegByte.encode(0) == 0 && LegByte.decode(0) == 0)
        #expect(LegByte.decode(255) == 346_482_423)
        #expect(LegByte.encode(.max) == 255)
    }

    @Test("every byte means another time, and that time encodes to the byte again")
    func legBytesAgain() {
        for byte in UInt8.min...UInt8.max {
            #expect(LegByte.encode(LegByte.decode(byte)) == byte)
            #expect(byte == 0 || LegByte.decode(byte) > LegByte.decode(byte - 1))
            // Half way to the next byte the lower one is still the nearest, and beyond it the next.
            guard byte < 255 else { continue }
            let us = LegByte.decode(byte)
            let half = (LegByte.decode(byte + 1) - us) / 2
            #expect(LegByte.encode(us + half) == byte)
            #expect(LegByte.encode(us + half + 1) == byte + 1)
        }
    }

    @Test("legs add up to the exact total, the rest leg taking what the bytes leave")
    func legsAddUp() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<5000 {
            var legs = Legs()
            for leg in Leg.allCases { legs[leg] = UInt32(random.next() >> 40) >> UInt32(random.next() % 24) }
            let packed = SlotLegs(legs)
            let back = packed.legs(totalUs: legs.totalUs)
            let others = Leg.allCases.filter { $0 != packed.rest }
            let isNear = others.allSatisfy { abs(Int(back[$0]) - Int(legs[$0])) * 28 <= Int(legs[$0]) }
            let sum = others.reduce(0) { $0 + Int(back[$1]) }
            let isRest = back[packed.rest] == UInt32(max(0, Int(legs.totalUs) - sum))
            #expect(SlotLegs(back, rest: packed.rest) == packed && isNear && isRest, "seed \(seed), \(legs)")
        }
    }

    @Test(
        "a start comes back within one unit before, and packs to the same units again",
        arguments: [
            ("1 s", Duration.secondNs), ("1 min", Duration.minuteNs), ("a prime", 61_234_567_891),
            ("8 min", 8 * Duration.minuteNs), ("2^19 ms", (1 << 19) * Duration.millisecondNs),
            ("2^19 ms and a little", (1 << 19) * Duration.millisecondNs + 1), ("9 min", 9 * Duration.minuteNs),
            ("1 d", Duration.dayNs),
        ])
    func startUnits(name: String, periodNs: Int64) {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let grid = SlotGrid(periodNs: periodNs)
        let unitNs = periodNs <= (1 << 19) * Duration.millisecondNs ? Duration.millisecondNs : periodNs >> 19 + 1
        let slot = grid.slot(at: Instant(seconds: 1_795_000_000))
        let edges = [0, 1, unitNs - 1, unitNs, periodNs / 2, periodNs - 2, periodNs - 1]
        for offsetNs in edges + (0..<1000).map({ _ in Int64(random.next() >> 1) % periodNs }) {
            let instant = grid.start(of: slot) + offsetNs
            let units = grid.startUnits(of: instant, in: slot)
            let back = grid.instant(slot: slot, startUnits: units)
            let isKept = units < 1 << 19 && back <= instant && instant - back <= unitNs
            let isAgain = grid.slot(at: back) == slot && grid.startUnits(of: back, in: slot) == units
            #expect(isKept && isAgain, "\(name), offset \(offsetNs), seed \(seed)")
        }
    }
}

@Suite("Slot run")
struct SlotRunTests {
    @Test("only slots of this lap that are whole stand; others are blank, and the damaged are named")
    func states() {
        let capacity: Int64 = 256
        let first: Int64 = 256 * 70 + 10
        var slots = (0..<200).map { SlotTests.plain.sealed(sequence: first + Int64($0), capacity: capacity) }
        let whole = slots
        slots[3] = .unwritten
        slots[64] = SlotTests.plain.sealed(sequence: first + 64 - capacity, capacity: capacity)
        slots[65] = SlotTests.plain.sealed(sequence: first + 65 + capacity, capacity: capacity)
        slots[66] = SlotTests.plain.sealed(sequence: first + 66 - 32 * capacity, capacity: capacity)
        slots[130].word1 ^= 1 << 40
        slots[199].word0 ^= 1 << 17
        var expected = slots
        for index in [64, 65, 66] { expected[index] = .unwritten }
        let suspects = slots.withUnsafeMutableBufferPointer {
            SlotRun.verify($0, firstSequence: first, capacity: capacity)
        }
        #expect(suspects == [130, 199])
        #expect(slots == expected)
        #expect(slots[0..<3] == whole[0..<3])
    }
}
