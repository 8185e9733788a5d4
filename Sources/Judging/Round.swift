import Vocabulary

/// The quick re-probes of one check after a change, as far as they are not in. Source: docs/uptime.md, rule 7.
struct Round: Sendable {
    /// A shorter period asks again soon enough.
    static let periodNsMin = 30 * Duration.secondNs
    /// When the series that changed is asked again.
    static let againAfterNs = 5 * Duration.secondNs
    /// What a member may take beside its timeout until its sample is here: the sentinels' answer and the way.
    static let graceNs = Suspicion.waitNsMax + Duration.secondNs

    let slot: Int64
    private(set) var members: [LiveJudge.Member]

    /// The other regions now, the one that changed 5 s later; nobody who could not start inside the slot any more.
    init(_ check: Check, slot: Int64, changed region: Int, now: Instant) {
        let regions = check.regions.indices.filter { $0 != region } + [region]
        self.slot = slot
        members = regions.compactMap { member in
            let at = member == region ? now + Round.againAfterNs : now
            return check.grid.slot(at: at) == slot ? LiveJudge.Member(region: member, at: at) : nil
        }
    }

    var isOver: Bool { members.isEmpty }

    mutating func isIn(_ region: Int) { members.removeAll { $0.region == region } }

    /// Waits no longer for members whose time is over.
    mutating func expire(at now: Instant, timeoutNs: Int64) {
        members.removeAll { now >= $0.at + timeoutNs + Round.graceNs }
    }
}
