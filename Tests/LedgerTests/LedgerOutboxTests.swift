import GRDB
import Support
import Testing
import Vocabulary

@testable import Ledger

@Suite("The outbox of the ledger")
struct LedgerOutboxTests {
    let folder: TemporaryFolder
    let ledger: Ledger
    let later = noon + Duration.hourNs

    init() throws {
        folder = try TemporaryFolder()
        ledger = try Ledger(path: folder.path + "/ledger.sqlite")
    }

    func due(at now: Instant? = nil, limit: Int = 100) throws -> [OutboxItem] {
        try ledger.dueNotifications(now: now ?? later, limit: limit)
    }

    @Test("a notification is due at once on each of its channels, as it was recorded")
    func record() throws {
        let notification = opened(incident())
        try ledger.record(notification, channels: ["ops", "desk", "ops"])
        #expect(
            try due(at: notification.time) == [
                OutboxItem(id: 1, channel: "ops", notification: notification),
                OutboxItem(id: 2, channel: "desk", notification: notification),
            ])
        #expect(try due(at: notification.time - 1) == [])
        #expect(try ledger.openIncidents() == [notification.incident])
    }

    @Test("the same key twice adds nothing and takes nothing back")
    func idempotence() throws {
        let whole = incident(closedAfter: 5)
        try ledger.record(opened(whole), channels: ["ops"])
        try ledger.record(closed(whole), channels: ["ops"])
        let before = try ledger.read { try $0.rowCounts() }
        // What a core loop does that crashed before it knew that it had recorded.
        try ledger.record(opened(whole), channels: ["ops", "desk"])
        #expect(try ledger.read { try $0.rowCounts() } == before)
        #expect(try ledger.openIncidents() == [])
    }

    @Test("an undelivered message says what it said when it was written, even when the incident has moved on")
    func snapshot() throws {
        let whole = incident(closedAfter: 5)
        try ledger.record(opened(whole), channels: ["ops"])
        try ledger.record(closed(whole), channels: [])
        #expect(try due().map(\.notification) == [opened(whole)])
        #expect(try ledger.incidents(of: nil, in: Interval(start: noon, end: later)) == [whole])
    }

    @Test("what is delivered is never due again")
    func delivered() throws {
        try ledger.record(opened(incident()), channels: ["ops", "desk"])
        let first = try due()[0]
        try ledger.delivered(first.id, at: later)
        try ledger.delivered(first.id, at: later + 1)
        try ledger.failed(first.id, why: "a late answer of a second try", nextAttempt: later)
        #expect(try due().map(\.words) == ["shop-20261122T120000Z/opened to desk"])
        #expect(try ledger.read { try Int.fetchOne($0, sql: "SELECT attempts FROM outbox WHERE id = 1") } == 1)
    }

    @Test("what failed is due again at its next attempt, with the count and the reason")
    func failed() throws {
        let notification = opened(incident())
        try ledger.record(notification, channels: ["ops"])
        var now = later
        for attempt in 1...3 {
            let next = now + Int64(attempt) * Duration.secondNs
            try ledger.failed(1, why: "answered 50\(attempt)", nextAttempt: next)
            #expect(try due(at: next - 1) == [])
            #expect(
                try due(at: next) == [
                    OutboxItem(
                        id: 1, channel: "ops", notification: notification, attempts: attempt,
                        failure: "answered 50\(attempt)")
                ])
            now = next
        }
    }

    @Test("what is given up is kept and listed, and no longer due")
    func givenUp() throws {
        let notification = opened(incident())
        try ledger.record(notification, channels: ["ops", "desk"])
        try ledger.failed(1, why: "answered 401", nextAttempt: nil)
        #expect(try due().map(\.channel) == ["desk"])
        #expect(
            try ledger.givenUp(in: Interval(start: noon, end: later)) == [
                OutboxItem(
                    id: 1, channel: "ops", notification: notification, attempts: 1, failure: "answered 401")
            ])
        #expect(try ledger.givenUp(in: Interval(start: later, end: later + Duration.hourNs)) == [])
    }

    @Test("a channel hears that an incident opened before it hears that it closed")
    func order() throws {
        let whole = incident(closedAfter: 5)
        try ledger.record(opened(whole), channels: ["ops", "desk"])
        try ledger.record(closed(whole), channels: ["ops", "desk"])
        try ledger.record(opened(incident("api")), channels: ["ops"])
        try ledger.failed(1, why: "refused", nextAttempt: later + Duration.minuteNs)
        try ledger.delivered(2, at: later)
        #expect(
            try due().map(\.words) == [
                "shop-20261122T120000Z/closed to desk",  // its opened is delivered
                "api-20261122T120000Z/opened to ops",  // another incident does not wait
            ])
        try ledger.failed(1, why: "refused", nextAttempt: nil)
        #expect(try due().map(\.words).first == "shop-20261122T120000Z/closed to ops")
    }

    @Test("a channel with a long queue takes no other's turn")
    func fairness() throws {
        for minute in 0..<20 { try ledger.record(opened(incident("slow", minute: Int64(minute))), channels: ["slow"]) }
        try ledger.record(opened(incident("shop")), channels: ["ops"])
        #expect(
            try due(limit: 2).map(\.words) == [
                "slow-20261122T120000Z/opened to slow", "slow-20261122T120100Z/opened to slow",
                "shop-20261122T120000Z/opened to ops",
            ])
    }

    @Test("a test message leaves no incident behind")
    func test() throws {
        let notification = Notification(change: .test, time: noon, incident: incident())
        try ledger.record(notification, channels: ["ops"])
        #expect(try due().map(\.notification) == [notification])
        #expect(try ledger.openIncidents() == [])
    }

    @Test("a channel waits for an incident until it has all that is recorded of it, or that is given up")
    func channelsWaiting() throws {
        let whole = incident(closedAfter: 5)
        try ledger.record(opened(whole), channels: ["ops", "desk"])
        try ledger.record(closed(whole), channels: ["ops"])
        try ledger.record(opened(incident("api")), channels: ["mail"])
        #expect(try ledger.channelsWaiting(of: whole.id) == ["ops", "desk"])
        try ledger.delivered(1, at: later)
        try ledger.failed(2, why: "no", nextAttempt: nil)
        #expect(try ledger.channelsWaiting(of: whole.id) == ["ops"])
        try ledger.failed(3, why: "once", nextAttempt: later)
        #expect(try ledger.channelsWaiting(of: whole.id) == ["ops"])
        try ledger.delivered(3, at: later)
        #expect(try ledger.channelsWaiting(of: whole.id) == [])
    }
}

extension Database {
    func rowCounts() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in ["incident", "notification", "outbox"] {
            counts[table] = try Int.fetchOne(self, sql: "SELECT count(*) FROM \(table)")
        }
        return counts
    }
}
