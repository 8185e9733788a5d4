import GRDB
import Vocabulary

extension Ledger {
    /// Keeps what changed about an incident without telling anyone.
    package func update(_ incident: Incident) throws(LedgerError) {
        try write { try IncidentRow(incident).upsert($0) }
    }

    /// Those not closed, oldest first.
    package func openIncidents() throws(LedgerError) -> [Incident] {
        try read { database in
            try IncidentRow.filter(Column("closed") == nil).order(Column("opened"), Column("id"))
                .fetchAll(database).map(\.incident)
        }
    }

    /// The last of each check: what a run takes up again at its start, and what it need not tell again.
    package func newestIncidents() throws(LedgerError) -> [Incident] {
        try read { database in
            try IncidentRow.fetchAll(
                database, sql: "SELECT *, max(opened) FROM incident GROUP BY \"check\" ORDER BY opened, id"
            ).map(\.incident)
        }
    }

    /// Those that were open at some moment of `interval`, oldest first. `check`: nil for all checks.
    package func incidents(of check: String?, in interval: Interval) throws(LedgerError) -> [Incident] {
        let start = interval.start.nanoseconds
        var request = IncidentRow.filter(Column("opened") < interval.end.nanoseconds)
            // The last term: one that opened and closed at the same instant is in the interval that holds it.
            .filter(Column("closed") == nil || Column("closed") > start || Column("opened") >= start)
            .order(Column("opened"), Column("id"))
        if let check { request = request.filter(Column("check") == check) }
        return try read { [request] in try request.fetchAll($0).map(\.incident) }
    }

    /// Forgets incidents closed before `instant`, with their notifications, and tests of channels: the bound of the
    /// ledger's growth. Windows that were over by then go too. Gives back how many incidents. What still has something
    /// to deliver stays.
    @discardableResult
    package func forget(closedBefore instant: Instant) throws(LedgerError) -> Int {
        try write { database in
            try database.execute(
                sql: """
                    DELETE FROM notification WHERE incident_id IS NULL AND time < :instant AND NOT EXISTS (
                        SELECT 1 FROM outbox WHERE outbox.key = notification.key AND next_attempt IS NOT NULL)
                    """, arguments: ["instant": instant.nanoseconds])
            try database.execute(
                sql: "DELETE FROM announced_window WHERE \"end\" < ?", arguments: [instant.nanoseconds])
            try database.execute(
                sql: """
                    DELETE FROM incident WHERE closed < :instant AND NOT EXISTS (
                        SELECT 1 FROM notification JOIN outbox USING (key)
                        WHERE notification.incident_id = incident.id AND next_attempt IS NOT NULL)
                    """, arguments: ["instant": instant.nanoseconds])
            return database.changesCount
        }
    }
}
