import Vocabulary

/// Compares wall time with monotonic time: says when the wall clock stepped, and whether it can be believed.
/// Source: docs/uptime.md, rule 11.
struct ClockWatch {
    /// What the clock may be wrong by and still name slots.
    static let trustedNs = Duration.dayNs

    private let isTrusted: Bool
    /// The newest instant that was believed, or stored in an earlier run; nil before there was one.
    private var newest: Instant?
    /// What wall time was ahead of monotonic time at the last look, and where it was believed last.
    private var lastAheadNs: Int64?
    private var believedAheadNs: Int64?
    private(set) var isPlausible = true

    /// `newestStored`: of an earlier run. `isTrusted`: whatever the clock says is believed.
    init(newestStored: Instant?, isTrusted: Bool = false) {
        newest = newestStored
        self.isTrusted = isTrusted
    }

    struct Look: Hashable {
        /// Nanoseconds the wall clock was moved since the last look; 0 when it went on as usual.
        var stepNs: Int64 = 0
        /// It can be believed now and could not before, or the other way round.
        var hasTurned = false
    }

    mutating func look(wall: Instant, monotonicNs: Int64) -> Look {
        let aheadNs = wall.nanoseconds - monotonicNs
        if isPlausible, aheadNs == lastAheadNs, aheadNs == believedAheadNs, let newest, wall >= newest {
            // It goes on as it did.
            self.newest = wall
            return Look()
        }
        var look = Look()
        if let lastAheadNs, abs(aheadNs - lastAheadNs) > Duration.secondNs { look.stepNs = aheadNs - lastAheadNs }
        lastAheadNs = aheadNs
        let was = isPlausible
        isPlausible = isTrusted || believes(wall, aheadNs)
        look.hasTurned = was != isPlausible
        if isPlausible {
            believedAheadNs = aheadNs
            newest = max(newest ?? wall, wall)
        }
        return look
    }

    private func believes(_ wall: Instant, _ aheadNs: Int64) -> Bool {
        if let newest, wall < newest - ClockWatch.trustedNs { return false }
        // A long stop before the start is only a gap: nothing is known of the time then.
        return believedAheadNs.map { aheadNs - $0 <= ClockWatch.trustedNs } ?? true
    }
}
