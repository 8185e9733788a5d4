import Support
import Testing
import Vocabulary

@testable import sonde

@Suite("How soon a failure is told, and what is not told")
struct DetectionTests {
    static let start = Instant(seconds: 1_777_000_000 / 86_400 * 86_400)

    static func plan(_ regions: [String] = ["tw", "jp", "us"]) -> Plan {
        Plan(
            store: StorePlan(path: ""), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
            regions: regions.map { Region(name: $0) },
            checks: [
                Check(
                    name: "shop", kind: "tcp", settings: .text("127.0.0.1:1"), timeoutNs: 10 * Duration.secondNs,
                    regions: regions)
            ])
    }

    /// A failure of ten minutes every half an hour or so, at any moment of the minute.
    static func faults(
        _ what: VirtualWorld.What, count: Int64, region: Int? = nil, _ random: inout SeededRandom
    ) -> [VirtualWorld.Fault] {
        (1...count).map { number in
            let at =
                start + number * 30 * Duration.minuteNs + Int64.random(in: 0..<5 * Duration.minuteNs, using: &random)
            let interval = Interval(start: at, end: at + 10 * Duration.minuteNs)
            return VirtualWorld.Fault(check: 0, region: region, interval: interval, what: what)
        }
    }

    static func told(_ faults: [VirtualWorld.Fault], plan: Plan = plan()) throws -> [VirtualRun.Told] {
        let end = (faults.map(\.interval.end).max() ?? start) + Duration.hourNs
        let script = VirtualRun.Script(span: Interval(start: start, end: end), plans: [(start, plan)])
        var run = VirtualRun(
            script, store: MemoryStore(), answers: VirtualWorld(script, faults: faults, seed: 1))
        try run.run()
        return run.told
    }

    @Test(
        "from three regions every minute, the median is under 20 s, and two timeouts more where the target hangs",
        arguments: [(VirtualWorld.What.refused, 20 as Int64), (.hanging, 40)])
    func median(what: VirtualWorld.What, seconds: Int64) throws {
        var random = SeededRandom(seed: 5)
        let faults = Self.faults(what, count: 120, &random)
        let told = try Self.told(faults)
        let opened = told.filter { $0.change == .opened }
        #expect(opened.count == faults.count && told.count == 2 * faults.count)
        let delays = zip(opened, faults).map { $0.at - $1.interval.start }.sorted()
        #expect(delays[0] > 0)
        let median = delays[delays.count / 2]
        print(
            "simulation: \(what.rawValue) is told after \(Duration.text(median / 1_000_000 * 1_000_000)) in the median")
        #expect(median < seconds * Duration.secondNs)
    }

    @Test("one region that fails alone, in whatever way, is never told", arguments: VirtualWorld.What.allCases)
    func oneRegion(what: VirtualWorld.What) throws {
        var random = SeededRandom(seed: 6)
        #expect(try Self.told(Self.faults(what, count: 20, region: 1, &random)) == [])
    }

    @Test("nothing is told of a world without faults")
    func quiet() throws {
        let fault = VirtualWorld.Fault(
            check: 0, region: 0, interval: Interval(start: Self.start, end: Self.start + 5 * Duration.hourNs),
            what: .slow)
        #expect(try Self.told([fault]) == [])
    }
}

@Suite("The watch on the wall clock")
struct ClockWatchTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Seconds of the newest slot stored before; nil for none.
        var stored: Int64?
        var isTrusted = false
        /// Monotonic and wall time, in seconds.
        let looks: [(Int64, Int64)]
        /// Steps in seconds, and whether the clock is believed after each look.
        let steps: [Int64]
        let believed: [Bool]
    }

    static let day: Int64 = 86_400

    static let rows: [Row] = [
        Row(
            testDescription: "goes on as usual", looks: [(0, 1_000_000), (60, 1_000_060), (120, 1_000_120)],
            steps: [0, 0, 0], believed: [true, true, true]),
        Row(
            testDescription: "a second is no step, two are", looks: [(0, 1_000_000), (10, 1_000_011), (20, 1_000_023)],
            steps: [0, 0, 2], believed: [true, true, true]),
        Row(
            testDescription: "an hour back is a step and believed", looks: [(0, 1_000_000), (10, 996_410)],
            steps: [0, -3_600], believed: [true, true]),
        Row(
            testDescription: "a day ahead is believed, a second more is not",
            looks: [(0, 1_000_000), (10, 1_000_011 + day)],
            steps: [0, day + 1], believed: [true, false]),
        Row(
            testDescription: "exactly a day ahead", looks: [(0, 1_000_000), (10, 1_000_010 + day)], steps: [0, day],
            believed: [true, true]),
        Row(
            testDescription: "believed again once it is back",
            looks: [(0, 1_000_000), (10, 9_000_000), (20, 1_000_020)],
            steps: [0, 7_999_990, -7_999_990], believed: [true, false, true]),
        Row(
            testDescription: "a long stop before the start is only a gap", stored: 1_000_000,
            looks: [(0, 90_000_000), (10, 90_000_010)], steps: [0, 0], believed: [true, true]),
        Row(
            testDescription: "more than a day before what is stored", stored: 1_000_000,
            looks: [(0, 1_000_000 - day - 1), (10, 1_000_000 - day), (20, 1_000_000)], steps: [0, -9, day - 10],
            believed: [false, true, true]),
        Row(
            testDescription: "started in 1970 and then set right", stored: 1_700_000_000,
            looks: [(0, 100), (10, 1_700_000_100), (20, 1_700_000_110)], steps: [0, 1_699_999_990, 0],
            believed: [false, true, true]),
        Row(
            testDescription: "trusted whatever it says", stored: 1_700_000_000, isTrusted: true,
            looks: [(0, 100), (10, 1_900_000_000)], steps: [0, 1_899_999_890], believed: [true, true]),
    ]

    @Test("says what stepped, and what can be believed", arguments: rows)
    func looks(row: Row) {
        var watch = ClockWatch(
            newestStored: row.stored.map { Instant(seconds: $0) }, isTrusted: row.isTrusted)
        var was = true
        for (index, look) in row.looks.enumerated() {
            let told = watch.look(wall: Instant(seconds: look.1), monotonicNs: look.0 * Duration.secondNs)
            #expect(told.stepNs == row.steps[index] * Duration.secondNs)
            #expect(watch.isPlausible == row.believed[index])
            #expect(told.hasTurned == (was != row.believed[index]))
            was = row.believed[index]
        }
    }

    @Test("a clock that cannot be right stores nothing, and alerting goes on")
    func nothingStored() throws {
        let plan = DetectionTests.plan()
        let start = DetectionTests.start
        var script = VirtualRun.Script(
            span: Interval(start: start, end: start + 2 * Duration.hourNs), plans: [(start, plan)])
        script.clockSteps = [
            VirtualRun.Script.ClockStep(at: start + 30 * Duration.minuteNs, byNs: 3 * Duration.dayNs),
            VirtualRun.Script.ClockStep(at: start + 90 * Duration.minuteNs, byNs: -3 * Duration.dayNs),
        ]
        let fault = VirtualWorld.Fault(
            check: 0, region: nil,
            interval: Interval(start: start + 50 * Duration.minuteNs, end: start + 60 * Duration.minuteNs),
            what: .refused)
        let store = MemoryStore()
        var run = VirtualRun(script, store: store, answers: VirtualWorld(script, faults: [fault], seed: 1))
        try run.run()
        #expect(run.told.map(\.change) == [.opened, .closed])
        let history = try #require(store.history("shop", until: start + 4 * Duration.dayNs))
        let known = history.stretches[0].slots[0].enumerated().filter { $0.element.verdict.isKnown }.map(\.offset)
        #expect(known.filter { $0 < 30 }.count == 30 && known.filter { (31..<89).contains($0) }.isEmpty)
        #expect(known.filter { $0 > 90 }.count >= 28 && known.allSatisfy { $0 < 120 })
    }
}
