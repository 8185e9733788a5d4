// What a stored sample costs, in CPU time and in bytes written, with many series a tick; what a reader pays beside an
// hour of journal; what a start after kill -9 takes.
// Usage: bench-store [series, default 9999, in checks of three regions] [ticks, default 130] [folder, default /tmp]
import Foundation
import Storage
import Vocabulary

let arguments = CommandLine.arguments
let regions = ["tw", "jp", "us"]
let checkCount = (arguments.count > 1 ? Int(arguments[1]) ?? 9_999 : 9_999) / regions.count
let seriesCount = checkCount * regions.count
let ticks = arguments.count > 2 ? Int64(arguments[2]) ?? 130 : 130
let folder = (arguments.count > 3 ? arguments[3] : "/tmp") + "/sonde-bench-store-\(getpid())"
defer { try? FileManager.default.removeItem(atPath: folder) }  // what stays is in the temporary folder

func cpuNs() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

func wallMs(_ work: () throws -> Void) rethrows -> Double {
    let before = Date()
    try work()
    return Date().timeIntervalSince(before) * 1e3
}

/// Bytes that this process made the disk write. Source: proc(5), /proc/pid/io.
func writtenBytes() -> Int64 {
    let text = (try? String(contentsOfFile: "/proc/self/io", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("write_bytes: ") }
    return line.flatMap { Int64($0.dropFirst("write_bytes: ".count)) } ?? 0
}

func show(_ what: String, _ value: String) {
    print(what.padding(toLength: 58, withPad: " ", startingAt: 0), value)
}

struct Rules: RollUpRules {
    func cells(_ stretch: History.Stretch) -> [VerdictCell] {
        stretch.slots[0].map { $0.verdict.isKnown ? VerdictCell(verdict: $0.verdict) : .unwritten }
    }
    func outages(
        of check: String, endedIn interval: Interval, history: (Interval) throws -> History
    ) throws -> [OutageRecord] { [] }
}

let begin = Instant(seconds: 1_795_305_600)
let retention = Retention(slotsNs: 7 * Duration.dayNs, hoursNs: 30 * Duration.dayNs)
func open(_ store: StoreWriter, at now: Instant) throws -> [RingID] {
    try (0..<checkCount).map {
        try store.open(
            RingSpec(
                check: "check-\($0)", periodNs: Duration.minuteNs, vote: .majority, regions: regions,
                retention: retention), now: now)
    }
}

var store: StoreWriter? = try StoreWriter(path: folder, options: .init(rules: Rules()))
var rings = try open(store!, at: begin)
let slot = Slot(
    verdict: .up, cause: .ok, status: 200, marks: [], startUnits: 777, totalUs: 34_567,
    legs: SlotLegs(Legs(resolveUs: 300, connectUs: 9_000, waitUs: 24_000, transferUs: 700)))

/// One tick: every series' slot, then one commit; then turns until a pass under way is done.
/// Every ring's era is the same, and known beforehand as the core loop knows it.
func tick(_ number: Int64, _ store: StoreWriter, _ rings: [RingID]) throws {
    let now = begin + number * Duration.minuteNs
    let era = store.era(rings[0], at: now)
    let place = era.grid.slot(at: now)
    for ring in rings {
        for region in regions.indices { try store.put(slot, ring: ring, region: region, slot: place, era: era) }
    }
    store.commit(at: now)
    // As the core loop does, which takes a turn each second at least.
    for turn in 1..<60 { store.commit(at: now + Int64(turn) * Duration.secondNs) }
}

let settledBytes = writtenBytes()
let before = cpuNs()
for number in 0..<ticks { try tick(number, store!, rings) }
let samples = Double(ticks) * Double(seriesCount)
show("CPU per stored sample, journal and moves", String(format: "%8.3f us", (cpuNs() - before) / samples / 1e3))
try store!.sync(at: begin + ticks * Duration.minuteNs)
show(
    "bytes written per sample, moves of \(ticks / 60) h included",
    String(format: "%8.1f", Double(writtenBytes() - settledBytes) / samples))
if let fault = store!.fault { print("FAULT", fault) }

// An hour of journal, and then the process is gone.
try store!.close(at: begin + ticks * Duration.minuteNs)
store = try StoreWriter(path: folder, options: .init(rules: Rules()))
rings = try open(store!, at: begin + ticks * Duration.minuteNs)
for number in ticks..<(ticks + 60) { try tick(number, store!, rings) }
try store!.sync(at: begin + (ticks + 60) * Duration.minuteNs)

let now = begin + (ticks + 60) * Duration.minuteNs
let reader = try StoreReader(path: folder)
let journal = Double(try reader.info().journal.bytes)
show("journal of an hour", String(format: "%8.1f MB", journal / 1e6))
let month = Interval(start: now - 30 * Duration.dayNs, end: now)
func best(_ runs: Int, _ work: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<runs { best = min(best, try wallMs(work)) }
    return best
}
let beside = try best(20) {
    let history = try reader.history("check-77", in: month)
    precondition(history?.content.stretches.last?.slots[0].contains { $0.isWritten } == true)
}
show("one check of three series beside an hour of journal", String(format: "%8.2f ms", beside))

store!.abandon()
store = nil
let started = try wallMs {
    store = try StoreWriter(path: folder, options: .init(rules: Rules()))
    rings = try open(store!, at: now)
}
show("start after kill -9 with that journal", String(format: "%8.0f ms", started))
let closed = try wallMs { try store!.close(at: now) }
show("close: all of it moved and synced", String(format: "%8.0f ms", closed))
store = nil
let alone = try best(50) {
    let history = try reader.history("check-77", in: month)
    precondition(history != nil)
}
show("one check without a journal", String(format: "%8.3f ms", alone))

// A month of one series, full: read, counted, mean and p95.
let last = now.hourStart
let full = StoreWriter.Options(journals: false, isThreaded: false, rules: Rules())
let single = try StoreWriter(path: folder + "-month", options: full)
let one = try single.open(
    RingSpec(
        check: "shop", periodNs: Duration.minuteNs, vote: .majority, regions: ["local"], retention: .standard),
    now: last)
let era = single.era(one, at: last)
for minute in 0..<Int64(43_200) {
    let slot = Slot(
        verdict: minute % 977 == 0 ? .down : .up, cause: .ok, status: 200, marks: [], startUnits: 777,
        totalUs: UInt32(30_000 + minute * 7_919 % 20_011), legs: SlotLegs(Legs(connectUs: 9_000, waitUs: 21_000)))
    try single.put(slot, ring: one, region: 0, slot: era.grid.slot(at: last) - minute - 1, era: era)
}
try single.close(at: last)
let monthReader = try StoreReader(path: folder + "-month")

/// What is asked of the month, from the fields straight in the words (docs/ring-format.md).
struct Answer {
    var count = 0
    var sumUs: UInt64 = 0
    /// By 16 us; the last one is all that is longer.
    var cells = [Int32](repeating: 0, count: 4_096)

    /// Four at a time where all are up and under 65 ms, else one by one.
    mutating func add(_ slots: Span<Slot>) {
        var first = 0
        while first &+ 4 <= slots.count {
            first = addFours(slots, from: first)
            for index in first..<min(first + 4, slots.count) { addOne(slots[index]) }
            first = min(first + 4, slots.count)
        }
        for index in first..<slots.count { addOne(slots[index]) }
    }

    private mutating func addOne(_ slot: Slot) {
        guard slot.verdict == .up || slot.verdict == .degraded else { return }
        count += 1
        sumUs += UInt64(slot.totalUs)
        cells[min(Int(slot.totalUs) >> 4, 4_095)] += 1
    }

    /// Up to the first four of which one is something else; their index.
    private mutating func addFours(_ slots: Span<Slot>, from begin: Int) -> Int {
        let words = slots.bytes
        var cells = cells.mutableSpan
        var sums = SIMD4<UInt32>.zero
        var first = begin
        // A sum of each lane has room for 65,536 times under 65,536 us.
        let end = min(slots.count &- 3, begin &+ 4 << 16)
        while first < end {
            @inline(__always)
            func slot(_ index: Int) -> SIMD4<UInt32> {
                words.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: 16 &* (first &+ index), as: SIMD4<UInt32>.self)
            }
            let (a, b, c, d) = (slot(0), slot(1), slot(2), slot(3))
            let (all, any) = (a & b & c & d, a | b | c | d)
            guard all[0] >> 22 & 1 == 1, any[0] >> 23 & 1 == 0, any[2] & 0xfff_0000 == 0 else { break }
            let totalsUs = SIMD4(a[2], b[2], c[2], d[2]) & SIMD4(repeating: 0xffff)
            sums &+= totalsUs
            let places = totalsUs &>> 4
            for lane in 0..<4 { cells[unchecked: Int(truncatingIfNeeded: places[lane])] &+= 1 }
            first &+= 4
        }
        count += first - begin
        for lane in 0..<4 { sumUs += UInt64(sums[lane]) }
        return first
    }

    var meanUs: UInt64 { sumUs / UInt64(max(count, 1)) }
    var p95Us: Int {
        var (rank, cell) = ((count * 95 + 99) / 100, 0)
        while rank > Int(cells[cell]) {
            rank -= Int(cells[cell])
            cell += 1
        }
        return cell << 4
    }
}
var answer = (count: 0, meanUs: UInt64(0), p95Us: 0)
let counted = try best(3000) {
    let read = try monthReader.history("shop", in: Interval(start: last - 30 * Duration.dayNs, end: last))
    var month = Answer()
    if let slots = read?.content.stretches[0].slots[0] { month.add(slots.span) }
    answer = (month.count, month.meanUs, month.p95Us)
}
show("a month of one series: read, count, mean, p95 (to 16 us)", String(format: "%8.3f ms", counted))
precondition(answer.count > 43_000)
try? FileManager.default.removeItem(atPath: folder + "-month")  // what stays is in the temporary folder
