import Foundation
import GRDB
import Support
import Testing
import Vocabulary

@testable import Ledger

@Suite("Files the ledger refuses")
struct LedgerRefusalTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/ledger.sqlite"
    }

    /// Opening, to write and to read, says `text`, and leaves the file as it was.
    func expectRefusal(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let writing = #expect(throws: LedgerError.self, sourceLocation: sourceLocation) { try Ledger(path: path) }
        #expect(writing?.description == text, sourceLocation: sourceLocation)
        let reading = #expect(throws: LedgerError.self, sourceLocation: sourceLocation) {
            try Ledger(readingFrom: path)
        }
        #expect(reading?.description == text, sourceLocation: sourceLocation)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before, sourceLocation: sourceLocation)
    }

    var damagedText: String {
        "\(path): not a ledger, or a damaged one; put a copy in its place, or move it away to begin an empty one"
    }

    @Test("a newer version's")
    func newer() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            try LedgerSchema.bringUpToDate(database)
            try database.execute(sql: "PRAGMA user_version = \(LedgerSchema.steps.count + 1)")
        }
        try queue.close()
        try expectRefusal(
            "\(path): a newer Sonde wrote this ledger (format 4; this one knows 3); "
                + "run that version, or move the file away to begin an empty one")
    }

    @Test("one that is no database")
    func noDatabase() throws {
        _ = try folder.file("ledger.sqlite", String(repeating: "name,check,time\n", count: 100))
        try expectRefusal(damagedText)
    }

    @Test("another program's database")
    func anotherProgram() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.create(table: "moz_places") { $0.primaryKey("id", .integer) } }
        try queue.close()
        try expectRefusal(damagedText)
    }

    @Test("one whose pages were overwritten")
    func overwritten() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try LedgerSchema.bringUpToDate($0) }
        try queue.close()
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seek(toOffset: 100)
        try handle.write(contentsOf: Data(repeating: 0x5a, count: 4000))
        try handle.close()
        try expectRefusal(damagedText)
    }

    @Test("an older version's, when it is only read: opening it for writing brings it up to date")
    func older() throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: "PRAGMA application_id = \(LedgerSchema.applicationID)") }
        try queue.close()
        let error = #expect(throws: LedgerError.older(path)) { try Ledger(readingFrom: path) }
        #expect(
            error?.description
                == "\(path): an older Sonde wrote this ledger; start `sonde run` once, which brings it up to date")
        #expect(try Ledger(path: path).openIncidents() == [])
        #expect(try Ledger(readingFrom: path) != nil)
    }

    @Test("a path where no file can be")
    func noFolder() throws {
        let missing = folder.path + "/missing/ledger.sqlite"
        let error = #expect(throws: LedgerError.self) { try Ledger(path: missing) }
        #expect(
            error?.description
                == "\(missing): the ledger cannot be opened (No such file or directory); "
                + "its folder must exist and be writable by this user")
    }

    @Test("a row that is not what it should be is an error, not a crash")
    func strangeRow() throws {
        let ledger = try Ledger(path: path)
        try ledger.record(opened(incident()), channels: ["ops"])
        try ledger.write { try $0.execute(sql: "UPDATE notification SET change = 'reopened'") }
        #expect(throws: LedgerError.damaged(path)) {
            try ledger.dueNotifications(now: noon + Duration.hourNs, limit: 1)
        }
        try ledger.write { try $0.execute(sql: "UPDATE incident SET regions = 'tw', cause = 'from-the-future'") }
        #expect(throws: LedgerError.damaged(path)) { try ledger.openIncidents() }
        try ledger.write { try $0.execute(sql: "UPDATE incident SET regions = '[]'") }
        #expect(try ledger.openIncidents().map(\.cause) == [.unstated])
    }
}
