import CNet
import Glibc
import Vocabulary

/// One probe on a socket of its own: connect, handshake, send, and search what comes back.
final class SocketFlight: Flight {
    private enum Stage {
        case handshaking
        case sending
        case reading
    }

    private unowned(unsafe) let driver: SocketDriver
    private var settings: SocketSettings?
    private var stage = Stage.sending
    private(set) var ssl: OpaquePointer?
    private(set) var witness: TLSWitness?
    /// How many bytes of `send` are out.
    private var sent = 0
    private(set) var reply = ReplyBuffer()

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
        guard let tls = settings.tls else { return startDialogue() }
        guard let parts = try? tls.ready(), let ssl = SSL_new(parts.context) else { return fail(.noMemory) }
        self.ssl = ssl
        let witness = self.witness ?? TLSWitness()
        self.witness = witness
        witness.begin(host: settings.serverName, isAddress: settings.isServerAddress, settings: tls.settings)
        witness.attach(toConnection: ssl)
        SSL_set_fd(ssl, socket)
        if !settings.isServerAddress { _ = cnet_ssl_set_server_name(ssl, settings.serverName) }
        stage = .handshaking
        shakeHands()
    }

    override func connectionReady(_ events: UInt32) {
        switch stage {
        case .handshaking: shakeHands()
        case .sending: send()
        case .reading: receive()
        }
    }

    override func legInProgress() -> Leg {
        switch stage {
        case .handshaking: .handshake
        case .sending: .wait
        case .reading: reply.count == 0 ? .wait : .transfer
        }
    }

    /// A reply that came, but not the expected one, says more than "time is over".
    override func timedOut(_ nowNs: Int64) {
        guard isConnected, stage == .reading, reply.count > 0 else { return super.timedOut(nowNs) }
        endLeg(.transfer, at: nowNs)
        if isReplyGood(atEnd: true) { judge() } else { fail(.replyMismatch) }
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
        sent = 0
        settings = nil
        driver.landed(self)
    }

    private func shakeHands() {
        ERR_clear_error()
        let result = SSL_connect(ssl)
        if result == 1 {
            endLeg(.handshake)
            return startDialogue()
        }
        if awaits(SSL_get_error(ssl, result)) { return }
        endLeg(.handshake)
        status = UInt16(witness?.alert ?? 0)
        fail(witness?.failure ?? .closedEarly)
    }

    private func startDialogue() {
        guard let settings, !settings.send.isEmpty || settings.expect != nil else { return judge() }
        stage = .sending
        send()
    }

    private func send() {
        guard let settings else { return }
        while sent < settings.send.count {
            let count = settings.send.withUnsafeBytes { bytes in
                write(UnsafeRawBufferPointer(rebasing: bytes[sent...]))
            }
            guard let count else { return }
            sent += count
        }
        guard settings.expect != nil else {
            endLeg(.wait)
            return judge()
        }
        stage = .reading
        receive()
    }

    private func receive() {
        while isFlying {
            guard let room = reply.room() else { return fail(.noMemory) }
            guard let count = read(room) else { return }
            if count == 0 { return replyEnded() }
            if reply.count == 0 { endLeg(.wait) }
            reply.advance(count)
            if isReplyGood(atEnd: reply.isFull) {
                endLeg(.transfer)
                return judge()
            }
            if reply.isFull {
                endLeg(.transfer)
                return fail(.replyMismatch)
            }
        }
    }

    /// The target closed the connection.
    private func replyEnded() {
        if reply.count == 0 {
            endLeg(.wait)
            return fail(.closedEarly)
        }
        endLeg(.transfer)
        if isReplyGood(atEnd: true) { judge() } else { fail(.replyMismatch) }
    }

    private func isReplyGood(atEnd: Bool) -> Bool {
        guard let expect = settings?.expect, atEnd || reply.isWorthSearching else { return false }
        reply.markSearched()
        return expect.isFound(in: reply.bytes, count: reply.count)
    }

    private func judge() {
        var outcome = Outcome()
        question.expectations.judgeCommon(
            &outcome, totalUs: legs.totalUs, notAfter: witness?.notAfter, now: start)
        finish(outcome)
    }
}
