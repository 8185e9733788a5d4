// How long the store takes to give a year and a month of one series, to take slots, and to read and write them as text.
// Prints CPU time, the best of several runs; everything is warm.
// Usage: bench-storage [folder for the store, default /tmp]
import Foundation
import Storage
import Vocabulary

let folder = (CommandLine.arguments.count > 1 ? CommandLine.arguments[1] : "/tmp") + "/sonde-bench-storage"
try? FileManager.default.removeItem(atPath: folder)  // what an interrupted run left, if anything

/// CPU time of this process, user and system, in nanoseconds: other programs do not disturb it.
func cpuNs() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

/// CPU nanoseconds of the cheapest of `runs`.
func best(_ runs: Int, _ work: () throws -> Void) rethrows -> Double {
    var best = Double.infinity
    for _ in 0..<runs {
        let before = cpuNs()
        try work()
        best = min(best, cpuNs() - before)
    }
    return best
}

func show(_ what: String, _ ns: Double, per count: Int, _ unit: String) {
    let each = String(format: "%8.2f ns/%@", ns / Double(count), unit)
    print(what.padding(toLength: 44, withPad: " ", startingAt: 0), String(format: "%10.3f ms", ns / 1e6), each)
}

let slotCount = 525_600
let grid = SlotGrid(periodNs: Duration.minuteNs)
let end = Instant(seconds: 1_795_392_000)
let start = end - Int64(slotCount) * Duration.minuteNs
let writer = try StoreWriter(path: folder, options: .init(journals: false))
let ring = try writer.open(
    RingSpec(
        check: "shop", periodNs: Duration.minuteNs, vote: .majority, regions: ["local"], retention: .standard),
    now: end)
let era = writer.era(ring, at: start)
let first = grid.slot(at: start)

let putNs = try best(1) {
    for index in 0..<slotCount {
        let total = UInt32(20_000 + index % 30_000)
        let slot = Slot(
            verdict: .up, cause: .ok, status: 200, marks: [], startUnits: UInt32(index % 60_000), totalUs: total,
            legs: SlotLegs(Legs(resolveUs: 300, connectUs: 2000, waitUs: total - 3000, transferUs: 700)))
        try writer.put(slot, ring: ring, region: 0, slot: first + Int64(index), era: era)
    }
}
show("put, slot by slot", putNs, per: slotCount, "slot")
try writer.close(at: end)

let reader = try StoreReader(path: folder)
let year = Interval(start: start, end: end)
let month = Interval(start: end - 30 * Duration.dayNs, end: end)
for (name, interval) in [("a year of slots", year), ("a month of slots", month)] {
    let count = Int(interval.durationNs / Duration.minuteNs)
    let ns = try best(30) {
        let history = try reader.history("shop", in: interval)
        precondition(history?.content.stretches[0].slots[0].count == count && history?.damagedCount == 0)
    }
    show(name + ", read and checked", ns, per: count, "slot")
}
for (name, interval) in [("a year of verdicts", year), ("a month of verdicts", month)] {
    let count = Int(interval.durationNs / Duration.minuteNs)
    let ns = try best(30) {
        let verdicts = try reader.verdicts("shop", in: interval)
        precondition(verdicts?.content.stretches[0].verdicts?.count == count)
    }
    show(name + ", read and checked", ns, per: count, "verdict")
}

let capacity: Int64 = 576_000
var run = (0..<64 * 512).map { Slot(word0: 0, word1: UInt64($0)).sealed(sequence: Int64($0), capacity: capacity) }
let checkNs = best(200) {
    let suspects = run.withUnsafeMutableBufferPointer { SlotRun.verify($0, firstSequence: 0, capacity: capacity) }
    precondition(suspects.isEmpty)
}
show("the check alone, 32,768 slots", checkNs, per: run.count, "slot")

let stretch = try reader.history("shop", in: month)!.content.stretches[0]
for format in SampleFormat.allCases {
    var text = Array((format.header.map { $0 + "\n" } ?? "").utf8)
    let count = stretch.count
    let writeNs = best(1) {
        for (index, slot) in stretch.slots[0].enumerated() {
            let row = SampleRow(
                slot, number: stretch.firstSlot + Int64(index), grid: grid, check: "shop", region: "local")
            format.write(row, to: &text)
        }
    }
    show("a month written as \(format)", writeNs, per: count, "row")
    let file = folder + "/month.\(format)"
    try Data(text).write(to: URL(fileURLWithPath: file))
    let readNs = try best(3) {
        let rows = try SampleReader(path: file)
        var index = 0
        while let row = try rows.next() {
            precondition(row.slot(in: grid).slot == stretch.slots[0][index].facts)
            index += 1
        }
        precondition(index == count)
    }
    show("a month read from \(format)", readNs, per: count, "row")
}
try FileManager.default.removeItem(atPath: folder)
