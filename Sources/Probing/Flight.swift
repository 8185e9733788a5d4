import CNet
import Glibc
import Vocabulary

/// One probe on its way: who asked, when it began, what each leg took, and the one deadline over all of it.
/// Kinds make subclasses that say what happens once a connection stands; drivers use the objects again and again.
///
/// Every probe begins the same way: `begin`, then `dial` (Flight+Dial.swift), then `connected` or `failed`.
class Flight: LoopMember {
    unowned(unsafe) final let core: ReactorCore

    final private(set) var due = Due(series: SeriesIndex(check: 0, region: 0), slot: 0, at: Instant(nanoseconds: 0))
    /// The plan's side of this probe. The plan keeps it.
    unowned(unsafe) final private(set) var question: ProbeBook.Question
    final private(set) var start = Instant(nanoseconds: 0)
    final private(set) var startNs: Int64 = 0
    final private(set) var deadlineNs: Int64 = 0
    /// Whether the probe is under way; false once its sample is handed in, and while the object waits for the next
    /// one.
    final private(set) var isFlying = false

    final var legs = Legs()
    /// Monotonic instant at which the present leg began.
    final var markNs: Int64 = 0
    /// When what is being read from the connection that stands arrived; nil where it was not noted.
    final var arrivedNs: Int64?
    /// HTTP status or TLS alert.
    final var status: UInt16 = 0
    /// End of the certificate's validity, where a kind has seen one.
    final var notAfter: Instant?
    /// A line of words about a failure; nil leaves it to the cause.
    final var detail: String?

    // Where it connects to; Flight+Dial.swift.
    /// How its packets leave; nil when nothing is said of it. The plan keeps it.
    unowned(unsafe) final private(set) var probeRoute: ProbeRoute?
    final var dialling = Dialling()
    /// The connection that stands; -1 before, and once it is handed on.
    final var socket: Int32 = -1
    /// The target is connected to, through a proxy or not.
    final var isConnected = false

    init(core: ReactorCore) {
        self.core = core
        // Until it begins; a flight is made for a check that is due.
        question = core.book.questions[0]
    }

    /// Starts the clocks. The kind dials next.
    final func begin(_ due: Due) {
        self.due = due
        start = Instant(nanoseconds: ReactorClock.wallNs())
        startNs = ReactorClock.monotonicNs()
        markNs = startNs
        question = core.book.questions[Int(due.series.check)]
        deadlineNs = startNs + question.timeoutNs
        probeRoute = question.routes.isEmpty ? nil : question.routes[Int(due.series.region)]
        legs = Legs()
        status = 0
        notAfter = nil
        detail = nil
        isFlying = true
        core.poll.deadlines.set(self, atNs: deadlineNs)
    }

    /// Notes when what is about to be read from the connection that stands arrived: an answer that waits until we come
    /// round to it took no longer for that. `events`: EPOLL bits. A connection that is broken is not asked: the kernel
    /// says once what broke it, to whoever asks.
    final func noteArrival(_ socket: Int32, _ events: UInt32) {
        let asked = EPOLLIN.rawValue | EPOLLERR.rawValue | EPOLLHUP.rawValue
        guard events & asked == EPOLLIN.rawValue, let wallNs = ReactorClock.wallArrivalNs(at: socket) else { return }
        let nowNs = ReactorClock.monotonicNs()
        let nowWallNs = ReactorClock.wallNs()
        // The kernel notes wall time. Where that was set since the probe began, its notes say nothing.
        let stepNs = (nowWallNs - start.nanoseconds) - (nowNs - startNs)
        guard abs(stepNs) < Flight.wallStepNsMax else { return }
        arrivedNs = min(nowNs, max(markNs, nowNs - (nowWallNs - wallNs)))
    }

    /// How far the clocks may run apart within a probe: what setting the time right by slowing it down comes to, and
    /// the time between reading one and the other.
    private static let wallStepNsMax = 5 * Duration.millisecondNs

    /// Ends `leg` now; the next one begins.
    final func endLeg(_ leg: Leg) { endLeg(leg, at: ReactorClock.monotonicNs()) }

    /// Ends `leg` at `nowNs`. Redirects come by the same leg more than once: the parts add up.
    final func endLeg(_ leg: Leg, at nowNs: Int64) {
        legs[leg] &+= UInt32(truncatingIfNeeded: max(0, nowNs - markNs) / 1000)
        markNs = nowNs
    }

    /// The connection stands, and `socket` is this flight's. For the kind.
    func connected() {}

    /// Something happened on the connection that stands. For the kind.
    func connectionReady(_ socket: Int32, _ events: UInt32) {}

    final override func ready(_ socket: Int32, _ events: UInt32) {
        if isConnected {
            connectionReady(socket, events)
            arrivedNs = nil
            return
        }
        if dialling.winner == nil { connectionAnswered(socket, events) } else { tunnelReady() }
    }

    /// What the kind saw, for `Findings`; called only when somebody wants to know.
    func findings(_ outcome: Outcome) -> Findings { Findings(detail: detail ?? words(outcome.cause)) }

    /// The kind gives back what it holds for this probe and keeps the object for the next one.
    func landed() {}

    /// Which leg the deadline would end in, now that a connection stands.
    func legInProgress() -> Leg { .wait }

    /// It did not get through. Kinds that ask somebody else first override it, to say whose failure it is.
    func fail(_ cause: Cause) { finish(Outcome(cause: told(cause), unmet: .fail)) }

    /// What `cause` means when a proxy stands in between.
    final func told(_ cause: Cause) -> Cause {
        dialling.proxy != nil && !isConnected ? causeOnTheWay(cause) : cause
    }

    /// Hands in the sample and makes the object free again.
    final func finish(_ outcome: Outcome) {
        guard isFlying else { return }
        isFlying = false
        let expected = question.expectations.cause
        let told = expected?.judge(outcome) ?? outcome
        var sample = Sample(due: due, start: start, legs: legs, cause: told.cause, unmet: told.unmet, status: status)
        sample.notAfter = notAfter
        if told.cause != .ok || core.book.collectsFindings {
            let found = findings(outcome)
            sample.findings = expected?.findings(found, outcome) ?? found
        }
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
        landed()
        hangUp()
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
        if dialling.attempts.isEmpty { return .resolve }
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
