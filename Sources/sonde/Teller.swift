import Accounting
import Alerting
import Ledger
import Logging
import Synchronization
import Vocabulary

/// Carries incidents to the ledger, and from the ledger's outbox to the channels: what is told stands in the ledger
/// first, so a crash repeats a message at most once and loses none.
final class Teller: IncidentTeller {
    private let plan: Plan
    private let ledger: Ledger
    private let courier: Courier
    private let log: Logger
    /// Opened inside a maintenance window: quiet until the window ends.
    private var held: [Incident] = []
    private var nextLook = Instant(nanoseconds: .min)
    /// Outbox rows given to the courier and not yet reported.
    private let underWay: InFlight

    init(plan: Plan, ledger: Ledger, book: ChannelBook, log: Logger) {
        self.plan = plan
        self.ledger = ledger
        self.log = log
        let underWay = InFlight()
        self.underWay = underWay
        courier = Courier(book: book) { id, delivery in
            Teller.note(delivery, id, attempts: underWay.remove(id), ledger, log)
        }
    }

    /// Tells again of the incidents left open: those whose messages stand in the ledger already are not told twice.
    func resume(_ incidents: [Incident], at now: Instant) {
        for incident in incidents { tell(.opened, of: incident, at: now) }
    }

    func tell(_ change: Notification.Change, of incident: Incident, at now: Instant) {
        let notification = Notification(change: change, time: now, incident: incident)
        log.notice(
            "incident \(change.rawValue)",
            metadata: [
                "check": "\(incident.check)", "cause": "\(incident.cause.name)", "id": "\(incident.id)",
            ])
        do {
            if change == .closed, let quiet = held.firstIndex(where: { $0.id == incident.id }) {
                held.remove(at: quiet)
                try ledger.update(incident)
            } else if change == .opened, isQuiet(incident.check, at: now) {
                held.append(incident)
                try ledger.update(incident)
            } else {
                try ledger.record(notification, channels: channels(of: incident.check))
            }
        } catch {
            log.error("ledger: \(error)")
        }
        nextLook = now
    }

    func keep(evidence: String, of incident: Incident, at now: Instant) {
        do { try ledger.keep(evidence: evidence, of: incident.id, at: now) } catch { log.error("ledger: \(error)") }
    }

    func turn(at now: Instant) {
        guard now >= nextLook else { return }
        nextLook = now + Duration.secondNs
        for incident in held where !isQuiet(incident.check, at: now) {
            held.removeAll { $0.id == incident.id }
            tell(.opened, of: incident, at: now)
        }
        do {
            let due = try ledger.dueNotifications(now: now, limit: 100).filter {
                underWay.insert($0.id, attempts: $0.attempts)
            }
            courier.deliver(due.map { (id: $0.id, channel: $0.channel, notification: $0.notification) })
        } catch {
            log.error("ledger: \(error)")
        }
    }

    /// Cuts off what is being sent; what is still in the outbox goes out after the next start.
    func stop() { courier.stop() }

    private func channels(of check: String) -> [String] {
        var channels: [String] = []
        for rule in plan.alerts where rule.checks.contains(check) {
            for channel in rule.channels where !channels.contains(channel) { channels.append(channel) }
        }
        return channels
    }

    private func isQuiet(_ check: String, at now: Instant) -> Bool {
        let moment = Interval(start: now, end: now + 1)
        return !Windows.exclusions(for: check, in: moment, windows: plan.maintenance).isEmpty
    }

    private static func note(_ delivery: Delivery, _ id: Int64, attempts: Int, _ ledger: Ledger, _ log: Logger) {
        let now = SystemClock.now
        do {
            switch delivery {
            case .delivered: try ledger.delivered(id, at: now)
            case .failed(let why):
                log.warning("notification not delivered: \(why)")
                try ledger.failed(id, why: why, nextAttempt: Retry.nextAttempt(attempts: attempts + 1, now: now))
            case .rejected(let why):
                log.error("notification refused: \(why)")
                try ledger.failed(id, why: why, nextAttempt: nil)
            }
        } catch {
            log.error("ledger: \(error)")
        }
    }

    /// The outbox rows that are with the courier, so that none is sent twice at the same time.
    private final class InFlight: Sendable {
        /// Guards the earlier attempts of each row.
        private let attempts = Mutex([Int64: Int]())

        /// False when the row is under way already.
        func insert(_ id: Int64, attempts count: Int) -> Bool {
            attempts.withLock { attempts in
                guard attempts[id] == nil else { return false }
                attempts[id] = count
                return true
            }
        }

        /// The earlier attempts of the row.
        func remove(_ id: Int64) -> Int { attempts.withLock { $0.removeValue(forKey: id) ?? 0 } }
    }
}
