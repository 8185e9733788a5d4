import Accounting
import Glibc
import Vocabulary

// How long the figures of a year take: one check at one minute, from one region and from three.
// Run: swift run -c release bench-accounting. CPU time of this thread, best and median of 21 rounds.

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

func year(of count: Int, regions: Int, from firstSlot: Int64) -> History {
    let names = (1...regions).map { "r\($0)" }
    let era = Era(
        from: Instant(seconds: firstSlot * 60), periodNs: Duration.minuteNs, vote: .majority, regions: names,
        firstSequence: 0)
    var noise = Noise()
    let lists = names.map { _ in
        (0..<count).map { _ -> Slot in
            let dice = noise.next(10_000)
            if dice < 20 { return .unwritten }
            let legs = Legs(
                resolveUs: UInt32(noise.next(3_000)), connectUs: 20_000 + UInt32(noise.next(8_000)),
                handshakeUs: 40_000 + UInt32(noise.next(20_000)), waitUs: 90_000 + UInt32(noise.next(300_000)),
                transferUs: UInt32(noise.next(9_000)))
            let isDown = dice < 30
            return Slot(
                verdict: isDown ? .down : .up, cause: isDown ? .status5xx : .ok, status: isDown ? 503 : 200, marks: [],
                startUnits: UInt32(noise.next(57_000)), totalUs: legs.totalUs, legs: SlotLegs(legs))
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
for regions in [1, 3] {
    let history = year(of: slots, regions: regions, from: firstSlot)
    let check = Check(name: "shop", kind: "http", settings: Setting.text(""), regions: (1...regions).map { "r\($0)" })
    let input = CountingInput(
        check: check, history: history, window: window, zone: .utc, now: window.end + Duration.hourNs)
    measure("a year of one check, \(slots) slots, \(regions) region(s)") { Count.figures(input).sums.up }
    measure("  of which vote and states") { Count(input).sums(in: window).up }
    let lastMonth = Interval(start: window.end - 30 * Duration.dayNs, end: window.end)
    let month = CountingInput(
        check: check, history: history, window: lastMonth, zone: .utc, now: window.end + Duration.hourNs)
    measure("  a status line over the year loaded") { StatusCount.line(month, today: lastMonth, month: lastMonth).month.up }
}
