import CNet
import Glibc
import Vocabulary

/// One probe on a socket of its own: connect, shake hands where that is asked for, and hold the dialogue.
final class SocketFlight: Flight {
    enum Stage {
        /// A dialogue leads to TLS; SocketFlight+StartTLS.swift.
        case leading
        case handshaking
        /// TLS stands, but the target has yet to say whether it takes our certificate; SocketFlight+Handshake.swift.
        case awaitingWord
        /// SocketFlight+Dialogue.swift.
        case talking
    }

    private unowned(unsafe) let driver: SocketDriver
    private(set) var settings: SocketSettings?
    var stage = Stage.talking
    var ssl: OpaquePointer?
    var witness: TLSWitness?
    /// The dialogue that leads to TLS; nil when none does.
    var lead: Lead?

    /// Place of the present turn in the dialogue.
    var turn = 0
    /// How many bytes of what is being sent are out.
    var sent = 0
    /// What came since the turn before; between turns what the last one heard, so that it can be shown.
    var reply = ReplyBuffer()
    /// How many bytes of `reply` the turns so far are done with.
    var used = 0
    var isListening = false
    /// A first byte of the dialogue has come.
    var hasHeard = false
    /// Bytes that had come when the handshake was done.
    var bytesAtHandshake: UInt64 = 0

    init(core: ReactorCore, driver: SocketDriver) {
        self.driver = driver
        super.init(core: core)
    }

    func start(_ settings: SocketSettings) {
        self.settings = settings
        dial(settings.endpoint)
    }

    override func connected() {
        guard let settings else { return }
        if settings.dialogue.hears(from: 0) { ReactorClock.noteArrivals(at: socket) }
        if let starttls = settings.starttls { return beginLead(starttls.init(domain: settings.serverName)) }
        if settings.tls != nil, settings.dialogue.shakesFirst { beginHandshake() } else { talk() }
    }

    override func connectionReady(_ socket: Int32, _ events: UInt32) {
        if isListening { noteArrival(socket, events) }
        switch stage {
        case .leading: followLead()
        case .handshaking: shakeHands()
        case .awaitingWord: awaitWord()
        case .talking: talk()
        }
    }

    override func legInProgress() -> Leg {
        switch stage {
        case .leading, .handshaking: .handshake
        case .awaitingWord: .wait
        case .talking: talkingLeg
        }
    }

    override func earlyAlarm(_ nowNs: Int64) {
        if stage == .awaitingWord { wordIsGood() }
    }

    /// A reply that came, but not the expected one, says more than "time is over".
    override func timedOut(_ nowNs: Int64) {
        guard stage == .talking, isListening, reply.count > 0, let settings else { return super.timedOut(nowNs) }
        endLeg(.transfer, at: nowNs)
        guard isFound(settings, atEnd: true) else { return fail(.replyMismatch) }
        if turn + 1 == settings.dialogue.turns.count { judge() } else { fail(.timeoutTransfer) }
    }

    override func findings(_ outcome: Outcome) -> Findings { describe(outcome, settings) }

    override func landed() {
        if let ssl {
            // Says goodbye where that is possible at once.
            if witness?.isDone == true { SSL_shutdown(ssl) }
            SSL_free(ssl)
            self.ssl = nil
        }
        ERR_clear_error()
        witness?.clear()
        reply.clear()
        lead = nil
        stage = .talking
        turn = 0
        sent = 0
        used = 0
        isListening = false
        hasHeard = false
        settings = nil
        driver.landed(self)
    }

    /// `words`: raw, as the target said them.
    func fail(_ cause: Cause, _ words: String) {
        detail = words
        fail(cause)
    }

    func judge() {
        var outcome = Outcome()
        notAfter = witness?.notAfter
        question.expectations.judge(self, &outcome)
        finish(outcome)
    }
}
