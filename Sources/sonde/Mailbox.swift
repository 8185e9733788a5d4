import Glibc
import Synchronization
import Vocabulary

/// Where reactors leave finished samples for the core loop, and where the loop sleeps until something is there.
/// Bounded by the number of probes that can be in flight.
final class Mailbox: Sendable {
    /// Guards what has been left and not yet collected.
    private let inbox = Mutex(Inbox())
    /// A pipe: whoever leaves something into the empty inbox writes a byte, the loop waits to read it.
    private let wakeup: Int32
    private let waker: Int32

    struct Inbox {
        var samples: [Sample] = []
        var request: Request?
    }

    /// What someone outside wants of the core loop.
    enum Request: Sendable {
        case reload
        case stop
    }

    init() {
        var ends: [Int32] = [-1, -1]
        precondition(pipe(&ends) == 0, "the program cannot start without two descriptors")
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        (wakeup, waker) = (ends[0], ends[1])
    }

    deinit {
        close(wakeup)
        close(waker)
    }

    /// Any thread.
    func leave(_ samples: [Sample]) {
        inbox.withLock { $0.samples += samples }
        wake()
    }

    /// Any thread. A stop is never taken back by a reload.
    func ask(_ request: Request) {
        inbox.withLock { inbox in
            if case .stop = inbox.request { return }
            inbox.request = request
        }
        wake()
    }

    /// The core loop alone: sleeps at most `atMostNs` or until something is left, and takes all of it.
    func collect(atMostNs: Int64) -> Inbox {
        var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        // Rounded up: waking a little late is one turn, waking early is a turn for nothing.
        let milliseconds =
            (max(0, min(atMostNs, Duration.minuteNs)) + Duration.millisecondNs - 1) / Duration.millisecondNs
        if poll(&descriptor, 1, Int32(milliseconds)) > 0 {
            var bytes: UInt64 = 0
            while read(wakeup, &bytes, 8) == 8 {}
        }
        return inbox.withLock { inbox in
            let taken = inbox
            inbox = Inbox()
            return taken
        }
    }

    private func wake() {
        // A full pipe wakes the loop as well.
        var byte: UInt8 = 1
        _ = write(waker, &byte, 1)
    }
}
