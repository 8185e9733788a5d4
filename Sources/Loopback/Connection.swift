import Glibc

/// The peer has gone, or the server stops: there is nobody to talk to any more.
struct ConnectionEnded: Error {}

/// One accepted connection, used by its own thread alone. Every wait ends when the peer goes or the server stops.
final class Connection {
    /// Bytes of one line or header that are read before the peer is given up.
    private static let lineBytesMax = 256 * 1024

    let peer: String
    private let descriptor: Int32
    private let stopping: Signal
    private var session: TLSSession?
    private var unread: [UInt8] = []

    init(_ descriptor: Int32, peer: String, stopping: Signal) {
        self.descriptor = descriptor
        self.peer = peer
        self.stopping = stopping
    }

    deinit { Glibc.close(descriptor) }

    /// Shakes hands when there is an identity, then behaves.
    func serve(_ behaviour: Behaviour, identity: TLSIdentity?) {
        do throws(ConnectionEnded) {
            if let identity { session = try TLSSession(identity, on: self, descriptor) }
            try behaviour.serve(self)
            try session?.close(on: self)
        } catch {
            // The peer has gone or the server stops; both end a connection.
        }
    }

    // MARK: Sending

    func send(_ text: String) throws(ConnectionEnded) { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws(ConnectionEnded) {
        var sent = 0
        while sent < bytes.count {
            let outcome = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[sent...])
                return session?.write(rest)
                    ?? Self.outcome(
                        of: Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL)),
                        waitingFor: POLLOUT)
            }
            switch outcome {
            case .done(let count): sent += count
            case .wait(let events): try wait(for: events)
            case .ended: throw ConnectionEnded()
            }
        }
    }

    // MARK: Receiving

    /// What arrives next, at least one byte.
    func receive() throws(ConnectionEnded) -> [UInt8] {
        if !unread.isEmpty {
            defer { unread = [] }
            return unread
        }
        while true {
            var bytes = [UInt8](repeating: 0, count: 16 * 1024)
            let outcome = bytes.withUnsafeMutableBytes { buffer in
                session?.read(buffer)
                    ?? Self.outcome(of: recv(descriptor, buffer.baseAddress, buffer.count, 0), waitingFor: POLLIN)
            }
            switch outcome {
            case .done(let count): return Array(bytes.prefix(count))
            case .wait(let events): try wait(for: events)
            case .ended: throw ConnectionEnded()
            }
        }
    }

    /// Everything up to and including `end`; what follows it stays for the next call.
    func receive(until end: String) throws(ConnectionEnded) -> String {
        let end = Array(end.utf8)
        var bytes: [UInt8] = []
        while bytes.count < Self.lineBytesMax {
            let from = max(0, bytes.count - end.count + 1)
            bytes += try receive()
            guard bytes.count >= end.count else { continue }
            for start in from...(bytes.count - end.count) where bytes[start..<start + end.count].elementsEqual(end) {
                unread = Array(bytes[(start + end.count)...])
                return String(decoding: bytes[..<(start + end.count)], as: UTF8.self)
            }
        }
        throw ConnectionEnded()
    }

    /// Exactly `count` bytes.
    func receive(count: Int) throws(ConnectionEnded) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += try receive() }
        unread = Array(bytes[count...])
        return Array(bytes[..<count])
    }

    /// Reads and forgets until the peer goes or the server stops; never returns otherwise.
    func receiveUntilClosed() throws(ConnectionEnded) -> Never {
        while true { _ = try receive() }
    }

    // MARK: Waiting and ending

    /// Lets `ms` pass, whatever arrives meanwhile; ends early only when the server stops.
    func pause(ms: Int) throws(ConnectionEnded) {
        var waits = pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0)
        if ms > 0, poll(&waits, 1, Int32(ms)) > 0 { throw ConnectionEnded() }
    }

    /// Ends the sending side and reads on until the peer goes: unread bytes would turn the close into a reset.
    func finishOrderly() throws(ConnectionEnded) -> Never {
        shutdown(descriptor, Int32(SHUT_WR))
        try receiveUntilClosed()
    }

    /// The connection will end with a reset instead of an orderly close.
    func resetWhenClosed() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    }

    func wait(for events: Int32) throws(ConnectionEnded) {
        var waits = [
            pollfd(fd: stopping.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: descriptor, events: Int16(events), revents: 0),
        ]
        guard poll(&waits, 2, -1) > 0, waits[0].revents == 0 else { throw ConnectionEnded() }
    }

    enum Outcome {
        case done(Int)
        /// Try again after these poll events.
        case wait(Int32)
        case ended
    }

    private static func outcome(of count: Int, waitingFor events: Int32) -> Outcome {
        if count > 0 { return .done(count) }
        return count < 0 && (errno == EAGAIN || errno == EINTR) ? .wait(events) : .ended
    }
}
