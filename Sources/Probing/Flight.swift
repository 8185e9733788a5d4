import Glibc
import Vocabulary

/// One probe on its way: who asked, when it began, what each leg took, and the one deadline over all of it.
/// Kinds make subclasses that say what happens once a connection stands; drivers use the objects again and again.
///
/// Every probe begins the same way: `begin`, then `dial` (Flight+Dial.swift), then `connected` or `failed`.
class Flight: LoopMember {
    unowned(unsafe) final let core: ReactorCore

    final private(set) var due = Due(series: SeriesIndex(check: 0, region: 0), slot: 0, at: Instant(nanoseconds: 0))
    final private(set) var start = Instant(nanoseconds: 0)
    final private(set) var startNs: Int64 = 0
    final private(set) var deadlineNs: Int64 = 0
    /// Whether the probe is under way; false once its sample is handed in, and while the object waits for the next
    /// one.
    final private(set) var isFlying = false

    final var legs = Legs()
    /// Monotonic instant at which the present leg began.
    final var markNs: Int64 = 0
    /// HTTP status or TLS alert.
    final var status: UInt16 = 0
    /// End of the certificate's validity, where a kind has seen one.
    final var notAfter: Instant?
    /// A line of words about a failure; nil leaves it to the cause.
    final var detail: String?

    // Where it connects to; Flight+Dial.swift.
    final var host = ""
    final var port: UInt16 = 0
    final var lookup: Names.Lookup?
    final var addresses: [SocketAddress] = []
    /// `addresses` came from the resolver.
    final var isLookedUp = false
    /// How many of `addresses` have been tried; the last of them is the one in use.
    final var tried = 0
    final var socket: Int32 = -1
    final var isConnected = false
    /// What the failed addresses said so far.
    final var dialCause = Cause.ok

    init(core: ReactorCore) { self.core = core }

    /// The plan's side of this probe.
    final var question: ProbeBook.Question { core.book.questions[Int(due.series.check)] }

    /// Starts the clocks. The kind dials next.
    final func begin(_ due: Due) {
        self.due = due
        start = Instant(nanoseconds: ReactorClock.wallNs())
        startNs = ReactorClock.monotonicNs()
        markNs = startNs
        deadlineNs = startNs + core.book.questions[Int(due.series.check)].timeoutNs
        legs = Legs()
        status = 0
        notAfter = nil
        detail = nil
        isFlying = true
        core.poll.deadlines.set(self, atNs: deadlineNs)
    }

    /// Ends `leg` now; the next one begins.
    final func endLeg(_ leg: Leg) { endLeg(leg, at: ReactorClock.monotonicNs()) }

    /// Ends `leg` at `nowNs`. Redirects come by the same leg more than once: the parts add up.
    final func endLeg(_ leg: Leg, at nowNs: Int64) {
        legs[leg] &+= UInt32(truncatingIfNeeded: max(0, nowNs - markNs) / 1000)
        markNs = nowNs
    }

    /// The connection stands, and `socket` is this flight's. For the kind.
    func connected() {}

    /// Something happened on the connection that stands. For the kinds that keep the socket to themselves.
    func connectionReady(_ events: UInt32) {}

    final override func ready(_ socket: Int32, _ events: UInt32) {
        if isConnected { connectionReady(events) } else { connectionAnswered(events) }
    }

    /// What the kind saw, for `Findings`; called only when somebody wants to know.
    func findings(_ outcome: Outcome) -> Findings { Findings(detail: detail ?? words(outcome.cause)) }

    /// The kind gives back what it holds for this probe and keeps the object for the next one.
    func landed() {}

    /// Which leg the deadline would end in, now that a connection stands.
    func legInProgress() -> Leg { .wait }

    /// It did not get through.
    final func fail(_ cause: Cause) { finish(Outcome(cause: cause, unmet: .fail)) }

    /// Hands in the sample and makes the object free again.
    final func finish(_ outcome: Outcome) {
        guard isFlying else { return }
        isFlying = false
        var sample = Sample(
            due: due, start: start, legs: legs, cause: outcome.cause, unmet: outcome.unmet, status: status)
        sample.notAfter = notAfter
        if outcome.cause != .ok || core.book.collectsFindings { sample.findings = findings(outcome) }
        core.finished.append(sample)
        land()
    }

    /// Ends without a sample: the reactor stops.
    final func drop() {
        guard isFlying else { return }
        isFlying = false
        land()
    }

    private final func land() {
        core.poll.deadlines.remove(self)
        if let lookup {
            lookup.flight = nil
            self.lookup = nil
        }
        landed()
        closeSocket()
        addresses.removeAll(keepingCapacity: true)
        tried = 0
        isConnected = false
        dialCause = .ok
    }

    final func closeSocket() {
        guard socket >= 0 else { return }
        core.poll.forget(socket)
        close(socket)
        socket = -1
    }

    final override func deadlinePassed(_ nowNs: Int64) {
        guard nowNs >= deadlineNs else { return isConnected ? earlyAlarm(nowNs) : tryNextAddress(nowNs) }
        timedOut(nowNs)
    }

    /// An instant before the deadline that the kind had set for itself, once connected.
    func earlyAlarm(_ nowNs: Int64) {}

    /// The one deadline has passed. Kinds that know more than "time is over" override it.
    func timedOut(_ nowNs: Int64) {
        let leg = currentLeg
        endLeg(leg, at: nowNs)
        fail(.timeout(in: leg))
    }

    private final var currentLeg: Leg {
        if addresses.isEmpty { return .resolve }
        return isConnected ? legInProgress() : .connect
    }
}

extension Cause {
    static func timeout(in leg: Leg) -> Cause {
        switch leg {
        case .resolve: .timeoutResolve
        case .connect: .timeoutConnect
        case .handshake: .timeoutHandshake
        case .wait: .timeoutWait
        case .transfer: .timeoutTransfer
        }
    }
}
