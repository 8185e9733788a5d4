import GRDB

/// The tables, as a list of steps that are never edited once released: a change is a new step at the end.
enum LedgerSchema {
    /// Marks the file as ours in SQLite's header (`file ledger.sqlite` shows it): "Sond".
    static let applicationID: Int32 = 0x536f_6e64

    /// How many steps a file has seen stands in SQLite's `user_version`. Instants are nanoseconds since the epoch;
    /// lists and snapshots are JSON.
    static let steps: [@Sendable (Database) throws -> Void] = [
        {
            try createIncidents($0)
            try createOutbox($0)
        },
        { try createEvidence($0) },
        { try createAmendments($0) },
    ]

    /// What changes how slots count. Nothing of it is ever edited but by an end or a withdrawal.
    private static func createAmendments(_ database: Database) throws {
        try database.create(table: "pause") { table in
            table.autoIncrementedPrimaryKey("id")
            table.column("check", .text).notNull()
            table.column("start", .integer).notNull()
            // Null while it goes on.
            table.column("end", .integer)
            table.column("origin", .text).notNull()
        }
        try database.create(table: "correction") { table in
            // Never used again for another row: people withdraw corrections by it.
            table.autoIncrementedPrimaryKey("id")
            table.column("check", .text).notNull()
            table.column("start", .integer).notNull()
            table.column("end", .integer).notNull()
            table.column("verdict", .text).notNull()
            table.column("why", .text).notNull()
            table.column("entered", .integer).notNull()
            // Null while it stands.
            table.column("withdrawn", .integer)
            table.column("withdrawn_why", .text)
        }
        try database.create(table: "announced_window") { table in
            table.column("name", .text).notNull()
            table.column("start", .integer).notNull()
            table.column("end", .integer).notNull()
            table.column("checks", .jsonText).notNull()
            table.column("entered", .integer).notNull()
            table.primaryKey(["name", "start", "end"])
        }
    }

    /// What was seen when an incident began, as JSON; goes with it.
    private static func createEvidence(_ database: Database) throws {
        try database.create(table: "evidence") { table in
            table.primaryKey("incident_id", .text).references("incident", onDelete: .cascade)
            table.column("time", .integer).notNull().indexed()
            table.column("json", .jsonText).notNull()
        }
    }

    enum State {
        case empty, older, current
    }

    /// Throws when the file is a newer Sonde's or another program's.
    static func state(of database: Database, path: String) throws -> State {
        let applicationID = try Int32.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        if applicationID == 0, try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema") == 0 {
            return .empty
        }
        guard applicationID == Self.applicationID else { throw LedgerError.damaged(path) }
        let version = try version(database)
        guard version <= steps.count else { throw LedgerError.newer(path, format: version) }
        return version == steps.count ? .current : .older
    }

    /// Takes the steps that are missing. To be called in one transaction that writes from its start, so that of two
    /// processes one waits and then finds nothing to do. (GRDB's own migrator reads what is missing outside of it.)
    static func bringUpToDate(_ database: Database) throws {
        let version = try version(database)
        guard version < steps.count else { return }
        for step in steps[version...] { try step(database) }
        try database.execute(sql: "PRAGMA application_id = \(applicationID)")
        try database.execute(sql: "PRAGMA user_version = \(steps.count)")
    }

    private static func version(_ database: Database) throws -> Int {
        max(0, try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0)
    }

    private static func createIncidents(_ database: Database) throws {
        try database.create(table: "incident") { table in
            table.primaryKey("id", .text)
            table.column("check", .text).notNull()
            table.column("title", .text).notNull()
            table.column("opened", .integer).notNull()
            table.column("closed", .integer)
            table.column("cause", .text).notNull()
            table.column("regions", .jsonText).notNull()
            table.column("outages", .jsonText).notNull()
        }
        try database.create(index: "incident_by_check", on: "incident", columns: ["check", "opened"])
        try database.create(
            index: "incident_open", on: "incident", columns: ["opened"], condition: Column("closed") == nil)
    }

    /// A notification keeps the incident as it was when the message was written, so that a second delivery after a
    /// crash says the same as the first.
    private static func createOutbox(_ database: Database) throws {
        try database.create(table: "notification") { table in
            table.primaryKey("key", .text)
            // Null for a test, which belongs to no incident.
            table.column("incident_id", .text).references("incident", onDelete: .cascade).indexed()
            table.column("change", .text).notNull()
            table.column("time", .integer).notNull()
            table.column("incident", .jsonText).notNull()
        }
        try database.create(table: "outbox") { table in
            // Never used again for another row: Alerting names deliveries in flight by it.
            table.autoIncrementedPrimaryKey("id")
            table.column("key", .text).notNull().references("notification", onDelete: .cascade)
            table.column("channel", .text).notNull()
            table.column("attempts", .integer).notNull().defaults(to: 0)
            // Null once it is delivered or given up.
            table.column("next_attempt", .integer)
            table.column("delivered", .integer)
            table.column("failure", .text)
            table.uniqueKey(["key", "channel"])
        }
        try database.create(
            index: "outbox_pending", on: "outbox", columns: ["next_attempt"],
            condition: Column("next_attempt") != nil)
    }
}
