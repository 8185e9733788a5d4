import Glibc
import Synchronization
import Vocabulary

/// Where reactors leave finished samples for the core loop, and where the loop sleeps until something is there.
/// Bounded by the number of probes that can be in flight.
final class Mailbox: Sendable {
    /// How long turns are put off to gather more. At a thousand probes a second it saves three of four wake-ups, and it
    /// makes no start later than a two-hundredth of the second that rule 1 allows.
    private static let stepNs = 4 * Duration.millisecondNs

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
        let isFirst = inbox.withLock { inbox in
            defer { inbox.samples += samples }
            return inbox.samples.isEmpty
        }
        if isFirst { wake() }
    }

    /// Any thread. A stop is never taken back by a reload.
    func ask(_ request: Request) {
        inbox.withLock { inbox in
            if case .stop = inbox.request { return }
            inbox.request = request
        }
        wake()
    }

    /// The core loop alone: sleeps until something is left or `atMostNs` have passed, and takes all of it. What comes
    /// close together is gathered: it sleeps a whole step when less is left to sleep, and one more step once a sample
    /// is there. A request is taken at once, or at the end of the step.
    func collect(atMostNs: Int64) -> Inbox {
        if atMostNs <= Mailbox.stepNs {
            if atMostNs > 0 { Mailbox.sleepAStep() }
        } else if isWoken(atMostNs), inbox.withLock({ $0.request == nil }) {
            Mailbox.sleepAStep()
        }
        // Before the rest: who leaves something in between wakes the next call for nothing, and nothing is lost.
        if inbox.withLock({ !$0.samples.isEmpty || $0.request != nil }) {
            var bytes: UInt64 = 0
            while read(wakeup, &bytes, 8) == 8 {}
        }
        return inbox.withLock { inbox in
            let taken = inbox
            inbox = Inbox()
            return taken
        }
    }

    /// Waits for the pipe; rounded up, for waking early is a turn for nothing.
    private func isWoken(_ atMostNs: Int64) -> Bool {
        var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
        let milliseconds = (min(atMostNs, Duration.minuteNs) + Duration.millisecondNs - 1) / Duration.millisecondNs
        return poll(&descriptor, 1, Int32(milliseconds)) > 0
    }

    private static func sleepAStep() {
        var step = timespec(tv_sec: 0, tv_nsec: Int(stepNs))
        nanosleep(&step, nil)
    }

    private func wake() {
        // A full pipe wakes the loop as well.
        var byte: UInt8 = 1
        _ = write(waker, &byte, 1)
    }
}
