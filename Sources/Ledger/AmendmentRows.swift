import GRDB
import Vocabulary

struct PauseRow: Decodable, FetchableRecord {
    let id: Int64
    let check: String
    let start: Int64
    let end: Int64?
    let origin: String

    var pause: Pause {
        Pause(
            check: check, start: Instant(nanoseconds: start), end: end.map { Instant(nanoseconds: $0) },
            origin: Pause.Origin(rawValue: origin) ?? .command)
    }

    static func at(_ instant: Instant, of check: String, _ database: Database) throws -> PauseRow? {
        try fetchOne(
            database,
            sql: """
                SELECT * FROM pause WHERE "check" = :check AND start <= :now AND ("end" IS NULL OR "end" > :now)
                ORDER BY start DESC LIMIT 1
                """, arguments: ["check": check, "now": instant.nanoseconds])
    }
}

struct CorrectionRow: Decodable, FetchableRecord {
    let id: Int64
    let check: String
    let start: Int64
    let end: Int64
    let verdict: String
    let why: String
    let entered: Int64

    /// Throws when the verdict is none of ours: the file was edited by hand.
    func entry() throws -> CorrectionEntry {
        guard let verdict = CorrectedVerdict(rawValue: verdict) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        let interval = Interval(start: Instant(nanoseconds: start), end: Instant(nanoseconds: end))
        return CorrectionEntry(
            id: id, check: check, correction: Correction(interval: interval, verdict: verdict, why: why),
            entered: Instant(nanoseconds: entered))
    }
}

struct AnnouncedRow: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "announced_window"

    let name: String
    let start: Int64
    let end: Int64
    let checks: [String]
    let entered: Int64

    struct Key: Hashable {
        let name: String
        let interval: Interval

        init(_ window: AnnouncedWindow) {
            name = window.name
            interval = window.interval
        }
    }

    init(_ window: AnnouncedWindow) {
        name = window.name
        start = window.interval.start.nanoseconds
        end = window.interval.end.nanoseconds
        checks = window.checks
        entered = window.entered.nanoseconds
    }

    var key: Key { Key(window) }
    var window: AnnouncedWindow {
        AnnouncedWindow(
            name: name, interval: Interval(start: Instant(nanoseconds: start), end: Instant(nanoseconds: end)),
            checks: checks, entered: Instant(nanoseconds: entered))
    }
}
