import Reporting
import Vocabulary

/// Makes an incident of a store that takes no samples: it opens when a second try to write has failed as well, and
/// closes when all is well. Pure: it is told how the store is, every turn.
struct StoreAlert: ~Copyable {
    /// Stands where an incident has its check's name; no check can be called so.
    static let name = "_store"
    /// An incident that an earlier run left open is closed when all has been well for so long.
    static let quietNs = 10 * Duration.secondNs

    private var incident: Incident?
    /// It is to be told how the store is even while all is well. A pattern: comparing with nil would copy the incident,
    /// every turn.
    var isOpen: Bool { if case .some = incident { true } else { false } }
    /// The incident is an earlier run's: of this one's store nothing is known yet.
    private var isLeft: Bool
    /// Since when all is well, by the monotonic clock.
    private var quietSinceNs: Int64?

    /// `newest`: the last incident of each check, and of the store, of earlier runs.
    init(newest: [Incident]) {
        incident = newest.last { $0.check == StoreAlert.name && $0.closed == nil }
        isLeft = incident != nil
    }

    /// What is to be told. `fault`: why the store takes nothing, nil while all is well; `failedTries`: how often it has
    /// failed in a row.
    mutating func look(
        fault: String?, failedTries: Int, at now: Instant, monotonicNs: Int64
    ) -> (change: Notification.Change, incident: Incident)? {
        if let fault {
            quietSinceNs = nil
            guard incident == nil, failedTries > 1 else { return nil }
            let opened = Incident(
                check: StoreAlert.name, title: StatusText.storeFault(fault), opened: now, cause: .internalFault,
                regions: [])
            incident = opened
            return (.opened, opened)
        }
        let since = quietSinceNs ?? monotonicNs
        quietSinceNs = since
        guard var closed = incident, !isLeft || monotonicNs - since >= StoreAlert.quietNs else { return nil }
        closed.closed = now
        incident = nil
        isLeft = false
        return (.closed, closed)
    }
}
