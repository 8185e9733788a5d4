import Testing
import Vocabulary

@testable import Alerting

@Suite("What the ledger cannot take")
struct SpareOutboxTests {
    private let noon = Instant(rfc3339: "2026-11-22T12:00:00Z")!

    private func change(_ change: Notification.Change, _ check: String = "shop", plusSeconds: Int64 = 0) -> Notification
    {
        Notification(
            change: change, time: noon + plusSeconds * Duration.secondNs,
            incident: Incident(check: check, title: check, opened: noon, cause: .refused, regions: []))
    }

    /// `-1 shop-20261122T120000Z/opened to ops`.
    private func words(_ items: [SpareOutbox.Item]) -> [String] {
        items.map { "\($0.id) \($0.notification.incident.check) \($0.notification.change.rawValue) to \($0.channel)" }
    }

    private func add(_ outbox: inout SpareOutbox, _ notification: Notification, _ channels: String...) -> Bool {
        outbox.add(notification, channels: channels)
    }

    private func note(_ outbox: inout SpareOutbox, _ id: Int64, _ delivery: Delivery, at now: Instant) -> Instant? {
        outbox.note(id, delivery, at: now)
    }

    private func due(_ outbox: inout SpareOutbox, plusSeconds: Int64 = 10, waiting: Set<String> = []) -> [String] {
        words(outbox.due(at: noon + plusSeconds * Duration.secondNs) { _ in waiting })
    }

    @Test("is told at once to every channel, and once only while it is under way")
    func atOnce() {
        var outbox = SpareOutbox()
        #expect(add(&outbox, change(.opened), "ops", "desk"))
        #expect(add(&outbox, change(.opened), "ops", "desk"))
        #expect(due(&outbox) == ["-1 shop opened to ops", "-2 shop opened to desk"])
        #expect(due(&outbox) == [])
        #expect(note(&outbox, -1, .delivered, at: noon) == nil)
        #expect(note(&outbox, -2, .rejected("no"), at: noon) == nil)
        #expect(due(&outbox) == [])
        // It is held until the ledger has it.
        #expect(outbox.count == 1)
    }

    @Test("a channel hears the end of an incident only after its beginning, wherever that waits; others do not wait")
    func order() {
        var outbox = SpareOutbox()
        _ = outbox.add(change(.opened), channels: ["ops"])
        _ = outbox.add(change(.closed), channels: ["ops", "desk"])
        _ = outbox.add(change(.opened, "api"), channels: ["ops"])
        #expect(due(&outbox, waiting: ["ops", "desk"]) == [])
        #expect(
            due(&outbox) == ["-1 shop opened to ops", "-3 shop closed to desk", "-4 api opened to ops"])
        #expect(due(&outbox) == [])
        _ = outbox.note(-1, .delivered, at: noon)
        #expect(due(&outbox) == ["-2 shop closed to ops"])
    }

    @Test("a failed delivery is tried again as one of the ledger's is, until it is given up")
    func retries() throws {
        var outbox = SpareOutbox()
        _ = outbox.add(change(.opened), channels: ["ops"])
        var now = noon
        var attempts = 0
        while true {
            let items = outbox.due(at: now) { _ in [] }
            #expect(words(items) == ["-1 shop opened to ops"])
            attempts += 1
            let next = outbox.note(-1, .failed("no answer"), at: now)
            #expect(next == Retry.nextAttempt(attempts: attempts, now: now))
            guard let next else { break }
            let early = outbox.due(at: next - 1) { _ in [] }
            #expect(early == [])
            now = next
        }
        #expect(attempts == 296)
        let late = outbox.due(at: now + Duration.dayNs) { _ in [] }
        #expect(late == [])
    }

    @Test("the ledger gets what it takes, in order, with the channels that have not heard it")
    func handOver() {
        var outbox = SpareOutbox()
        _ = outbox.add(change(.opened), channels: ["ops", "desk"])
        _ = outbox.add(change(.closed), channels: ["ops", "desk"])
        _ = outbox.add(change(.opened, "api"), channels: ["ops"])
        _ = outbox.add(change(.opened, "mail"), channels: ["ops"])
        _ = outbox.due(at: noon) { _ in ["desk"] }
        _ = outbox.note(-5, .delivered, at: noon)
        var taken: [String] = []
        func take(_ notification: Notification, _ channels: [String]) -> Bool {
            guard notification.incident.check != "mail" else { return false }
            taken.append("\(notification.incident.check) \(notification.change.rawValue) \(channels)")
            return true
        }
        // The shop's is under way to ops, and its end must not come before.
        outbox.handOver(take)
        #expect(taken == ["api opened []"])
        #expect(outbox.count == 3 && outbox.holds(incident: change(.opened).incident.id))
        outbox.recall()
        outbox.handOver(take)
        #expect(taken.dropFirst() == ["shop opened [\"ops\", \"desk\"]", "shop closed [\"ops\", \"desk\"]"])
        #expect(outbox.count == 1 && !outbox.holds(incident: change(.opened).incident.id))
    }

    @Test("a thousand are held, and one more is refused")
    func bound() {
        var outbox = SpareOutbox()
        for number in 1...SpareOutbox.notificationsMax {
            #expect(add(&outbox, change(.opened, "shop-\(number)"), "ops"))
        }
        #expect(!add(&outbox, change(.opened, "one-more"), "ops"))
        #expect(outbox.count == SpareOutbox.notificationsMax)
    }
}
