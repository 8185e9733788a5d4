import Foundation
import Glibc
import Storage
import Vocabulary

/// Power cuts of a real file system: an ext4 on a loop device, shut down without writing back what is in memory.
enum Ext4 {
    /// EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32), with EXT4_GOING_FLAGS_NOLOGFLUSH. Source: fs/ext4/ext4.h.
    private static let shutdownScript = """
        import fcntl, os, struct, sys
        folder = os.open(sys.argv[1], os.O_RDONLY)
        fcntl.ioctl(folder, 0x8004587d, struct.pack("I", 2))
        """

    static func loop(program: String, cuts: Int, seed: UInt64) throws -> TortureOutcome {
        var outcome = TortureOutcome()
        var random = TortureRandom(seed: seed)
        let workload = Victim.workload
        try Torture.inFolder("ext4") { folder in
            let (image, mount) = (folder + "/disk", folder + "/mount")
            try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
            try tool(["truncate", "-s", "96M", image])
            try tool(["mkfs.ext4", "-q", "-F", image])
            var step: Int64 = 0
            for cut in 0..<cuts where outcome.faults.isEmpty {
                try tool(["mount", "-o", "loop", image, mount])
                var isMounted = true
                defer { if isMounted { try? tool(["umount", "-l", mount]) } }  // after a failure only
                let path = mount + "/store"
                if cut > 0 {
                    let sure = max(0, step - Workload.keptSlots)..<step
                    outcome.faults += try workload.faults(in: path, sure: sure, last: step + 400)
                        .map { "seed \(seed), cut \(cut): \($0)" }
                    // Frames behind the last sync may be torn; the rings may not.
                    outcome.faults += try StoreReader(path: path).verify().faults
                        .filter { $0.contains(".ring") }.map { "seed \(seed), cut \(cut): \($0)" }
                }
                step = try writing(program, path, from: step, &random) {
                    try tool(["python3", "-c", shutdownScript, mount])
                }
                try tool(["umount", mount])
                isMounted = false
                outcome.rounds += 1
            }
            outcome.note = "\(step) steps"
        }
        return outcome
    }

    /// Lets a victim write for a while in real time, cuts, and gives the step up to which everything is sure: what was
    /// said more than a second and a half before the cut.
    private static func writing(
        _ program: String, _ path: String, from: Int64, _ random: inout TortureRandom, cut: () throws -> Void
    ) throws -> Int64 {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["slow-writer", path, "\(from)"]
        process.standardOutput = pipe
        try process.run()
        let descriptor = pipe.fileHandleForReading.fileDescriptor
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var words: [(at: Date, step: Int64)] = []
        let until = Date().addingTimeInterval(1.2 + Double(random.next() % 1_500) / 1_000)
        while Date() < until {
            var said = [Int64](repeating: 0, count: 1_024)
            let count = read(descriptor, &said, 8 * 1_024)
            if count > 0 { words.append((Date(), said[count / 8 - 1])) }
            usleep(500)
        }
        try cut()
        let now = Date()
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return (words.last { now.timeIntervalSince($0.at) > 1.1 }?.step).map { $0 + 1 } ?? from
    }

    private static func tool(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw TortureFault("\(arguments) failed") }
    }
}
