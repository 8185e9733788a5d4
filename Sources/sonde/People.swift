import Ledger
import Vocabulary

/// What people enter in the ledger while the daemon runs, looked up once a second; and what the configuration says of
/// the same things, entered for whoever reads it later: checks that are paused, windows that are announced.
final class People {
    private let plan: Plan
    private let ledger: Ledger
    private var nextLook = Instant(nanoseconds: .min)
    private var nextAnnouncement: Instant
    private var known: [Pause]?
    private static let lookEveryNs = Duration.secondNs

    init(plan: Plan, ledger: Ledger, now: Instant) throws(LedgerError) {
        self.plan = plan
        self.ledger = ledger
        nextAnnouncement = now + Duration.dayNs
        try ledger.announce(plan.announcements(at: now), at: now)
        for check in plan.checks {
            if check.isPaused {
                _ = try ledger.pause(check.name, from: now, origin: .configuration)
            } else {
                _ = try ledger.resume(check.name, at: now, origin: .configuration)
            }
        }
    }

    /// The pauses that may touch a present slot; nil when they are as they were the last time.
    func pauses(at now: Instant) throws(LedgerError) -> [Pause]? {
        guard now >= nextLook || now < nextLook - 2 * People.lookEveryNs else { return nil }
        nextLook = now + People.lookEveryNs
        if now >= nextAnnouncement {
            nextAnnouncement = now + Duration.dayNs
            try ledger.announce(plan.announcements(at: now), at: now)
        }
        // A slot is at most a day long.
        let pauses = try ledger.pauses(endingAfter: now - 2 * Duration.dayNs)
        guard pauses != known else { return nil }
        known = pauses
        return pauses
    }
}
