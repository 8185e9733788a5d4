import CNet
import Glibc
import Vocabulary

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

    /// From now on the kernel notes when bytes arrive at `socket`; where it does not, `arrivalNs` stays nil.
    static func noteArrivals(at socket: Int32) { _ = cnet_note_arrivals(socket) }

    /// When the newest of what waits at `socket` arrived, as the kernel noted it, on the monotonic clock: an answer
    /// that waits until we come round to it took no longer for that. nil when nothing waits or nothing was noted.
    /// `events`: EPOLL bits. A broken connection is not asked: the kernel says once what broke it, to whoever asks.
    static func arrivalNs(at socket: Int32, _ events: UInt32) -> Int64? {
        let asked = EPOLLIN.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue
        guard events & asked == EPOLLIN.rawValue else { return nil }
        let agoNs = cnet_arrived_ago_ns(socket)
        // The kernel notes wall time. Nothing waits for a second: the wall clock was set in between.
        guard agoNs >= 0, agoNs < Duration.secondNs else { return nil }
        return monotonicNs() - agoNs
    }
}
