import Foundation
import GRDB
import Support
import Testing
import Vocabulary

@testable import Ledger

@Suite("The file of the ledger")
struct LedgerFileTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/ledger.sqlite"
    }

    @Test("only its owner may read it, and what SQLite puts beside it")
    func mode() throws {
        let ledger = try Ledger(path: path)
        try ledger.update(incident())
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path + "/" + file)
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(file)")
        }
    }

    @Test("a commit is on the disk before the call returns")
    func durability() throws {
        let ledger = try Ledger(path: path)
        #expect(try ledger.write { try Int.fetchOne($0, sql: "PRAGMA synchronous") } == 2)
        #expect(try ledger.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
    }

    @Test("after kill -9 at any point each message is due exactly until it was delivered")
    func crash() throws {
        let ledger = try Ledger(path: path)
        let whole = incident(closedAfter: 5)
        let steps: [(name: String, act: () throws -> Void, due: [String])] = [
            (
                "opened", { try ledger.record(opened(whole), channels: ["ops"]) },
                ["shop-20261122T120000Z/opened to ops"]
            ),
            ("delivered", { try ledger.delivered(1, at: noon) }, []),
            (
                "closed", { try ledger.record(closed(whole), channels: ["ops"]) },
                ["shop-20261122T120000Z/closed to ops"]
            ),
            ("delivered too", { try ledger.delivered(2, at: noon) }, []),
        ]
        for (index, step) in steps.enumerated() {
            try step.act()
            // The files as a process leaves them that ends without closing anything.
            let copy = try TemporaryFolder()
            for file in ["ledger.sqlite", "ledger.sqlite-wal"] {
                try FileManager.default.copyItem(atPath: folder.path + "/" + file, toPath: copy.path + "/" + file)
            }
            let survivor = try Ledger(path: copy.path + "/ledger.sqlite")
            // The core loop records again what it is not sure of.
            try survivor.record(opened(whole), channels: ["ops"])
            if index >= 2 { try survivor.record(closed(whole), channels: ["ops"]) }
            let due = try survivor.dueNotifications(now: noon + Duration.hourNs, limit: 9)
            #expect(due.map(\.words) == step.due, "\(step.name)")
        }
    }

    @Test("a reader sees what was written a moment ago, and nothing when there is no ledger yet")
    func reading() throws {
        #expect(try Ledger(readingFrom: path) == nil)
        _ = try folder.file("ledger.sqlite", "")
        #expect(try Ledger(readingFrom: path) == nil, "an empty file, just created")

        var writer: Ledger? = try Ledger(path: path)
        try writer?.update(incident())
        let reader = try #require(try Ledger(readingFrom: path))
        #expect(try reader.openIncidents() == [incident()])
        try writer?.update(incident(closedAfter: 1))
        #expect(try reader.openIncidents() == [])
        #expect(throws: LedgerError.failed(path, why: "attempt to write a readonly database")) {
            try reader.update(incident())
        }

        writer = nil
        let after = try #require(try Ledger(readingFrom: path), "after the writer has ended")
        #expect(try after.incidents(of: "shop", in: Interval(start: noon, end: noon + Duration.dayNs)).count == 1)
    }

    @Test("many processes may create, migrate and write it at once")
    func manyWriters() async throws {
        let path = path
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    let ledger = try Ledger(path: path, busyTimeoutNs: 60 * Duration.secondNs)
                    for minute in 0..<5 {
                        let incident = incident("check-\(writer)", minute: Int64(minute))
                        try ledger.record(opened(incident), channels: ["ops"])
                    }
                }
            }
            try await group.waitForAll()
        }
        let counts = try Ledger(path: path).read { try $0.rowCounts() }
        #expect(counts == ["incident": 40, "notification": 40, "outbox": 40])
    }

    @Test("a call that another process keeps waiting gives up with a sentence, and works afterwards")
    func busy() throws {
        let holder = try Ledger(path: path)
        let waiter = try Ledger(path: path, busyTimeoutNs: Duration.millisecondNs)
        try holder.write { (_: Database) throws -> Void in
            let error = #expect(throws: LedgerError.busy(path)) { try waiter.update(incident()) }
            #expect(
                error?.description
                    == "\(path): another process is writing to the ledger; try again when it is done")
            #expect(try waiter.openIncidents() == [], "reading never waits for a writer")
        }
        try waiter.update(incident())
        #expect(try holder.openIncidents() == [incident()])
    }
}
