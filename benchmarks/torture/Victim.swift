import Foundation
import Glibc
import Storage
import Vocabulary

/// A process that writes a store as fast as it can and says how far it came, and one that kills it.
enum Victim {
    static let workload = Workload()

    /// Writes step after step from `from` on, and says each on standard output once it is handed over.
    /// `isSlow`: a hundred steps a second, and a clock that goes with the real one, but for an hour now and then.
    static func run(path: String, from: Int64, isSlow: Bool) throws {
        let store = try StoreWriter(path: path, options: .init(rules: TortureRules()))
        let rings = try workload.open(store, at: from)
        let begun = Date()
        var step = from
        while true {
            let elapsedNs = Int64(Date().timeIntervalSince(begun) * 1e9)
            let now = Workload.instant(from) + elapsedNs + (step - from) / 150 * Duration.hourNs
            try workload.put(step, into: store, rings, at: isSlow ? now : Workload.instant(step))
            guard store.fault == nil else { throw TortureFault("\(String(describing: store.fault))") }
            var said = step
            guard write(STDOUT_FILENO, &said, 8) == 8 else { return }
            step += 1
            if isSlow { usleep(10_000) }
        }
    }

    /// Kills a victim at random moments; after each: verified, and compared with what it had said.
    static func killLoop(program: String, kills: Int, seed: UInt64) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        var random = TortureRandom(seed: seed)
        try Torture.inFolder("kill") { folder in
            let path = folder + "/store"
            var step: Int64 = 0
            for kill in 0..<kills where outcome.faults.isEmpty {
                let last = try life(
                    program, path, from: step, forUs: kill == 0 ? 1 : UInt32(random.next() % 60_000),
                    whileRunning: { _ in })
                outcome.rounds += 1
                let sure = max(0, (last ?? step) - Workload.keptSlots)..<((last ?? step - 1) + 1)
                // What came after the last word may be there as well.
                let faults = try workload.faults(in: path, sure: sure, last: sure.upperBound + 50)
                let findings = try StoreReader(path: path).verify()
                outcome.faults += (faults + findings.faults).map { "seed \(seed), kill \(kill), step \(step): \($0)" }
                step = sure.upperBound
            }
            outcome.note = "\(step) steps of \(workload.checks * workload.regions.count) series"
        }
        return outcome
    }

    /// A reader beside a victim at full rate: never a torn slot, never a fault, and never behind what was said.
    static func readLoop(program: String, reads: Int) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        try Torture.inFolder("read") { folder in
            let path = folder + "/store"
            _ = try life(program, path, from: 0, forUs: nil) { said in
                // The first word comes once the rings are there.
                while said() == nil { usleep(1_000) }
                for _ in 0..<reads where outcome.faults.isEmpty {
                    let before = said() ?? 0
                    let sure = max(0, before - 600)..<(before + 1)
                    // It goes on while we read: of what is newer each slot is right or not there.
                    outcome.faults += try workload.faults(in: path, sure: sure, last: before + 600)
                    outcome.rounds += 1
                }
            }
        }
        return outcome
    }

    /// A victim's life until it is killed, after `forUs` or when `whileRunning` is done. Gives its last word.
    private static func life(
        _ program: String, _ path: String, from: Int64, forUs: UInt32?,
        whileRunning: (() -> Int64?) throws -> Void
    ) throws -> Int64? {
        let pipe = Pipe()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["writer", path, "\(from)"]
        process.standardOutput = pipe
        try process.run()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var last: Int64?
        func said() -> Int64? {
            // Words have eight bytes, and a pipe gives them whole: it holds a multiple of eight.
            var words = [Int64](repeating: 0, count: 8_192)
            while true {
                let count = read(descriptor, &words, words.count * 8)
                guard count > 0 else { return last }
                last = words[count / 8 - 1]
            }
        }
        if let forUs {
            // It starts up first: the moment is counted from its first word for most kills, from its birth for some.
            let end = Date().addingTimeInterval(5)
            if forUs % 8 != 0 { while said() == nil, Date() < end, process.isRunning { usleep(500) } }
            let until = Date().addingTimeInterval(Double(forUs) / 1e6)
            while Date() < until {
                _ = said()
                usleep(200)
            }
        }
        defer { process.waitUntilExit() }
        do { try whileRunning(said) } catch {
            kill(process.processIdentifier, SIGKILL)
            throw error
        }
        guard process.isRunning else { throw TortureFault("the writer ended by itself") }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return said()
    }
}
