import CNet
import Glibc
import Vocabulary

/// Reading and writing, through TLS or not. nil: nothing went; the flight then waits, or has failed.
extension SocketFlight {
    func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
        if let ssl {
            ERR_clear_error()
            let count = SSL_write(ssl, bytes.baseAddress, Int32(min(bytes.count, 1 << 20)))
            return count > 0 ? Int(count) : tlsStopped(count)
        }
        let count = Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        return count >= 0 ? count : stopped(errno, EPOLLOUT.rawValue)
    }

    /// 0 at the end of what the target sends.
    func read(_ room: UnsafeMutableRawBufferPointer) -> Int? {
        if let ssl {
            ERR_clear_error()
            let count = SSL_read(ssl, room.baseAddress, Int32(room.count))
            if count > 0 { return Int(count) }
            return SSL_get_error(ssl, count) == SSL_ERROR_ZERO_RETURN ? 0 : tlsStopped(count)
        }
        let count = recv(socket, room.baseAddress, room.count, 0)
        return count >= 0 ? count : stopped(errno, EPOLLIN.rawValue)
    }

    private func stopped(_ number: Int32, _ events: UInt32) -> Int? {
        if number == EAGAIN || number == EINTR {
            wait(for: events)
        } else {
            endLeg(legInProgress())
            fail(SystemError.cause(number, isImmediate: false))
        }
        return nil
    }

    private func tlsStopped(_ result: Int32) -> Int? {
        if !awaits(SSL_get_error(ssl, result)) {
            endLeg(legInProgress())
            status = UInt16(witness?.alert ?? 0)
            fail(witness?.alert.map { TLSAlert.cause($0) } ?? .closedEarly)
        }
        return nil
    }

    /// True when OpenSSL only wants the socket to be ready.
    func awaits(_ error: Int32) -> Bool {
        switch error {
        case SSL_ERROR_WANT_READ: wait(for: EPOLLIN.rawValue)
        case SSL_ERROR_WANT_WRITE: wait(for: EPOLLOUT.rawValue)
        default: return false
        }
        return true
    }

    private func wait(for events: UInt32) {
        if !core.poll.watch(socket, events, for: self) { fail(SystemError.cause(errno, isImmediate: true)) }
    }
}
