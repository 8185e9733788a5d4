import Vocabulary

/// The dialogue over the connection, through TLS or not. Each turn goes on where the one before ended.
extension SocketFlight {
    /// When what is being heard arrived: now, where that was not noted.
    private var heardNs: Int64 { arrivedNs ?? ReactorClock.monotonicNs() }

    /// The first byte ends the wait.
    var talkingLeg: Leg { hasHeard ? .transfer : .wait }

    func talk() {
        stage = .talking
        guard let settings else { return }
        let turns = settings.dialogue.turns
        while isFlying, turn < turns.count {
            switch turns[turn] {
            case .send(let bytes):
                guard send(bytes) else { return }
                // What came before a question is no answer to it.
                used = reply.count
            case .expect:
                guard hear(settings) else { return }
            case .starttls:
                turn += 1
                return agree()
            }
            turn += 1
        }
        guard isFlying else { return }
        if !turns.isEmpty { endLeg(talkingLeg, at: heardNs) }
        judge()
    }

    /// False while bytes are left, or when the flight is over.
    func send(_ bytes: [UInt8]) -> Bool {
        arrivedNs = nil
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { write(UnsafeRawBufferPointer(rebasing: $0[sent...])) }
            guard let count else { return false }
            sent += count
        }
        sent = 0
        return true
    }

    /// True when the present turn's expectation is met; false while it waits, or when the flight is over.
    private func hear(_ settings: SocketSettings) -> Bool {
        if !isListening {
            isListening = true
            reply.removeFirst(used)
            used = 0
            if isFound(settings, atEnd: reply.isFull) { return true }
        }
        while isFlying {
            if reply.isFull { return mismatched() }
            guard let room = reply.room() else {
                fail(.noMemory)
                return false
            }
            guard let count = read(room) else { return false }
            if count == 0 { return ended(settings) }
            if !hasHeard { endLeg(.wait, at: heardNs) }
            hasHeard = true
            reply.advance(count)
            if isFound(settings, atEnd: reply.isFull) { return true }
        }
        return false
    }

    /// The target closed the connection.
    private func ended(_ settings: SocketSettings) -> Bool {
        if reply.count > 0 { return isFound(settings, atEnd: true) || mismatched() }
        endLeg(talkingLeg)
        fail(.closedEarly)
        return false
    }

    private func mismatched() -> Bool {
        endLeg(.transfer)
        fail(.replyMismatch)
        return false
    }

    /// Whether what came holds what the present turn expects. `atEnd`: nothing more will come.
    func isFound(_ settings: SocketSettings, atEnd: Bool) -> Bool {
        guard let pattern = settings.dialogue.turns[turn].pattern, reply.count > 0, atEnd || reply.isWorthSearching
        else { return false }
        reply.markSearched()
        if turn + 1 == settings.dialogue.turns.count {
            guard pattern.isFound(in: reply.bytes, count: reply.count) else { return false }
        } else {
            guard let end = pattern.end(in: reply.bytes, count: reply.count) else { return false }
            used = end
        }
        isListening = false
        return true
    }

    /// The turn before heard the target agree to TLS. The rest of that line belongs to it; more was said by nobody who
    /// may speak.
    private func agree() {
        let hasMore = reply.withBytes { bytes in
            var end = used
            while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
            return end + 1 < bytes.count
        }
        endLeg(talkingLeg)
        if hasMore { return fail(.starttlsInjection) }
        beginHandshake()
    }
}
