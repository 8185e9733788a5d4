import Alerting
import Foundation
import Ledger
import Logging
import Loopback
import Support
import Testing
import Vocabulary

@testable import sonde

/// A disk of the test's own, filled up.
@Suite(
    "A store that cannot be written", .serialized,
    .enabled(if: ThreadApart.isPermitted, "this machine does not let us have mounts of our own (unshare)"))
struct StoreFaultTests {
    /// Notifications as the command channel was given them.
    private static func told(_ folder: TemporaryFolder) throws -> [[String: Any]] {
        let text = (try? String(contentsOfFile: folder.path + "/told", encoding: .utf8)) ?? ""
        return try text.split(separator: "\n").map {
            try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    private static func keys(_ folder: TemporaryFolder) throws -> [String] {
        try told(folder).compactMap { $0["key"] as? String }
    }

    /// Runs `body` with a folder in which `data` is a disk of that many bytes.
    private static func onDisk(
        of size: String, _ body: @escaping @Sendable (TemporaryFolder) throws -> Void
    ) async throws {
        try await ThreadApart.run {
            let folder = try TemporaryFolder()
            try FileManager.default.createDirectory(atPath: folder.path + "/data", withIntermediateDirectories: true)
            try ChildProgram.run(["mount", "-t", "tmpfs", "-o", "size=\(size)", "none", "data"], in: folder.path)
            // With a disk on it the folder could not be removed.
            defer { _ = try? ChildProgram.run(["umount", "-l", "data"], in: folder.path) }
            try body(folder)
        }
    }

    private static func fill(_ folder: TemporaryFolder) throws {
        try ChildProgram.run(["sh", "-c", "cat /dev/zero > data/filler || true"], in: folder.path)
    }

    private static func clear(_ folder: TemporaryFolder) throws {
        try FileManager.default.removeItem(atPath: folder.path + "/data/filler")
    }

    @Test("is told once, shown by every output while it lasts, and told once when it is over; no sample is lost")
    func fullDisk() async throws {
        try await Self.onDisk(of: "32m") { folder in
            let target = try LoopbackServer(.http(body: "ok\n"))
            let pagePort = try FreePort.take()
            // So many that the journal's last page is soon full.
            let checks = (1...30).map { "  - {name: shop-\($0), http: \"http://127.0.0.1:\(target.port)/\"}" }
            _ = try folder.file(
                "sonde.yaml",
                """
                version: 1
                store: {path: data, slots: 1d, hours: 1d}
                listen: 127.0.0.1:\(pagePort)
                zone: UTC
                defaults: {period: 2s, timeout: 900ms}
                checks:
                \(checks.joined(separator: "\n"))
                channels:
                  file: {command: {argv: [/bin/sh, -c, "cat >> told; echo >> told"]}}
                alerts:
                  - {checks: [shop-1], to: [file]}
                """)
            func page(_ path: String) throws -> String {
                let url = try #require(URL(string: "http://127.0.0.1:\(pagePort)\(path)"))
                return String(decoding: try Data(contentsOf: url), as: UTF8.self)
            }
            let daemon = try Program.start(["run"], in: folder.path)
            defer { kill(daemon.processIdentifier, SIGKILL) }
            #expect(eventually(within: 30) { target.connections >= 60 })
            #expect(try page("/healthz") == "ok\n")
            let well = try Program.run(["status", "--json"], in: folder.path)
            #expect(well.code == 0, "\(well.errors)")
            #expect(try well.json()["store_fault"] is NSNull)

            try Self.fill(folder)
            #expect(try eventually(within: 60) { try Self.told(folder).count == 1 })
            let opened = try #require(try Self.told(folder).first)
            let incident = try #require(opened["incident"] as? [String: Any])
            #expect(opened["change"] as? String == "opened")
            #expect(incident["check"] as? String == "_store" && incident["cause"] as? String == "internal-fault")
            #expect(incident["closed"] is NSNull)
            let title = try #require(incident["title"] as? String)
            #expect(title.hasPrefix("The store takes no samples, they wait in memory: "), "\(title)")
            let fault = String(title.dropFirst("The store takes no samples, they wait in memory: ".count))
            #expect(fault.contains("data/journal"), "\(fault)")

            #expect(try page("/healthz").hasPrefix("store: data/journal"))
            #expect(try eventually(within: 20) { try page("/").contains("The store takes no samples") })
            #expect(try eventually(within: 20) { try page("/metrics").contains("\nsonde_store_faulty 1\n") })
            let status = try Program.run(["status", "--json"], in: folder.path)
            #expect((try status.json()["store_fault"] as? String)?.contains("data/journal") == true)
            #expect(status.code == 3)
            let text = try Program.run(["status"], in: folder.path).output
            #expect(text.contains("The store takes no samples, they wait in memory:"), "\(text)")

            let asked = target.connections
            #expect(eventually(within: 30) { target.connections >= asked + 60 })
            try Self.clear(folder)
            #expect(try eventually(within: 60) { try Self.told(folder).count == 2 })
            let id = try #require(incident["id"] as? String)
            #expect(try Self.keys(folder) == ["\(id)/opened", "\(id)/closed"])
            #expect(try eventually(within: 20) { try page("/healthz") == "ok\n" })
            let after = try Program.run(["status", "--json"], in: folder.path)
            #expect(after.code == 0)
            #expect(try after.json()["store_fault"] is NSNull)
            let metrics = try page("/metrics")
            #expect(metrics.contains("\nsonde_store_samples_lost_total 0\n"), "\(metrics)")
            #expect(daemon.isRunning)
        }
    }

    /// A teller over the folder's ledger, with a channel that runs a line of shell in the folder.
    private static func teller(_ folder: TemporaryFolder, _ command: String) throws -> (Teller, Ledger) {
        let file = try folder.file(
            "sonde.yaml",
            """
            version: 1
            store: {path: data}
            zone: UTC
            checks:
              - {name: shop, http: "http://127.0.0.1:9/"}
            channels:
              file: {command: {argv: [/bin/sh, -c, "cd \(folder.path); \(command)"]}}
            """)
        let plan = try CommonOptions.parse(["--config", file]).plan()
        var mistakes = Mistakes()
        let book = try #require(ChannelBook.compile(plan, &mistakes))
        let ledger = try Ledger(path: plan.ledgerPath)
        let teller = Teller(
            plan: plan, ledger: ledger, book: book, log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return (teller, ledger)
    }

    private static let noon = Instant(rfc3339: "2026-11-22T12:00:00Z")!
    private static let incident = Incident(
        check: "shop", title: "Shop", opened: noon, cause: .refused, regions: ["local"])

    @Test("a ledger that takes nothing delays no notification, and gets what it missed when it takes it again")
    func fullLedger() async throws {
        try await Self.onDisk(of: "1m") { folder in
            let (teller, ledger) = try Self.teller(folder, "cat >> told; echo >> told")
            try Self.fill(folder)
            var incident = Self.incident
            teller.tell(.opened, of: incident, at: Self.noon)
            incident.closed = Self.noon + Duration.minuteNs
            teller.tell(.closed, of: incident, at: Self.noon + Duration.minuteNs)
            var turns: Int64 = 60
            func turn() {
                turns += 1
                teller.turn(at: Self.noon + turns * Duration.secondNs)
            }
            let isTold = try eventually(within: 20) {
                turn()
                return try Self.told(folder).count == 2
            }
            #expect(isTold)
            #expect(try Self.keys(folder) == ["\(incident.id)/opened", "\(incident.id)/closed"])
            #expect(try ledger.newestIncidents() == [])

            try Self.clear(folder)
            let isKept = try eventually(within: 20) {
                turn()
                return try ledger.newestIncidents() == [incident]
            }
            #expect(isKept)
            teller.stop(at: Self.noon + turns * Duration.secondNs)
            #expect(try ledger.dueNotifications(now: Self.noon + Duration.dayNs, limit: 10) == [])
            #expect(try Self.told(folder).count == 2)
        }
    }

    @Test("what stands in a ledger that fills up is tried again after the usual waits, though none can be noted")
    func fullWhileTrying() async throws {
        try await Self.onDisk(of: "1m") { folder in
            let (teller, ledger) = try Self.teller(folder, "date +%s.%N >> tried; exit 1")
            teller.tell(.opened, of: Self.incident, at: SystemClock.now)
            try Self.fill(folder)
            func tries() -> [Double] {
                let text = (try? String(contentsOfFile: folder.path + "/tried", encoding: .utf8)) ?? ""
                return text.split(separator: "\n").compactMap { Double($0) }
            }
            // A second, two and four lie between the four of them.
            let isTried = eventually(within: 30) {
                teller.turn(at: SystemClock.now)
                return tries().count == 4
            }
            #expect(isTried)
            let waits = zip(tries(), tries().dropFirst()).map { $1 - $0 }
            #expect(zip(waits, [1, 2, 4]).allSatisfy { $0 >= $1 - 0.01 }, "\(waits)")
            #expect(try ledger.dueNotifications(now: SystemClock.now, limit: 10).map(\.attempts) == [0])
            teller.stop(at: SystemClock.now)
        }
    }
}
