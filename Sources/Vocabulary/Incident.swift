/// The record people act on.
package struct Incident: Hashable, Sendable {
    /// Check and instant of opening, `shop-20261122T101500Z`: the same incident keeps its name after a crash.
    package let id: String
    package let check: String
    package let title: String
    package let opened: Instant
    package var closed: Instant?
    package var cause: Cause
    /// The regions that were down when it opened.
    package var regions: [String]
    package var outages: [IncidentOutage]

    package init(
        check: String, title: String, opened: Instant, closed: Instant? = nil, cause: Cause, regions: [String],
        outages: [IncidentOutage] = []
    ) {
        let compact = opened.rfc3339.prefix(19).filter { $0 != "-" && $0 != ":" }
        id = "\(check)-\(compact)Z"
        self.check = check
        self.title = title
        self.opened = opened
        self.closed = closed
        self.cause = cause
        self.regions = regions
        self.outages = outages
    }

    package struct IncidentOutage: Hashable, Sendable {
        package let start: Instant
        package var end: Instant?
        package init(start: Instant, end: Instant? = nil) {
            self.start = start
            self.end = end
        }
    }
}

/// One message about one change of one incident.
package struct Notification: Hashable, Sendable {
    package let change: Change
    package let time: Instant
    package let incident: Incident

    package enum Change: String, Hashable, Sendable {
        case opened, closed, test
    }

    package init(change: Change, time: Instant, incident: Incident) {
        self.change = change
        self.time = time
        self.incident = incident
    }

    /// Incident and change: what a receiver tells duplicates by.
    package var key: String { "\(incident.id)/\(change.rawValue)" }

    /// The shape channels send. Source: docs/alerting.md.
    package var json: JSON {
        .object([
            "key": .string(key), "change": .string(change.rawValue), "time": .instant(time),
            "incident": .object([
                "id": .string(incident.id), "check": .string(incident.check), "title": .string(incident.title),
                "opened": .instant(incident.opened), "closed": .instant(incident.closed),
                "cause": .string(incident.cause.name), "regions": .array(incident.regions.map { .string($0) }),
                "outages": .array(
                    incident.outages.map { .object(["start": .instant($0.start), "end": .instant($0.end)]) }),
            ]),
        ])
    }
}
