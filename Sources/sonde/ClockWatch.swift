import Vocabulary

/// Compares wall time with monotonic time: says when the wall clock stepped, and whether it can be believed.
/// Source: docs/uptime.md, rule 11.
struct ClockWatch {
    /// What the clock may be wrong by and still name slots.
    static let trustedNs = Duration.dayNs

    private let isTrusted: Bool
    /// The newest instant that was believed, or stored in an earlier run; nil before there was one.
    private var newest: Instant?
    private var last: Reading?
    /// Where wall time was believed last; nil while it never was.
    private var anchor: Reading?
    private(set) var isPlausible = true

    private struct Reading {
        let wall: Instant
        let monotonicNs: Int64

        /// Nanoseconds by which the wall clock gained on the monotonic one.
        func gain(_ later: Reading) -> Int64 { (later.wall - wall) - (later.monotonicNs - monotonicNs) }
    }

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
        let now = Reading(wall: wall, monotonicNs: monotonicNs)
        var look = Look()
        if let last {
            let stepNs = last.gain(now)
            if abs(stepNs) > Duration.secondNs { look.stepNs = stepNs }
        }
        last = now
        let was = isPlausible
        isPlausible = isTrusted || believes(now)
        look.hasTurned = was != isPlausible
        if isPlausible {
            anchor = now
            newest = max(newest ?? wall, wall)
        }
        return look
    }

    private func believes(_ now: Reading) -> Bool {
        if let newest, now.wall < newest - ClockWatch.trustedNs { return false }
        // A long stop before the start is only a gap: nothing is known of the time then.
        return anchor.map { $0.gain(now) <= ClockWatch.trustedNs } ?? true
    }
}
