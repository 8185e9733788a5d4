import Vocabulary

/// One region, as far as it may have to doubt itself.
struct SuspectRegion: Sendable {
    /// Numbers of its sentinels' checks; see `Plan.withSentinels`.
    let sentinels: Range<Int>
    /// So many checks must turn bad.
    let needed: Int
    /// By check: when it turned bad, in nanoseconds since the epoch; `good` while it is not.
    var turned: [Int64]
    /// Its sentinels are being asked; nil when they are not.
    var asking: Asking?
    /// No sentinel answered when they were asked last.
    private(set) var isInDoubt = false
    private var askedAt = Instant(nanoseconds: .min / 2)
    private var answeredAt = Instant(nanoseconds: .min / 2)
    private var number: Int64 = 0

    static let good = Int64.min

    struct Asking: Sendable {
        /// Tells its answers from those of an earlier asking: the slot of its probes.
        let number: Int64
        let since: Instant
        /// Sentinels that have not failed yet.
        var silent: Int
        /// In the order they came.
        var held: [(sample: Sample, isBad: Bool)] = []
    }

    init(sentinels: Range<Int>, needed: Int, checks: Int) {
        self.sentinels = sentinels
        self.needed = needed
        turned = Array(repeating: SuspectRegion.good, count: checks)
    }

    /// When time alone brings something.
    var next: Instant? {
        if let asking { return asking.since + Suspicion.waitNsMax }
        return isInDoubt ? askedAt + Suspicion.lookAgainNs : nil
    }

    /// Checks that turned bad within their own period, counted no further than needed.
    func turnedLately(_ periodsNs: [Int64], at now: Instant) -> Int {
        var count = 0
        for (check, at) in turned.enumerated() where at != SuspectRegion.good {
            if now.nanoseconds - at <= periodsNs[check] { count += 1 }
            if count > needed { break }
        }
        return count
    }

    func holds(_ series: SeriesIndex) -> Bool {
        asking?.held.contains { $0.sample.due.series == series } ?? false
    }

    func answeredLately(at now: Instant) -> Bool {
        !isInDoubt && answeredAt <= now && now - answeredAt < Suspicion.answerHoldsNs
    }

    /// A clock that steps back ends the waiting.
    func hasWaited(at now: Instant) -> Bool {
        guard let asking else { return false }
        return now - asking.since >= Suspicion.waitNsMax || now < asking.since
    }

    func looksAgain(at now: Instant) -> Bool {
        guard asking == nil, isInDoubt else { return false }
        return now - askedAt >= Suspicion.lookAgainNs || now < askedAt
    }

    /// Begins to ask: a probe for each sentinel.
    mutating func ask(_ region: Int32, at now: Instant) -> [Due] {
        number += 1
        askedAt = now
        asking = Asking(number: number, since: now, silent: sentinels.count)
        return sentinels.map {
            Due(series: SeriesIndex(check: $0, region: Int(region)), slot: number, at: now)
        }
    }

    /// Ends the asking and gives back what waited.
    mutating func decided(_ decision: Suspicion.Decision, at now: Instant) -> [(sample: Sample, isBad: Bool)] {
        defer { asking = nil }
        switch decision {
        case .answered:
            isInDoubt = false
            answeredAt = now
        case .failed: isInDoubt = true
        case .overfull, .stopped: break
        }
        return asking?.held ?? []
    }
}
