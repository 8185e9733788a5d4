import Support
import Testing
import Vocabulary

@testable import Accounting

@Suite("Response times")
struct ResponseTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let name: String
        let valuesUs: [UInt32]
        /// Mean, p50, p95, p99 and the largest.
        let figures: [Int64]
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "one value", valuesUs: [7], figures: [7, 7, 7, 7, 7]),
        Row(name: "nought", valuesUs: [0, 0], figures: [0, 0, 0, 0, 0]),
        Row(name: "two: the lower is the median", valuesUs: [9, 2], figures: [5, 2, 9, 9, 9]),
        Row(
            name: "a hundred: each rank is its value", valuesUs: Array(1...100).reversed(),
            figures: [50, 50, 95, 99, 100]),
        Row(name: "a hundred and one", valuesUs: Array(1...101), figures: [51, 51, 96, 100, 101]),
        Row(
            name: "the largest that a slot can hold", valuesUs: [1, Slot.totalUsMax, Slot.totalUsMax],
            figures: [178_956_970, 268_435_455, 268_435_455, 268_435_455, 268_435_455]),
        Row(
            name: "values that differ in their lowest bit alone", valuesUs: [65_536, 65_537, 65_536, 65_537],
            figures: [65_536, 65_536, 65_537, 65_537, 65_537]),
    ]

    @Test("percentiles are nearest-rank and exact, the mean is rounded down", arguments: rows)
    func percentiles(row: Row) {
        let expected = ResponseFigures(
            count: row.valuesUs.count, meanUs: row.figures[0], p50Us: row.figures[1], p95Us: row.figures[2],
            p99Us: row.figures[3], maxUs: row.figures[4])
        #expect(Self.figures([row.valuesUs.map { ($0, 1) }]) == [expected])
        // Beside others, and pooled of many, they are the same.
        #expect(Self.figures([[(3, 9)], row.valuesUs.map { ($0, 1) }]).last == expected)
        #expect(Self.pooled(row.valuesUs.map { [($0, 1)] }) == expected)
    }

    @Test("no values, no figures")
    func none() {
        #expect(Self.figures([[], [(5, 0)]]) == [nil, nil])
    }

    /// The figures of several distributions of values, each given with how often it occurs.
    static func figures(_ lists: [[(us: UInt32, times: Int)]]) -> [ResponseFigures?] {
        var times = Distributions(count: lists.count)
        for (number, list) in lists.enumerated() {
            for value in list { times.countUpper(value.us, times: value.times, in: number) }
        }
        times.select()
        for (number, list) in lists.enumerated() {
            for value in list { times.countLower(value.us, times: value.times, in: number) }
        }
        return lists.indices.map { times.figures(of: $0) }
    }

    /// The figures of all lists together.
    static func pooled(_ lists: [[(us: UInt32, times: Int)]]) -> ResponseFigures? {
        var times = Distributions(count: lists.count + 1)
        for (number, list) in lists.enumerated() {
            for value in list { times.countUpper(value.us, times: value.times, in: number) }
        }
        times.pool(lists.indices, into: lists.count)
        times.select()
        for value in lists.joined() { times.countLower(value.us, times: value.times, in: lists.count) }
        return times.figures(of: lists.count)
    }

    @Test(
        "percentiles of many values are exact, in lists of their own and mixed", arguments: [3, 11, 2_026] as [UInt64])
    func lists(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        // Narrow ones, so that many lie in one cell, and wide ones.
        let lists = [3, 700, 40_000, 1 << 28].map { width in
            let least = UInt32.random(in: 0..<1_000_000, using: &random)
            return (0..<Int.random(in: 1...2_000, using: &random)).map { _ in
                min(least + UInt32.random(in: 0..<UInt32(width), using: &random), Slot.totalUsMax)
            }
        }
        var own = Distributions(count: lists.count)
        for (number, list) in lists.enumerated() { for value in list { own.countUpper(value, in: number) } }
        own.select()
        var mixed = own
        for (number, list) in lists.enumerated() {
            var times = TimeList()
            for value in list { times.append(value, Distributions.cell(of: value)) }
            own.addLower(own.lowerCounts(of: times, in: [number]))
        }
        let values = lists.enumerated().flatMap { number, list in list.map { (number, $0) } }
        var times = TimeList()
        for (number, value) in values.shuffled(using: &random) {
            times.append(value, Distributions.cell(of: value, in: number))
        }
        mixed.addLower(mixed.lowerCounts(ofMixed: times, in: Array(lists.indices)))
        for (number, list) in lists.enumerated() {
            let sorted = list.sorted()
            func rank(_ percent: Int) -> Int64 { Int64(sorted[(percent * sorted.count + 99) / 100 - 1]) }
            let expected = ResponseFigures(
                count: list.count, meanUs: sorted.reduce(0) { $0 + Int64($1) } / Int64(list.count), p50Us: rank(50),
                p95Us: rank(95), p99Us: rank(99), maxUs: rank(100))
            #expect(own.figures(of: number) == expected, "seed \(seed), list \(number)")
            #expect(mixed.figures(of: number) == expected, "seed \(seed), list \(number)")
        }
    }

    @Test("the fields read from a slot's words are the slot's own", arguments: [20_261_122, 7, 99] as [UInt64])
    func fields(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            let slot = Slot(word0: random.next(), word1: random.next())
            #expect(slot.isWrittenField == slot.isWritten, "seed \(seed)")
            #expect(slot.verdictField == slot.verdict.rawValue, "seed \(seed)")
            #expect(slot.causeField == Int(slot.causeNumber), "seed \(seed)")
            #expect(slot.restLegField == Int(slot.restLeg.rawValue), "seed \(seed)")
            #expect(slot.totalUsField == slot.totalUs, "seed \(seed)")
            let bytes = (0..<4).map { Int(slot.legBytes >> (8 * UInt32($0)) & 255) }
            #expect((0..<4).map(slot.legByteField) == bytes, "seed \(seed)")
            #expect(slot.marksField == slot.marks.rawValue, "seed \(seed)")
            let said = Int(slot.verdict.rawValue) + (slot.marks.contains(.mixed) ? 4 : 0)
            #expect(slot.saidField == said, "seed \(seed)")
        }
        #expect(
            [Field.unknown, Field.up, Field.degraded, Field.down]
                == [Verdict.unknown, .up, .degraded, .down].map(\.rawValue))
        #expect([Field.mixed, Field.generated] == [Slot.Marks.mixed, .generated].map(\.rawValue))
        #expect(!Slot.unwritten.isWrittenField)
    }

    @Test("the cell of a time says its nine leading bits, 256 added", arguments: [5, 1_117] as [UInt64])
    func cells(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let edges: [Int64] = (0...28).flatMap { (bit: Int64) -> [Int64] in
            // Of the last ones every bit is set below the leading ones: they would be rounded up.
            (-2...2).map { Int64(1) << bit + $0 } + [511 << bit, 513 << bit] + [1 << bit - 257]
                + [257, 300, 384, 511].map { ($0 as Int64) << max(0, bit - 8) - 257 }
        }
        let drawn = (0..<5_000).map { _ in Int64(random.next() >> UInt64.random(in: 35...63, using: &random)) }
        for value in (edges + drawn).filter({ (0..<1 << 29).contains($0) }) {
            let moved = value + 256
            let shift = 55 - moved.leadingZeroBitCount
            let expected = shift * 256 + Int(moved >> Int64(shift)) - 256
            #expect(Distributions.cell(of: UInt32(value)) == expected, "seed \(seed), \(value)")
            #expect(expected < Distributions.cellCount)
        }
    }

    @Test("among slots alike and slots that are not each is counted once", arguments: 1...12 as ClosedRange<UInt64>)
    func runs(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        // Runs of one kind of slot, in which a leg may be the same or not.
        var slots: [Slot] = []
        while slots.count < 700 {
            let verdict = [Verdict.up, .up, .up, .degraded, .down, .unknown].randomElement(using: &random) ?? .up
            let rest = Leg.allCases.randomElement(using: &random) ?? .wait
            let usual = (0..<5).map { _ in UInt32.random(in: 0..<100_000, using: &random) }
            let varied = (0..<5).map { _ in Bool.random(using: &random) }
            for _ in 0..<Int.random(in: 1...70, using: &random) {
                let us = usual.indices.map { varied[$0] ? UInt32.random(in: 0...usual[$0], using: &random) : usual[$0] }
                let legs = Legs(
                    resolveUs: us[0], connectUs: us[1], handshakeUs: us[2], waitUs: us[3], transferUs: us[4])
                slots.append(
                    Slot(
                        verdict: verdict, cause: verdict == .down ? .refused : .ok, status: 0, marks: [], startUnits: 0,
                        totalUs: legs.totalUs, legs: SlotLegs(legs, rest: rest)))
            }
        }
        slots[0] = Letters.slot("u")
        let story = Story("u")
        let interval = Story.minutes(0, Int64(slots.count))
        let paused = (0..<3).map { _ in Int64.random(in: 1..<Int64(slots.count), using: &random) }
        let figures = Count.figures(
            Fixtures.input(
                History(
                    check: "shop", birth: Story.start,
                    stretches: [History.Stretch(era: story.era, firstSlot: story.stretch.firstSlot, slots: [slots])]),
                regions: ["tw"], window: interval,
                exclusions: paused.map { Exclusion(interval: Story.minutes($0, $0 + 40), source: .pause) }))
        let counted = slots.indices.filter { place in
            !paused.contains { ($0..<$0 + 40).contains(Int64(place)) }
        }.map { slots[$0] }
        let good = counted.filter { $0.verdict == .up || $0.verdict == .degraded }

        func naive(_ values: [UInt32]) -> ResponseFigures? {
            guard !values.isEmpty else { return nil }
            let sorted = values.sorted()
            func rank(_ percent: Int) -> Int64 { Int64(sorted[(percent * sorted.count + 99) / 100 - 1]) }
            return ResponseFigures(
                count: sorted.count, meanUs: sorted.reduce(0) { $0 + Int64($1) } / Int64(sorted.count), p50Us: rank(50),
                p95Us: rank(95), p99Us: rank(99), maxUs: rank(100))
        }
        #expect(figures.response == naive(good.map(\.totalUs)), "seed \(seed)")
        let legs = Leg.allCases.map { leg in naive(good.map { $0.legs[leg] }) }
        #expect(figures.legs == legs, "seed \(seed)")
        func ns(_ verdict: Verdict) -> Int64 { Int64(counted.count { $0.verdict == verdict }) * Duration.minuteNs }
        let sums = Sums(
            up: ns(.up) + ns(.degraded), degraded: ns(.degraded), down: ns(.down), unknown: ns(.unknown),
            excluded: Int64(slots.count - counted.count) * Duration.minuteNs)
        #expect(figures.regions.map(\.sums) == [sums], "seed \(seed)")
        #expect(figures.failures.map(\.count) == [counted.count { $0.verdict == .down }].filter { $0 > 0 })
    }

    @Test("generated slots are noticed, excluded ones too")
    func generated() {
        let legs = Legs(waitUs: 5_000)
        let made = Slot(
            verdict: .up, cause: .ok, status: 200, marks: .generated, startUnits: 0, totalUs: legs.totalUs,
            legs: SlotLegs(legs))
        let story = Story("uu")
        let stretch = History.Stretch(
            era: story.era, firstSlot: story.stretch.firstSlot, slots: [[Letters.slot("u"), made]])
        let history = History(check: "shop", birth: Story.start, stretches: [stretch])
        func hasGenerated(_ window: Interval) -> Bool {
            let input = Fixtures.input(
                history, regions: ["tw"], window: window,
                exclusions: [Exclusion(interval: story.interval, source: .pause)])
            let line = StatusCount.line(Count(input), today: window, month: window)
            #expect(line.hasGenerated == Count.figures(input).hasGenerated)
            return line.hasGenerated
        }
        #expect(hasGenerated(Story.minutes(0, 2)))
        #expect(!hasGenerated(Story.minutes(0, 1)))
    }
}

extension TimeList {
    fileprivate mutating func append(_ timeUs: UInt32, _ cell: Int) {
        append(upTo: 1) { room in
            room.us.initialize(to: timeUs)
            room.cells.initialize(to: UInt16(cell))
            return 1
        }
    }
}
