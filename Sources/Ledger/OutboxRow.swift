import GRDB
import Vocabulary

/// A row of `outbox` beside its notification.
struct OutboxRow: Decodable, FetchableRecord {
    let id: Int64
    let channel: String
    let attempts: Int
    let failure: String?
    let change: String
    let time: Int64
    let incident: IncidentRow

    /// Throws when the row's change is none of ours: the file was edited by hand.
    func item() throws -> OutboxItem {
        guard let change = Notification.Change(rawValue: change) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT)
        }
        let notification = Notification(
            change: change, time: Instant(nanoseconds: time), incident: incident.incident)
        return OutboxItem(
            id: id, channel: channel, notification: notification, attempts: attempts, failure: failure)
    }
}
