import Support
import Testing
import Vocabulary

@testable import Ledger

@Suite("Evidence in the ledger")
struct LedgerEvidenceTests {
    @Test("is kept beside its incident, the newest so many, and goes with it")
    func keeps() throws {
        let folder = try TemporaryFolder()
        let ledger = try ledger(in: folder)
        let incidents = (0..<4).map { incident(minute: Int64($0), closedAfter: 1) }
        for (number, incident) in incidents.enumerated() {
            try ledger.update(incident)
            try ledger.keep(evidence: "{\"n\":\(number)}", of: incident.id, at: incident.opened, max: 3)
        }
        #expect(try incidents.map { try ledger.evidence(of: $0.id) } == [nil, "{\"n\":1}", "{\"n\":2}", "{\"n\":3}"])
        try ledger.keep(evidence: "{}", of: incidents[3].id, at: noon, max: 3)
        #expect(try ledger.evidence(of: incidents[3].id) == "{}")
        try ledger.forget(closedBefore: noon + Duration.dayNs)
        #expect(try incidents.compactMap { try ledger.evidence(of: $0.id) } == [])
    }

    @Test("takes as much as its bound says")
    func bytes() throws {
        let folder = try TemporaryFolder()
        let ledger = try ledger(in: folder)
        try ledger.update(incident())
        let json = "\"" + String(repeating: "x", count: Ledger.evidenceBytesMax - 2) + "\""
        try ledger.keep(evidence: json, of: incident().id, at: noon)
        #expect(try ledger.evidence(of: incident().id) == json)
    }

    @Test("a ledger from before there was evidence gets its table, and keeps what it has")
    func older() throws {
        let folder = try TemporaryFolder()
        try ledger(in: folder).update(incident())
        let before = try ledger(in: folder)
        try before.write { database in
            for table in ["evidence", "pause", "correction", "announced_window"] {
                try database.execute(sql: "DROP TABLE \(table)")
            }
            try database.execute(sql: "PRAGMA user_version = 1")
        }
        let after = try ledger(in: folder)
        #expect(try after.openIncidents() == [incident()])
        #expect(try after.newestIncidents() == [incident()])
        #expect(try after.evidence(of: incident().id) == nil)
    }
}
