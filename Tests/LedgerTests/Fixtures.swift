import Support
import Vocabulary

@testable import Ledger

let noon = Instant(rfc3339: "2026-11-22T12:00:00Z")!

/// An incident of `check` that opened `minute` minutes after noon, with an instant that milliseconds cannot hold.
func incident(_ check: String = "shop", minute: Int64 = 0, closedAfter minutes: Int64? = nil) -> Incident {
    let opened = noon + minute * Duration.minuteNs + 1
    let closed = minutes.map { opened + $0 * Duration.minuteNs }
    return Incident(
        check: check, title: "Shop \"quoted\" 商店", opened: opened, closed: closed, cause: .status5xx,
        regions: ["tw", "jp"], outages: [Incident.IncidentOutage(start: opened - 7, end: closed)])
}

func opened(_ incident: Incident) -> Notification {
    var incident = incident
    incident.closed = nil
    incident.outages = incident.outages.map { Incident.IncidentOutage(start: $0.start) }
    return Notification(change: .opened, time: incident.opened + Duration.secondNs, incident: incident)
}

func closed(_ incident: Incident) -> Notification {
    Notification(change: .closed, time: incident.closed! + Duration.secondNs, incident: incident)
}

func ledger(in folder: TemporaryFolder) throws -> Ledger { try Ledger(path: folder.path + "/ledger.sqlite") }

extension OutboxItem {
    /// `shop-20261122T120000Z/opened to ops`, for tables.
    var words: String { "\(notification.key) to \(channel)" }
}
