import Foundation
import Scheduling
import Storage
import Vocabulary

/// A month that never was, for the demonstration: response times with the rhythm of a day, a few outages, a slow
/// evening, a night without a prober. Every sample is marked `generated`.
struct DemoHistory {
    let plan: Plan
    let until: Instant
    let seed: UInt64
    private static let lengthNs = 30 * Duration.dayNs

    /// Writes the rows as the CSV that `sonde import samples` reads.
    func write(to path: String) throws {
        var text = Array((SampleFormat.csv.header.map { $0 + "\n" } ?? "").utf8)
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw Failure(.failed, "cannot write \(path)") }
        defer { file.closeFile() }
        for (number, check) in plan.checks.enumerated() {
            var random = SplitMix64(seed: seed &+ UInt64(number) &* 0x9e37_79b9)
            let story = Story(check: number, from: until - DemoHistory.lengthNs, until: until, &random)
            for (place, region) in check.regions.enumerated() {
                let phaseNs = SeriesPhase.phaseNs(
                    check: check.name, place: place, of: check.regions.count, periodNs: check.periodNs)
                for slot in check.grid.slots(in: Interval(start: until - DemoHistory.lengthNs, end: until)) {
                    let time = check.grid.start(of: slot) + phaseNs
                    guard let row = story.row(check, region, place, at: time, &random) else { continue }
                    SampleFormat.csv.write(row, to: &text)
                    if text.count > 1 << 20 {
                        file.write(Data(text))
                        text.removeAll(keepingCapacity: true)
                    }
                }
            }
        }
        file.write(Data(text))
    }
}

/// What happened to one check in that month.
private struct Story {
    private let check: Int
    private let outages: [(interval: Interval, cause: Cause, status: UInt16, regions: Int)]
    private let slow: Interval
    private let off: Interval

    init(check: Int, from: Instant, until: Instant, _ random: inout SplitMix64) {
        self.check = check
        let lengthNs = until - from
        func moment(_ random: inout SplitMix64) -> Instant { from + Int64(random.next() % UInt64(lengthNs)) }
        let causes: [(Cause, UInt16)] = [(.refused, 0), (.timeoutConnect, 0), (.status503, 503), (.reset, 0)]
        outages = (0..<(2 + check % 3)).map { _ in
            let start = moment(&random)
            let minutes = Int64(1 + random.next() % 28)
            let (cause, status) = causes[Int(random.next() % 4)]
            // TCP and TLS have no status.
            let fits = check < 2 || status == 0
            return (
                Interval(start: start, end: start + minutes * Duration.minuteNs), fits ? cause : .refused,
                fits ? status : 0, random.next() % 4 == 0 ? 1 : 3
            )
        }
        let evening = moment(&random)
        slow = Interval(start: evening, end: evening + 3 * Duration.hourNs)
        // One stop of the prober, the same for all.
        let night = until - 9 * Duration.dayNs
        off = Interval(start: night, end: night + 40 * Duration.minuteNs)
    }

    /// nil while the prober is off.
    func row(_ check: Check, _ region: String, _ place: Int, at time: Instant, _ random: inout SplitMix64) -> SampleRow?
    {
        guard !off.contains(time) else { return nil }
        let outage = outages.first { $0.interval.contains(time) && place < $0.regions }
        let isSlow = self.check == 0 && slow.contains(time)
        var legs = legs(place, at: time, &random)
        if isSlow { legs.waitUs += 260_000 }
        if let outage { legs = Legs(connectUs: outage.cause == .timeoutConnect ? 10_000_000 : legs.connectUs) }
        let verdict: Verdict = outage != nil ? .down : isSlow ? .degraded : .up
        let isHTTP = check.kind == "http"
        return SampleRow(
            time: time, check: check.name, region: region, verdict: verdict,
            cause: outage?.cause ?? (isSlow ? .totalOver : .ok), status: outage?.status ?? (isHTTP ? 200 : 0),
            totalUs: legs.totalUs, legs: legs, marks: .generated, restLeg: nil)
    }

    /// A base for each region, slower by day than by night, with a long tail.
    private func legs(_ place: Int, at time: Instant, _ random: inout SplitMix64) -> Legs {
        let base = [9_000, 42_000, 148_000][place % 3]
        let hour = Double(time.seconds % 86_400) / 3_600
        let rhythm = 1 + 0.25 * sin((hour - 9) / 24 * 2 * .pi)
        let tail = random.next() % 50 == 0 ? 2.5 : 1
        func part(_ share: Double) -> UInt32 {
            UInt32(Double(base) * share * rhythm * tail * (0.85 + Double(random.next() % 300) / 1_000))
        }
        return Legs(
            resolveUs: part(0.05), connectUs: part(0.3), handshakeUs: check == 3 ? part(0.5) : 0,
            waitUs: check == 3 ? 0 : part(0.5), transferUs: part(0.05))
    }
}
