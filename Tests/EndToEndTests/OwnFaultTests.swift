import Foundation
import Loopback
import Support
import Testing

@Suite("Our own faults, against real targets", .serialized)
struct OwnFaultTests {
    @Test("without descriptors, probes are unknown and nobody is alerted")
    func descriptors() throws {
        let folder = try TemporaryFolder()
        let host = try LoopbackServer(.silent)
        let pagePort = try FreePort.take()
        // So many probes at once need more descriptors than there are; each would fail by its timeout.
        let checks = (1...150).map { "  - {name: shop-\($0), http: \"http://127.0.0.1:\(host.port)/\($0)\"}" }
        _ = try folder.file(
            "sonde.yaml",
            """
            version: 1
            store: {path: data, slots: 1d, hours: 1d}
            listen: 127.0.0.1:\(pagePort)
            zone: UTC
            defaults: {period: 30s, timeout: 29s}
            checks:
            \(checks.joined(separator: "\n"))
            """)
        let daemon = Process()
        daemon.executableURL = URL(fileURLWithPath: "/bin/sh")
        // Rings are not held open; the program itself takes about thirty.
        daemon.arguments = ["-c", "ulimit -n 120; exec \"$0\" run", Program.path]
        daemon.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        daemon.standardOutput = FileHandle.nullDevice
        daemon.standardError = FileHandle.nullDevice
        try daemon.run()
        defer { kill(daemon.processIdentifier, SIGKILL) }
        let lacking = try eventually(within: 40) {
            try Program.run(["export", "samples", "--last", "1h"], in: folder.path).output.contains("no-descriptors")
        }
        #expect(lacking)
        let rows = try Program.run(["export", "samples", "--last", "1h"], in: folder.path).output
            .split(separator: "\n").filter { $0.contains("no-descriptors") }
        #expect(rows.allSatisfy { $0.contains(",unknown,no-descriptors,") }, "\(rows.first ?? "")")
    }
}
