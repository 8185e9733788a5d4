import Accounting
import Glibc
import Vocabulary

// How long the figures of a year take: one check at one minute, from one region and from three.
// Run: swift run -c release bench-accounting [quiet | down | flapping]. CPU time of this thread, best and median of 21 rounds.

/// The same numbers on every machine.
struct Noise {
    var state: UInt64 = 20_261_122
    mutating func next(_ bound: UInt64) -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state % bound
    }
}

/// What slot number `place` says, of a year that `dice` (0..<10,000) shakes a little.
enum Course: String {
    case quiet, down, flapping

    func verdict(_ place: Int, dice: UInt64) -> Verdict {
        if dice < 20 { return .unknown }
        switch self {
        case .quiet: return dice < 30 ? .down : .up
        case .down: return .down
        case .flapping: return place % 2 == 0 ? .up : .down
        }
    }
}

func year(_ course: Course, slots: Int, regions: Int, from firstSlot: Int64) -> History {
    let names = (1...regions).map { "r\($0)" }
    let era = Era(
        from: Instant(seconds: firstSlot * 60), periodNs: Duration.minuteNs, vote: .majority, regions: names,
        firstSequence: 0)
    var noise = Noise()
    let lists = names.map { _ in
        (0..<slots).map { place -> Slot in
            let verdict = course.verdict(place, dice: noise.next(10_000))
            if verdict == .unknown { return .unwritten }
            let legs = Legs(
                resolveUs: UInt32(noise.next(3_000)), connectUs: 20_000 + UInt32(noise.next(8_000)),
                handshakeUs: 40_000 + UInt32(noise.next(20_000)), waitUs: 90_000 + UInt32(noise.next(300_000)),
                transferUs: UInt32(noise.next(9_000)))
            return Slot(
                verdict: verdict, cause: verdict == .down ? .status5xx : .ok, status: verdict == .down ? 503 : 200,
                marks: [], startUnits: UInt32(noise.next(57_000)), totalUs: legs.totalUs, legs: SlotLegs(legs))
        }
    }
    return History(
        check: "shop", birth: Instant(seconds: firstSlot * 60),
        stretches: [History.Stretch(era: era, firstSlot: firstSlot, slots: lists)])
}

/// CPU milliseconds this thread has used.
func cpuMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
}

func measure(_ name: String, _ work: () -> Int64) {
    var rounds: [Double] = []
    var check: Int64 = 0  // printed, so that no work can be left out
    for _ in 0..<21 {
        let start = cpuMilliseconds()
        check = work()
        rounds.append(cpuMilliseconds() - start)
    }
    rounds.sort()
    let text = [rounds[0], rounds[10]].map { "\(Double(Int($0 * 1_000)) / 1_000) ms" }
    print("\(name): best \(text[0]), median \(text[1])  (sums \(check))")
}

let firstSlot: Int64 = 29_454_240  // 2026-01-01T00:00Z in minutes
let slots = 525_600
let window = Interval(start: Instant(seconds: firstSlot * 60), end: Instant(seconds: (firstSlot + Int64(slots)) * 60))
let wanted = CommandLine.arguments.dropFirst().first
for (course, regions) in [(Course.quiet, 1), (.quiet, 3), (.down, 1), (.flapping, 1)]
where wanted == nil || wanted == course.rawValue {
    let history = year(course, slots: slots, regions: regions, from: firstSlot)
    let check = Check(name: "shop", kind: "http", settings: Setting.text(""), regions: (1...regions).map { "r\($0)" })
    func input(_ window: Interval) -> CountingInput {
        CountingInput(check: check, history: history, window: window, zone: .utc, now: window.end + Duration.hourNs)
    }
    let month = Interval(start: window.end - 30 * Duration.dayNs, end: window.end)
    measure("a \(course.rawValue) year, \(slots) slots, \(regions) region(s)") {
        Count.figures(input(window)).sums.up
    }
    measure("  of which vote and states") { Count(input(window)).sums(in: window).up }
    measure("  a status line with the year loaded") {
        StatusCount.line(Count(input(month)), today: month, month: month).month.up
    }
}
