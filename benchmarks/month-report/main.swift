// Fills a store with a month of many checks in three regions, for reports to be timed over it.
// Usage: bench-month STORE [checks, default 1000] [days, default 30]; the month ends with the last full hour.
import Accounting
import Foundation
import Storage
import Vocabulary

let arguments = CommandLine.arguments
guard arguments.count > 1 else {
    FileHandle.standardError.write(Data("usage: bench-month STORE [checks] [days]\n".utf8))
    exit(64)
}
let path = arguments[1]
let checkCount = arguments.count > 2 ? Int(arguments[2]) ?? 1_000 : 1_000
let days = arguments.count > 3 ? Int64(arguments[3]) ?? 30 : 30
let regions = ["tw", "jp", "us"]
let end = Instant(seconds: Int64(Date().timeIntervalSince1970)).hourStart
let begin = end - days * Duration.dayNs

/// Of a check's slots as the program's own rules have it.
struct Rules: RollUpRules {
    func cells(_ stretch: History.Stretch) -> [VerdictCell] { stretch.votes() }
    func outages(
        of check: String, endedIn interval: Interval, history: (Interval) throws -> History
    ) throws -> [OutageRecord] {
        let span = Interval(start: interval.start - Duration.hourNs, end: interval.end + Duration.hourNs)
        let count = Count(
            CountingInput(
                check: Check(name: check, kind: "http", settings: .text("http://127.0.0.1/"), regions: regions),
                history: try history(span), window: span, zone: .utc, now: span.end + Duration.hourNs))
        return count.records(endedIn: interval)
    }
}

/// Draws numbers that are the same in every run.
struct Draw {
    private var state: UInt64 = 2026
    mutating func under(_ bound: UInt32) -> UInt32 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt32(truncatingIfNeeded: state >> 33) % bound
    }
}

/// 29 to 390 ms; 12 minutes of each fortnight all regions are down.
func slot(minute: Int64, check: Int, _ draw: inout Draw) -> Slot {
    let isDown = (minute + Int64(check) * 977) % 20_160 < 12
    let tailUs = draw.under(50) == 0 ? draw.under(300_000) : 0
    let legs = Legs(
        resolveUs: 200 + draw.under(100), connectUs: 9_000 + draw.under(500),
        waitUs: 20_000 + draw.under(60_000) + tailUs
    )
    return Slot(
        verdict: isDown ? .down : .up, cause: isDown ? .refused : .ok, status: isDown ? 0 : 200, marks: [],
        startUnits: 777, totalUs: legs.totalUs, legs: SlotLegs(legs))
}

var draw = Draw()
for number in 0..<checkCount {
    // A writer for each, so that a check's month goes into its ring in one piece.
    let options = StoreWriter.Options(journals: false, isThreaded: false, syncs: false, rules: Rules())
    let store = try StoreWriter(path: path, options: options)
    let spec = RingSpec(
        check: "check-\(number)", periodNs: Duration.minuteNs, vote: .majority, regions: regions,
        retention: Retention(slotsNs: 35 * Duration.dayNs, hoursNs: 400 * Duration.dayNs))
    let ring = try store.open(spec, now: begin)
    let era = store.era(ring, at: begin)
    for minute in 0..<days * 1_440 {
        for region in regions.indices {
            try store.put(
                slot(minute: minute, check: number, &draw), ring: ring, region: region, slot: era.firstSlot + minute,
                era: era)
        }
    }
    try store.close(at: end)
}
