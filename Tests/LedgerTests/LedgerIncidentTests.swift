import Support
import Testing
import Vocabulary

@testable import Ledger

@Suite("Incidents in the ledger")
struct LedgerIncidentTests {
    let folder: TemporaryFolder
    let ledger: Ledger

    init() throws {
        folder = try TemporaryFolder()
        ledger = try Ledger(path: folder.path + "/ledger.sqlite")
    }

    @Test("an incident comes back as it was kept, to the nanosecond and with its newest state")
    func roundTrip() throws {
        var kept = incident()
        try ledger.update(kept)
        #expect(try ledger.openIncidents() == [kept])

        kept.closed = kept.opened + 90 * Duration.secondNs
        kept.cause = .timeoutConnect
        kept.regions = []
        kept.outages = []
        try ledger.update(kept)
        #expect(try ledger.incidents(of: "shop", in: Interval(start: noon, end: noon + Duration.dayNs)) == [kept])
        #expect(try ledger.openIncidents() == [])
    }

    @Test("open incidents come oldest first, and outlive the process")
    func openIncidents() throws {
        let kept = [incident("shop", minute: 5), incident("api", minute: 1), incident("mail", closedAfter: 2)]
        for incident in kept { try ledger.update(incident) }
        let reopened = try Ledger(path: ledger.path)
        #expect(try reopened.openIncidents() == [kept[1], kept[0]])
    }

    @Test(
        "an incident belongs to every interval in which it was open",
        arguments: [
            // Open from minute 10 to 20 (and one nanosecond).
            (name: "before it", from: 0, to: 10, found: false),
            (name: "ends inside", from: 0, to: 11, found: true),
            (name: "inside", from: 12, to: 13, found: true),
            (name: "starts inside", from: 19, to: 30, found: true),
            (name: "starts in its last nanosecond", from: 20, to: 30, found: true),
            (name: "after it", from: 21, to: 30, found: false),
        ])
    func interval(row: (name: String, from: Int64, to: Int64, found: Bool)) throws {
        let kept = incident("shop", minute: 10, closedAfter: 10)
        try ledger.update(kept)
        try ledger.update(incident("other", minute: 10, closedAfter: 10))
        let interval = Interval(start: noon + row.from * Duration.minuteNs, end: noon + row.to * Duration.minuteNs)
        #expect(try ledger.incidents(of: "shop", in: interval) == (row.found ? [kept] : []), "\(row.name)")
        #expect(try ledger.incidents(of: nil, in: interval).count == (row.found ? 2 : 0), "\(row.name)")
    }

    @Test("an incident that closed as it opened is found in the interval that holds the instant")
    func withoutLength() throws {
        let kept = incident(closedAfter: 0)
        try ledger.update(kept)
        #expect(try ledger.incidents(of: nil, in: Interval(start: kept.opened, end: kept.opened + 1)) == [kept])
        #expect(try ledger.incidents(of: nil, in: Interval(start: kept.opened - 1, end: kept.opened)) == [])
    }

    @Test("forgetting takes the closed and told incidents of the past, and nothing else")
    func forget() throws {
        let told = incident("told", minute: 0, closedAfter: 1)
        let waiting = incident("waiting", minute: 0, closedAfter: 1)
        let open = incident("open", minute: 0)
        let young = incident("young", minute: 50, closedAfter: 20)
        for incident in [told, waiting] {
            try ledger.record(opened(incident), channels: ["ops"])
            try ledger.update(incident)
        }
        for incident in [open, young] { try ledger.update(incident) }
        let due = try #require(try ledger.dueNotifications(now: noon + Duration.hourNs, limit: 9).first)
        #expect(due.notification.incident.check == "told")
        try ledger.delivered(due.id, at: noon)
        try ledger.record(Notification(change: .test, time: noon, incident: incident("test")), channels: [])

        #expect(try ledger.forget(closedBefore: noon + Duration.hourNs) == 1)
        let all = Interval(start: noon, end: noon + Duration.dayNs)
        #expect(try ledger.incidents(of: nil, in: all).map(\.check) == ["open", "waiting", "young"])
        #expect(try ledger.read { try $0.rowCounts() } == ["incident": 3, "notification": 1, "outbox": 1])
        #expect(try ledger.forget(closedBefore: noon + Duration.hourNs) == 0)
    }
}
