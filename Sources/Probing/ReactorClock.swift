import Glibc

/// The only place of this target that reads a clock. Wall time names slots, monotonic time measures legs.
enum ReactorClock {
    /// Nanoseconds of CLOCK_MONOTONIC.
    static func monotonicNs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    /// Nanoseconds of CLOCK_REALTIME since the epoch.
    static func wallNs() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
