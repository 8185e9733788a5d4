import GRDB
import Vocabulary

/// An incident as its table keeps it, and as a notification's snapshot does.
struct IncidentRow: Codable, FetchableRecord, PersistableRecord {
    static let databaseTableName = "incident"

    let id: String
    let check: String
    let title: String
    let opened: Int64
    let closed: Int64?
    let cause: String
    let regions: [String]
    let outages: [Outage]

    struct Outage: Codable {
        let start: Int64
        let end: Int64?
    }

    init(_ incident: Incident) {
        id = incident.id
        check = incident.check
        title = incident.title
        opened = incident.opened.nanoseconds
        closed = incident.closed?.nanoseconds
        cause = incident.cause.name
        regions = incident.regions
        outages = incident.outages.map { Outage(start: $0.start.nanoseconds, end: $0.end?.nanoseconds) }
    }

    var incident: Incident {
        Incident(
            check: check, title: title, opened: Instant(nanoseconds: opened),
            closed: closed.map { Instant(nanoseconds: $0) },
            // A name from outside the list can only be a newer Sonde's: the incident is still worth showing.
            cause: Cause(name: cause) ?? .unstated, regions: regions,
            outages: outages.map {
                Incident.IncidentOutage(
                    start: Instant(nanoseconds: $0.start), end: $0.end.map { Instant(nanoseconds: $0) })
            })
    }
}
