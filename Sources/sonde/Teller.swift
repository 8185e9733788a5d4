import Accounting
import Alerting
import Ledger
import Logging
import Synchronization
import Vocabulary

/// Carries incidents to the ledger, and from the ledger's outbox to the channels: what is told stands in the ledger
/// first, so a crash repeats a message at most once and loses none. What the ledger cannot take is told from memory.
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
    private let spare: Spare
    /// What was said last of the ledger, and when it may be said again.
    private var lastFault: (text: String, until: Instant)?
    private static let faultSaidNs = Duration.minuteNs

    init(plan: Plan, ledger: Ledger, book: ChannelBook, log: Logger) {
        self.plan = plan
        self.ledger = ledger
        self.log = log
        let underWay = InFlight()
        self.underWay = underWay
        let spare = Spare()
        self.spare = spare
        courier = Courier(book: book) { id, delivery in
            if id < 0 {
                spare.note(delivery, id, log)
            } else {
                Teller.note(delivery, id, underWay, ledger, log)
            }
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
                record(notification, at: now)
            }
        } catch {
            say(error, at: now)
        }
        nextLook = now
    }

    /// Into the ledger's outbox; into memory where it does not take it, or not all that came before.
    private func record(_ notification: Notification, at now: Instant) {
        let channels = channels(of: notification.incident.check)
        let isBehind = spare.outbox.withLock { $0.holds(incident: notification.incident.id) }
        if !isBehind, isTaken(notification, channels, at: now) { return }
        if !spare.outbox.withLock({ $0.add(notification, channels: channels) }) {
            log.critical("too many notifications wait in memory, one is lost", metadata: ["key": "\(notification.key)"])
        }
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
        tellSpare(at: now)
        do {
            let due = try ledger.dueNotifications(now: now, limit: 100).filter {
                underWay.insert($0.id, attempts: $0.attempts, at: now)
            }
            courier.deliver(due.map { (id: $0.id, channel: $0.channel, notification: $0.notification) })
        } catch {
            say(error, at: now)
        }
    }

    /// To the ledger if it can be written again, else to the channels.
    private func tellSpare(at now: Instant) {
        guard spare.outbox.withLock({ $0.count > 0 }) else { return }
        handOver(at: now)
        let due = spare.outbox.withLock { outbox in
            // What cannot be read has nothing that could wait.
            outbox.due(at: now) { (try? ledger.channelsWaiting(of: $0)) ?? [] }
        }
        courier.deliver(due.map { (id: $0.id, channel: $0.channel, notification: $0.notification) })
    }

    private func handOver(at now: Instant) {
        spare.outbox.withLock { outbox in
            outbox.handOver { isTaken($0, $1, at: now) }
        }
    }

    /// Whether the ledger took it.
    private func isTaken(_ notification: Notification, _ channels: [String], at now: Instant) -> Bool {
        do {
            try ledger.record(notification, channels: channels)
            return true
        } catch {
            say(error, at: now)
            return false
        }
    }

    /// Cuts off what is being sent; what is still in the outbox goes out after the next start.
    func stop(at now: Instant) {
        courier.stop()
        spare.outbox.withLock { $0.recall() }
        handOver(at: now)
        let lost = spare.outbox.withLock { $0.count }
        if lost > 0 { log.critical("the ledger does not take what was told or was to be told: \(lost) notifications") }
    }

    /// The same fault is said once a minute.
    private func say(_ error: LedgerError, at now: Instant) {
        let text = "\(error)"
        if let lastFault, lastFault.text == text, now < lastFault.until { return }
        lastFault = (text, now + Teller.faultSaidNs)
        log.error("ledger: \(text)")
    }

    /// Of the store everybody is told who is told of anything.
    private func channels(of check: String) -> [String] {
        var channels: [String] = []
        for rule in plan.alerts where rule.checks.contains(check) || check == StoreAlert.name {
            for channel in rule.channels where !channels.contains(channel) { channels.append(channel) }
        }
        return channels
    }

    private func isQuiet(_ check: String, at now: Instant) -> Bool {
        let moment = Interval(start: now, end: now + 1)
        return !Windows.exclusions(for: check, in: moment, windows: plan.maintenance).isEmpty
    }

    private static func note(
        _ delivery: Delivery, _ id: Int64, _ underWay: InFlight, _ ledger: Ledger, _ log: Logger
    ) {
        let now = SystemClock.now
        let attempts = underWay.remove(id)
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
            // It stays due there: the waits between attempts are kept here.
            let next = Retry.nextAttempt(attempts: attempts + 1, now: now)
            underWay.rest(id, attempts: attempts + 1, until: next ?? Instant(nanoseconds: .max))
        }
    }

    /// What the ledger could not take.
    private final class Spare: Sendable {
        /// Guards it: the core loop adds and sends, the courier's threads report.
        let outbox = Mutex(SpareOutbox())

        func note(_ delivery: Delivery, _ id: Int64, _ log: Logger) {
            _ = outbox.withLock { $0.note(id, delivery, at: SystemClock.now) }
            switch delivery {
            case .delivered: break
            case .failed(let why): log.warning("notification not delivered: \(why)")
            case .rejected(let why): log.error("notification refused: \(why)")
            }
        }
    }

    /// The outbox rows that are with the courier, so that none is sent twice at the same time, and those whose outcome
    /// the ledger could not note.
    private final class InFlight: Sendable {
        private struct Row {
            let attempts: Int
            /// nil while it is with the courier.
            var restsUntil: Instant?
        }

        /// Guards the earlier attempts of each row.
        private let rows = Mutex([Int64: Row]())

        /// False when the row is under way already, or rests.
        func insert(_ id: Int64, attempts: Int, at now: Instant) -> Bool {
            rows.withLock { rows in
                let known = rows[id]
                if let known, known.restsUntil.map({ now < $0 }) ?? true { return false }
                rows[id] = Row(attempts: max(attempts, known?.attempts ?? 0))
                return true
            }
        }

        func rest(_ id: Int64, attempts: Int, until instant: Instant) {
            rows.withLock { $0[id] = Row(attempts: attempts, restsUntil: instant) }
        }

        /// The earlier attempts of the row.
        func remove(_ id: Int64) -> Int { rows.withLock { $0.removeValue(forKey: id)?.attempts ?? 0 } }
    }
}
