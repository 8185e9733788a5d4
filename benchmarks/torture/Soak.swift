import Foundation
import Glibc
import Storage
import Vocabulary

/// The store under load for very long: files of one size, memory that does not grow.
enum Soak {
    static func run(samples: Int) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        try Torture.inFolder("soak") { folder in
            let path = folder + "/store"
            let workload = Workload(checks: 20, regions: ["tw", "us", "de", "jp", "br"])
            let store = try StoreWriter(path: path, options: .init(rules: TortureRules()))
            let rings = try workload.open(store, at: 0)
            let series = workload.checks * workload.regions.count
            let steps = Int64(samples / series)
            let capacity = Workload.keptSlots
            let bytes = try ringBytes(path)
            var (first, last, journalMost): (Int, Int, Int64) = (0, 0, 0)
            for step in 0..<steps {
                try workload.put(step, into: store, rings)
                guard step % 3_600 == 3_599 else { continue }
                outcome.rounds += 1
                if let fault = store.fault { outcome.faults.append("step \(step): \(fault)") }
                last = residentKB()
                // The first laps warm up.
                if step < 3 * capacity { first = max(first, last) }
                journalMost = max(journalMost, try StoreReader(path: path).info().journal.bytes)
                if try ringBytes(path) != bytes { outcome.faults.append("step \(step): the rings changed their size") }
            }
            outcome.faults += try workload.faults(
                in: path, sure: max(0, steps - capacity)..<steps, last: steps - 1)
            try store.close(at: Workload.instant(steps))
            outcome.faults += try StoreReader(path: path).verify().faults
            if last > first + 4_096 { outcome.faults.append("memory grew from \(first) to \(last) kB") }
            outcome.note =
                "\(Int(steps) * series) samples, \(steps / capacity) laps; rings \(bytes) bytes throughout, journal at "
                + "most \(journalMost), resident \(first) kB in the first laps and \(last) kB at the end"
        }
        return outcome
    }

    private static func ringBytes(_ path: String) throws -> Int64 {
        var bytes: Int64 = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: path + "/rings") {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(path)/rings/\(name)")
            bytes += attributes[.size] as? Int64 ?? 0
        }
        return bytes
    }

    private static func residentKB() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        return (text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) * 4
    }
}
