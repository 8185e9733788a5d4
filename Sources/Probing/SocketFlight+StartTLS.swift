import Vocabulary

/// A dialogue that leads to TLS, on its way.
struct Lead {
    var machine: any StartTLS
    /// What goes out.
    var saying: [UInt8]
    /// TLS begins once that is out.
    var isReady = false
    /// Bytes that have come.
    var heard = 0
}

/// The dialogue that leads to TLS: its time belongs to the handshake.
extension SocketFlight {
    /// Longest part of what a target said that is told.
    private static let wordsMax = 300

    func beginLead(_ machine: any StartTLS) {
        lead = Lead(machine: machine, saying: machine.opening)
        stage = .leading
        followLead()
    }

    func followLead() {
        while isFlying, let saying = lead?.saying {
            guard send(saying) else { return }
            lead?.saying = []
            if lead?.isReady == true { return beginHandshake() }
            guard let move = reply.withBytes({ lead?.machine.next($0) }) else { return }
            reply.removeFirst(move.used)
            switch move.action {
            case .wait:
                if move.used > 0, reply.count > 0 { continue }
                guard hearLead() else { return }
            case .say(let bytes): answer(bytes, isReady: false)
            case .ready(let bytes): answer(bytes, isReady: true)
            case .refused(let words): failLead(.starttlsRefused, "the target refused to begin TLS: \(words)")
            case .wrong(let why): failLead(.starttlsProtocol, why)
            }
        }
    }

    /// Nobody who may speak has said more than the answer before it was asked again.
    private func answer(_ bytes: [UInt8], isReady: Bool) {
        if reply.count > 0 { return failLead(.starttlsInjection, nil) }
        lead?.saying = bytes
        lead?.isReady = isReady
    }

    /// False while nothing comes, or when the flight is over.
    private func hearLead() -> Bool {
        guard let room = reply.room() else {
            fail(.noMemory)
            return false
        }
        guard let count = read(room) else { return false }
        guard count > 0 else {
            failLead(.closedEarly, nil)
            return false
        }
        reply.advance(count)
        lead?.heard += count
        if let heard = lead?.heard, heard > StartTLSProtocols.bytesMax {
            failLead(.starttlsProtocol, "more than \(StartTLSProtocols.bytesMax / 1024) KiB before TLS")
            return false
        }
        return true
    }

    private func failLead(_ cause: Cause, _ words: String?) {
        endLeg(.handshake)
        detail = words.map { String($0.prefix(SocketFlight.wordsMax)) }
        fail(cause)
    }
}
