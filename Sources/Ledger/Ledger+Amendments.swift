import GRDB
import Vocabulary

// Pauses, corrections and the windows that were announced: what changes how slots count.
extension Ledger {
    /// What was entered of checks under their former names becomes their own. `names`: by former name, the present one.
    package func rename(_ names: [String: String]) throws(LedgerError) {
        try write { database in
            for (former, name) in names {
                for table in ["pause", "correction"] {
                    try database.execute(
                        sql: "UPDATE \(table) SET \"check\" = ? WHERE \"check\" = ?", arguments: [name, former])
                }
                // Names hold nothing that JSON would escape.
                try database.execute(
                    sql: "UPDATE announced_window SET checks = replace(checks, ?, ?)",
                    arguments: ["\"\(former)\"", "\"\(name)\""])
            }
        }
    }

    // MARK: Pauses

    /// Begins a pause of `check`. `until`: nil, it goes on until it is ended. Gives back the pause that holds `start`
    /// already, and then enters nothing.
    package func pause(
        _ check: String, from start: Instant, until end: Instant? = nil, origin: Pause.Origin = .command
    ) throws(LedgerError) -> Pause? {
        try write { database in
            if let held = try PauseRow.at(start, of: check, database) { return held.pause }
            try database.execute(
                sql: "INSERT INTO pause (\"check\", start, \"end\", origin) VALUES (?, ?, ?, ?)",
                arguments: [check, start.nanoseconds, end?.nanoseconds, origin.rawValue])
            return nil
        }
    }

    /// Ends the pause of `check` that holds `now`, and gives it back as it was; nil when there is none. One that the
    /// other origin began is given back and goes on.
    package func resume(
        _ check: String, at now: Instant, origin: Pause.Origin = .command
    ) throws(LedgerError) -> Pause? {
        try write { database in
            guard let held = try PauseRow.at(now, of: check, database) else { return nil }
            if held.origin == origin.rawValue {
                try database.execute(
                    sql: "UPDATE pause SET \"end\" = ? WHERE id = ?", arguments: [now.nanoseconds, held.id])
            }
            return held.pause
        }
    }

    /// Those of all checks that end after `instant`, or not yet, oldest first.
    package func pauses(endingAfter instant: Instant = Instant(nanoseconds: .min)) throws(LedgerError) -> [Pause] {
        try read { database in
            try PauseRow.fetchAll(
                database, sql: "SELECT * FROM pause WHERE \"end\" IS NULL OR \"end\" > ? ORDER BY start, id",
                arguments: [instant.nanoseconds]
            ).map(\.pause)
        }
    }

    // MARK: Corrections

    /// Enters a correction. When it overlaps one of the same check that stands, that one is given back, and nothing is
    /// entered: of two words on the same slot nobody could tell which was meant.
    package func correct(
        _ check: String, _ correction: Correction, at now: Instant
    ) throws(LedgerError) -> CorrectionEntry? {
        try write { database in
            let overlapped = try CorrectionRow.fetchOne(
                database,
                sql: """
                    SELECT * FROM correction
                    WHERE "check" = ? AND start < ? AND "end" > ? AND withdrawn IS NULL ORDER BY start LIMIT 1
                    """,
                arguments: [
                    check, correction.interval.end.nanoseconds, correction.interval.start.nanoseconds,
                ])
            if let overlapped { return try overlapped.entry() }
            try database.execute(
                sql: """
                    INSERT INTO correction ("check", start, "end", verdict, why, entered) VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    check, correction.interval.start.nanoseconds, correction.interval.end.nanoseconds,
                    correction.verdict.rawValue, correction.why, now.nanoseconds,
                ])
            return nil
        }
    }

    /// Takes a correction back; it stays in the ledger with the reason. False when none of that number stands.
    package func withdraw(correction id: Int64, why: String, at now: Instant) throws(LedgerError) -> Bool {
        try write { database in
            try database.execute(
                sql: "UPDATE correction SET withdrawn = ?, withdrawn_why = ? WHERE id = ? AND withdrawn IS NULL",
                arguments: [now.nanoseconds, why, id])
            return database.changesCount == 1
        }
    }

    /// Those that stand, in the order they were entered.
    package func corrections() throws(LedgerError) -> [CorrectionEntry] {
        try read { database in
            try CorrectionRow.fetchAll(database, sql: "SELECT * FROM correction WHERE withdrawn IS NULL ORDER BY id")
                .map { try $0.entry() }
        }
    }

    // MARK: Windows

    /// Keeps the occurrences that are known at `now`: those that have begun stay as they were first known, those to
    /// come are what `occurrences` says.
    package func announce(_ occurrences: [AnnouncedWindow], at now: Instant) throws(LedgerError) {
        try write { database in
            let known = try AnnouncedRow.fetchAll(
                database, sql: "SELECT * FROM announced_window WHERE start > ?", arguments: [now.nanoseconds])
            let wanted = Dictionary(occurrences.map { (AnnouncedRow.Key($0), $0) }) { first, _ in first }
            for row in known where wanted[row.key]?.checks != row.checks {
                try database.execute(
                    sql: "DELETE FROM announced_window WHERE name = ? AND start = ? AND \"end\" = ?",
                    arguments: [row.name, row.start, row.end])
            }
            for occurrence in occurrences { try AnnouncedRow(occurrence).insert(database, onConflict: .ignore) }
        }
    }

    /// Oldest first.
    package func announcedWindows() throws(LedgerError) -> [AnnouncedWindow] {
        try read { database in
            try AnnouncedRow.fetchAll(database, sql: "SELECT * FROM announced_window ORDER BY start, name")
                .map(\.window)
        }
    }
}
