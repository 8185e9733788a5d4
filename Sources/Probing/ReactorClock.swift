import CNet
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

    /// From now on the kernel notes when bytes arrive at `socket`; where it does not, `wallArrivalNs` stays nil.
    static func noteArrivals(at socket: Int32) { _ = cnet_note_arrivals(socket) }

    /// When the newest of what waits at `socket` arrived, as the kernel noted it, by the wall clock: nanoseconds since
    /// the epoch. nil when nothing waits or nothing was noted.
    static func wallArrivalNs(at socket: Int32) -> Int64? {
        let atNs = cnet_arrival_ns(socket)
        return atNs < 0 ? nil : atNs
    }
}
