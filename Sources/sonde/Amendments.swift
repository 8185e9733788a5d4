import Accounting
import Ledger
import Vocabulary

/// What changes how slots count beside the configuration: pauses, corrections, and when windows were announced.
struct Amendments {
    var pauses: [Pause] = []
    var corrections: [CorrectionEntry] = []
    /// By name and interval. nil without a ledger: nothing can be said to be after the fact.
    private var announced: [Announced: AnnouncedWindow]?

    private struct Announced: Hashable {
        let name: String
        let interval: Interval
    }

    init() {}

    /// Of the ledger beside the store. Throws `Failure`, code 74, when there is one that cannot be read.
    init(plan: Plan) throws {
        do {
            guard let ledger = try Ledger(readingFrom: plan.ledgerPath) else { return }
            // Under a former name until a run has begun under the new one.
            let names = plan.presentNames
            pauses = try ledger.pauses().map { $0.renamed(by: names) }
            corrections = try ledger.corrections().map { $0.renamed(by: names) }
            let windows = try ledger.announcedWindows().map { $0.renamed(by: names) }
            announced = Dictionary(
                windows.map { (Announced(name: $0.name, interval: $0.interval), $0) }
            ) { first, _ in first }
        } catch LedgerError.older {
            // A ledger from before there were any.
        } catch {
            throw Failure(.store, "\(error)")
        }
    }

    /// What is left out of the sums of `check` around `interval`, oldest first.
    func exclusions(of check: Check, in interval: Interval, plan: Plan, now: Instant) -> [Exclusion] {
        let windows = Windows.exclusions(for: check.name, in: interval, windows: plan.maintenance) { name, occurrence in
            wasAnnounced(name, occurrence, check: check.name, now: now)
        }
        let paused = pauses.filter { $0.check == check.name && $0.interval.overlaps(interval) }
            .map { Exclusion(interval: $0.interval, source: .pause) }
        return (windows + paused).sorted { $0.interval.start < $1.interval.start }
    }

    /// Occurrences that had begun by `now` as they were announced, oldest first.
    func acted(by now: Instant) -> [AnnouncedWindow] {
        (announced?.values.filter { $0.interval.start <= now && $0.entered <= $0.interval.start } ?? [])
            .sorted { ($0.interval.start, $0.name) < ($1.interval.start, $1.name) }
    }

    func corrections(of check: String) -> [Correction] {
        corrections.filter { $0.check == check }.map(\.correction)
    }

    func pause(of check: String, at now: Instant) -> Pause? {
        pauses.last { $0.check == check && $0.interval.contains(now) }
    }

    private func wasAnnounced(_ name: String, _ interval: Interval, check: String, now: Instant) -> Bool {
        guard let announced, interval.start <= now else { return true }
        guard let known = announced[Announced(name: name, interval: interval)] else { return false }
        return known.checks.contains(check) && known.entered <= interval.start
    }
}

extension Plan {
    var ledgerPath: String { store.path + "/ledger.sqlite" }

    /// The occurrences of all windows that a run announces at `now`: those under way and those of the next weeks.
    func announcements(at now: Instant) -> [AnnouncedWindow] {
        let ahead = Interval(start: now, end: now + Plan.announcedAheadNs)
        return maintenance.flatMap { window in
            window.occurrences(in: ahead).prefix(Plan.announcedMax).map {
                AnnouncedWindow(name: window.name, interval: $0, checks: window.checks, entered: now)
            }
        }
    }

    /// A sentence for each window that has acted and is not as it was: figures of past days move with it.
    func movedWindows(at now: Instant) throws -> [String] {
        var days: [String: Set<CivilDate>] = [:]
        for acted in try Amendments(plan: self).acted(by: now) {
            let windows = maintenance.filter { $0.name == acted.name }
            let isAsItWas = windows.contains { window in
                acted.checks.allSatisfy { window.checks.contains($0) || check(named: $0) == nil }
                    && window.occurrences(in: acted.interval).contains(acted.interval)
            }
            // A check that is gone has no figures to move.
            guard !isAsItWas, acted.checks.contains(where: { check(named: $0) != nil }) else { continue }
            days[acted.name, default: []].formUnion(zone.days(in: acted.interval))
        }
        return days.sorted { $0.key < $1.key }.map { name, days in
            let shown = days.sorted().prefix(Plan.movedDaysMax).map(\.description).joined(separator: ", ")
            let more = days.count > Plan.movedDaysMax ? " and \(days.count - Plan.movedDaysMax) more" : ""
            return "maintenance window \"\(name)\" has acted and is changed or gone; the figures of \(shown)\(more) "
                + "move. End it with \"until\" and add another"
        }
    }

    private static let movedDaysMax = 10

    /// So that a run may stand still for weeks and no window counts as entered after the fact.
    private static let announcedAheadNs = 35 * Duration.dayNs
    /// Of one window.
    private static let announcedMax = 1_000
}
