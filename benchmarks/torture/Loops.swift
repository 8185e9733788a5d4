import Foundation
import Glibc
import Storage
import Vocabulary

/// What a loop saw: how often it went round, and what was wrong.
struct TortureOutcome: Sendable {
    var rounds = 0
    var note = ""
    var faults: [String] = []
}

enum Torture {
    /// A folder for one round, removed behind it.
    static func inFolder<Answer>(_ name: String, _ body: (String) throws -> Answer) throws -> Answer {
        let temporary = (NSTemporaryDirectory() as NSString).standardizingPath
        let folder = "\(temporary)/sonde-torture-\(name)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // TORTURE_KEEP leaves what was found, to be looked at.
        defer { if getenv("TORTURE_KEEP") == nil { try? FileManager.default.removeItem(atPath: folder) } }
        return try body(folder)
    }

    // MARK: Faults

    /// Fails call 1, 2, … until a run passes untouched; after each: reopened, verified, compared. `step`: every how
    /// manyth call; the long form takes 1.
    static func faultLoop(codes: [Int32], every step: Int = 1, from first: Int = 1) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        for code in codes {
            var failing = first
            while outcome.faults.isEmpty {
                let disk = FaultyDisk(failing: failing, code: code)
                outcome.faults += try inFolder("fault") { folder in
                    try faultRound(folder + "/store", disk).map {
                        "call \(failing) (\(disk.hit.map { "\($0)" } ?? "none")) failing with \(code): \($0)"
                    }
                }
                outcome.rounds += 1
                if disk.hit == nil { break }
                failing += step
            }
        }
        return outcome
    }

    /// Four hours of a small store, with a change of retention in the middle that makes new files, and a restart.
    private static func faultRound(_ path: String, _ disk: FaultyDisk) throws -> [String] {
        let options = StoreWriter.Options(isThreaded: false, rules: TortureRules(), watch: disk)
        let before = Workload(checks: 2, slotsNs: Duration.hourNs)
        let after = Workload(checks: 2, slotsNs: 2 * Duration.hourNs)
        let half: Int64 = 5_000
        let end: Int64 = 9_000
        // Far apart, so that a round takes milliseconds; a few steps side by side at each.
        func steps(_ range: Range<Int64>) -> [Int64] { range.filter { $0 % 600 < 4 } }
        func life(_ workload: Workload, _ range: Range<Int64>) throws {
            let store = try trying { try StoreWriter(path: path, options: options) }
            let rings = try trying { try workload.open(store, at: range.lowerBound) }
            for step in steps(range) { try workload.put(step, into: store, rings) }
            // A fault heals by itself: turns go on until it has.
            var now = range.upperBound
            for _ in 0..<200 where store.fault != nil {
                now += 5
                store.commit(at: Workload.instant(now))
            }
            if store.fault != nil { throw TortureFault("the fault did not heal: \(String(describing: store.fault))") }
            if store.lostCount > 0 { throw TortureFault("\(store.lostCount) lost") }
            do { try store.close(at: Workload.instant(now)) } catch {
                // What could not move is in the journal: the next life has it.
            }
        }
        try life(before, 0..<half)
        try life(after, half..<end)
        let findings = try StoreReader(path: path).verify()
        var faults = findings.faults
        let reader = try StoreReader(path: path)
        for step in steps(1_900..<end) {
            for check in 0..<2 {
                let at = Workload.instant(step)
                let slots = try reader.history(
                    Workload.check(check), in: Interval(start: at, end: at + Duration.secondNs))?.content.stretches
                    .first?.slots.map { $0[0].facts }
                let expected = (0..<2).map { Workload.slot(check: check, region: $0, step: step) ?? .unwritten }
                if slots != expected { faults.append("check \(check) step \(step): \(String(describing: slots))") }
            }
        }
        return faults
    }

    /// Opening may fail once: whoever starts the program again succeeds.
    private static func trying<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do { return try body() } catch is StoreError { return try body() }
    }

    // MARK: Power

    /// Cuts the power at a random moment, again and again, of one store.
    static func powerLoop(rounds: Int, seed: UInt64) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        var random = TortureRandom(seed: seed)
        let workload = Workload(checks: 3)
        try inFolder("power") { folder in
            let path = folder + "/store"
            var step: Int64 = 0
            for round in 0..<rounds where outcome.faults.isEmpty {
                let disk = VolatileDisk()
                let store = try StoreWriter(
                    path: path, options: .init(isThreaded: false, rules: TortureRules(), watch: disk))
                let rings = try workload.open(store, at: step)
                let first = step
                // From a few seconds to several moves.
                let length = Int64(random.next() % (round % 4 == 0 ? 9_000 : 900)) + 1
                for next in first..<(first + length) { try workload.put(next, into: store, rings) }
                step = first + length
                store.abandon()
                disk.cut(&random)
                outcome.rounds += 1
                // Each step is a second, and was synced in its own turn: all but the last one are sure.
                let sure = max(0, step - Workload.keptSlots)..<(step - 1)
                outcome.faults += try workload.faults(in: path, sure: sure, last: step - 1)
                    .map { "seed \(seed), cut \(round) at step \(step): \($0)" }
            }
        }
        return outcome
    }

    // MARK: Bits and lengths

    /// Flips a bit anywhere in a small store, again and again: found, and confined to its own record.
    static func flipLoop(flips: Int, seed: UInt64) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        var random = TortureRandom(seed: seed)
        var silent = 0
        try inFolder("flip") { folder in
            let path = folder + "/store"
            let workload = try smallStore(path)
            let files = try storeFiles(path)
            let sound = try shown(path, workload)
            for _ in 0..<flips where outcome.faults.isEmpty {
                let (file, size) = files[Int(random.next() % UInt64(files.count))]
                let offset = try usedOffset(file, size, &random)
                let mask = UInt8(1) << UInt8(random.next() % 8)
                try flip(file, offset, mask)
                let findings = try StoreReader(path: path).verify()
                // A bit in a place never written makes a damaged record of nothing; all others cost one record.
                if findings.faultCount == 0 { silent += 1 }
                let now = try shown(path, workload)
                let changed = zip(sound, now).count { $0 != $1 }
                let wrong = zip(sound, now).count { $0 != $1 && $1.isWritten }
                // The largest unit is a frame of the journal.
                if wrong > 0 || changed > 400 || now.count != sound.count {
                    outcome.faults.append(
                        "seed \(seed), \(file) byte \(offset): \(changed) slots changed, \(wrong) of them wrong")
                }
                try flip(file, offset, mask)
                outcome.rounds += 1
            }
            if try shown(path, workload) != sound { outcome.faults.append("flipping back does not restore") }
        }
        outcome.note = "\(silent) flips of bytes that say nothing"
        return outcome
    }

    /// Every length that the files of a small store can be cut to, or every `step`th.
    static func lengthLoop(every step: Int) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        try inFolder("length") { folder in
            let path = folder + "/store"
            let workload = try smallStore(path)
            let sound = try shown(path, workload)
            for (file, size) in try storeFiles(path) {
                let content = try Data(contentsOf: URL(fileURLWithPath: file))
                for length in stride(from: Int(size) - 1, through: 0, by: -step) where outcome.faults.isEmpty {
                    truncate(file, off_t(length))
                    outcome.rounds += 1
                    do {
                        let now = try shown(path, workload)
                        let wrong = zip(sound, now).count { $0 != $1 && $1.isWritten }
                        if wrong > 0 { outcome.faults.append("\(file) cut to \(length): \(wrong) wrong") }
                        if try StoreReader(path: path).verify().isWhole, file.hasSuffix(".ring") {
                            outcome.faults.append("\(file) cut to \(length): said to be whole")
                        }
                    } catch StoreError.headerLost, StoreError.notARing {
                        continue
                    }
                }
                try content.write(to: URL(fileURLWithPath: file))
            }
            if try shown(path, workload) != sound { outcome.faults.append("restoring does not restore") }
        }
        return outcome
    }

    /// A store with slots, hours, verdicts and outages in its rings and a journal beside them.
    private static func smallStore(_ path: String) throws -> Workload {
        let workload = Workload(checks: 1, slotsNs: Duration.hourNs, hoursNs: Duration.hourNs)
        let options = StoreWriter.Options(isThreaded: false, rules: TortureRules())
        let store = try StoreWriter(path: path, options: options)
        let rings = try workload.open(store, at: 0)
        for step in 0..<Int64(4_000) { try workload.put(step, into: store, rings) }
        store.abandon()
        return workload
    }

    private static func storeFiles(_ path: String) throws -> [(file: String, size: Int64)] {
        var files: [(file: String, size: Int64)] = []
        for folder in ["rings", "journal"] {
            for name in try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted() {
                let file = "\(path)/\(folder)/\(name)"
                let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int64 ?? 0
                files.append((file, size))
            }
        }
        return files
    }

    /// The last 2,000 slots of each series, as a reader shows it.
    private static func shown(_ path: String, _ workload: Workload) throws -> [Slot] {
        let reader = try StoreReader(path: path)
        let interval = Interval(start: Workload.instant(2_000), end: Workload.instant(4_000))
        var all: [Slot] = []
        for check in 0..<workload.checks {
            let history = try reader.history(Workload.check(check), in: interval)?.content
            for region in workload.regions.indices {
                var slots = [Slot](repeating: .unwritten, count: 2_000)
                for stretch in history?.stretches ?? [] {
                    for (index, slot) in stretch.slots[region].enumerated() {
                        let step = stretch.firstSlot + Int64(index) - Workload.begin.seconds
                        slots[Int(step - 2_000)] = slot.facts
                    }
                }
                all += slots
            }
        }
        return all
    }

    /// A byte that holds something, as far as a few tries find one: most of a young store is empty.
    private static func usedOffset(_ file: String, _ size: Int64, _ random: inout TortureRandom) throws -> Int64 {
        guard let handle = FileHandle(forReadingAtPath: file) else { return 0 }
        defer { handle.closeFile() }
        var offset: Int64 = 0
        for _ in 0..<20 {
            offset = Int64(random.next() % UInt64(size))
            handle.seek(toFileOffset: UInt64(offset))
            if handle.readData(ofLength: 1).first ?? 0 != 0 { break }
        }
        return offset
    }

    private static func flip(_ file: String, _ offset: Int64, _ mask: UInt8) throws {
        let descriptor = open(file, O_RDWR)
        defer { close(descriptor) }
        var byte: UInt8 = 0
        guard pread(descriptor, &byte, 1, off_t(offset)) == 1 else { throw TortureFault("cannot read \(file)") }
        byte ^= mask
        guard pwrite(descriptor, &byte, 1, off_t(offset)) == 1 else { throw TortureFault("cannot write \(file)") }
    }
}

struct TortureFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
