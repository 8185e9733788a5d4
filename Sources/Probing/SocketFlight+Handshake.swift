import CNet
import Vocabulary

extension SocketFlight {
    /// How long a target may think about our certificate once the handshake is over on our side.
    private static let wordNsMax = Duration.secondNs

    func beginHandshake() {
        guard let settings, let tls = settings.tls, let parts = try? tls.ready(), let ssl = SSL_new(parts.context)
        else { return fail(.noMemory) }
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

    func shakeHands() {
        ERR_clear_error()
        let result = SSL_connect(ssl)
        if result == 1 {
            endLeg(.handshake)
            return shaken()
        }
        if awaits(SSL_get_error(ssl, result)) { return }
        endLeg(.handshake)
        status = UInt16(witness?.alert ?? 0)
        fail(witness?.failure ?? .closedEarly)
    }

    private func shaken() {
        guard let settings, let tls = settings.tls, let ssl, let witness else { return }
        if !tls.settings.alpn.isEmpty, !isProtocolChosen(ssl) {
            let offered = tls.settings.alpn.joined(separator: ", ")
            return fail(.tlsALPN, "the target chose none of the protocols offered: \(offered)")
        }
        // In TLS 1.3 our side is done before the target has looked at our certificate; its refusal comes when one
        // reads. Source: RFC 8446, 4.4.2.4 and 4.6.
        guard witness.isAskedForCertificate, witness.protocolVersion == TLS1_3_VERSION,
            !settings.dialogue.hears(from: turn)
        else { return talk() }
        bytesAtHandshake = cnet_ssl_bytes_in(ssl)
        stage = .awaitingWord
        core.poll.deadlines.set(self, atNs: min(deadlineNs, markNs + SocketFlight.wordNsMax))
        awaitWord()
    }

    private func isProtocolChosen(_ ssl: OpaquePointer) -> Bool {
        var name: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &name, &count)
        return count > 0
    }

    /// A session ticket or anything else but an alert says that the certificate, or none, is taken; so does silence.
    func awaitWord() {
        guard let ssl, let room = reply.room() else { return fail(.noMemory) }
        ERR_clear_error()
        let count = SSL_read(ssl, room.baseAddress, Int32(room.count))
        if count > 0 {
            reply.advance(Int(count))
            return wordIsGood()
        }
        let error = SSL_get_error(ssl, count)
        if error == SSL_ERROR_ZERO_RETURN { return wordIsGood() }
        if error == SSL_ERROR_WANT_READ, cnet_ssl_bytes_in(ssl) > bytesAtHandshake, SSL_has_pending(ssl) == 0 {
            return wordIsGood()
        }
        if awaits(error) { return }
        endLeg(.wait)
        status = UInt16(witness?.alert ?? 0)
        fail(witness?.failure ?? .closedEarly)
    }

    func wordIsGood() {
        core.poll.deadlines.set(self, atNs: deadlineNs)
        endLeg(.wait)
        talk()
    }
}
