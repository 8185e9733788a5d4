import GRDB
import Vocabulary

extension Ledger {
    /// Longest evidence of one incident.
    package static let evidenceBytesMax = 64 * 1024
    /// Incidents whose evidence is kept; of more the oldest goes.
    package static let evidenceMax = 1_000

    /// Keeps what was seen when an incident began, in place of what was kept for it before: JSON, no longer than
    /// `evidenceBytesMax`. `incident` must be in the ledger. `max`: another bound than `evidenceMax`, for tests.
    package func keep(
        evidence json: String, of incident: String, at now: Instant, max: Int = evidenceMax
    ) throws(LedgerError) {
        precondition(json.utf8.count <= Ledger.evidenceBytesMax, "whoever writes evidence keeps to its bound")
        try write { database in
            try database.execute(
                sql: "INSERT OR REPLACE INTO evidence (incident_id, time, json) VALUES (?, ?, ?)",
                arguments: [incident, now.nanoseconds, json])
            try database.execute(
                sql: """
                    DELETE FROM evidence WHERE incident_id NOT IN (
                        SELECT incident_id FROM evidence ORDER BY time DESC, incident_id DESC LIMIT ?)
                    """, arguments: [max])
        }
    }

    /// nil when none is kept, or not any more.
    package func evidence(of incident: String) throws(LedgerError) -> String? {
        try read { database in
            try String.fetchOne(
                database, sql: "SELECT json FROM evidence WHERE incident_id = ?", arguments: [incident])
        }
    }
}
