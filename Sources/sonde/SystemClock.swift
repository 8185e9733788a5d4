import Glibc
import Vocabulary

/// The only place outside Probing that reads a clock.
enum SystemClock {
    /// Wall time: names slots.
    static var now: Instant { Instant(nanoseconds: read(CLOCK_REALTIME)) }
    /// Nanoseconds of monotonic time: measures lengths.
    static var monotonicNs: Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * Duration.secondNs + Int64(time.tv_nsec)
    }
}
