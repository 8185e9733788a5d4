import GRDB
import Vocabulary

struct NotificationRow: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "notification"

    let key: String
    /// nil for a test.
    let incidentID: String?
    let change: String
    let time: Int64
    /// As it stood when the message was written.
    let incident: IncidentRow

    enum CodingKeys: String, CodingKey {
        case key, change, time, incident
        case incidentID = "incident_id"
    }

    init(_ notification: Notification) {
        key = notification.key
        incidentID = notification.change == .test ? nil : notification.incident.id
        change = notification.change.rawValue
        time = notification.time.nanoseconds
        incident = IncidentRow(notification.incident)
    }
}
