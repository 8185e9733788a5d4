import CNet
import Glibc
import Vocabulary

/// Finding the addresses and connecting to them, the same for every kind: our own sockets tell exactly what failed,
/// also under libcurl, which takes over a socket that is already connected.
extension Flight {
    /// Most addresses of one name that are tried; further ones are left out.
    static var addressesMax: Int { 16 }

    /// Resolves and connects; ends in `connected` or `failed`. May be called again for the next hop of a redirect.
    final func dial(_ endpoint: HostPort) {
        closeSocket()
        addresses.removeAll(keepingCapacity: true)
        tried = 0
        isConnected = false
        dialCause = .ok
        port = endpoint.port
        host = endpoint.host
        isLookedUp = endpoint.literal == nil
        if let literal = endpoint.literal {
            guard literal.isOf(question.family) else { return fail(.dnsNoAddress) }
            addresses.append(literal)
            tryNextAddress(markNs)
        } else {
            core.names.look(up: host, family: question.family, for: self)
        }
    }

    /// The resolver's answer.
    final func resolved(_ cause: Cause, _ answer: UnsafePointer<ares_addrinfo>?) {
        guard cause == .ok else {
            endLeg(.resolve)
            return fail(cause)
        }
        var node = answer?.pointee.nodes
        while let found = node, addresses.count < Flight.addressesMax {
            if let address = found.pointee.ai_addr, let copy = SocketAddress(address, port: port) {
                addresses.append(copy)
            }
            node = found.pointee.ai_next
        }
        endLeg(.resolve)
        if addresses.isEmpty { return fail(.dnsNoAddress) }
        tryNextAddress(markNs)
    }

    /// Starts a connection to the next address; `failed` when there is none left.
    final func tryNextAddress(_ nowNs: Int64) {
        // The address before did not answer in its share of the time.
        if socket >= 0 { addressFailed(.timeoutConnect) }
        while tried < addresses.count {
            let address = addresses[tried]
            tried += 1
            guard let cause = connect(address, nowNs) else { return }
            addressFailed(cause)
        }
        endLeg(.connect)
        fail(dialCause)
    }

    /// nil when the connection is under way.
    private final func connect(_ address: SocketAddress, _ nowNs: Int64) -> Cause? {
        let source = core.book.sources[Int(due.series.region)]
        if let source, source.family != address.family { return .sourceUnavailable }
        socket = Glibc.socket(
            address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return SystemError.cause(errno, isImmediate: true) }
        if let source, let cause = bind(to: source) { return cause }
        guard address.connect(socket) == 0 || errno == EINPROGRESS else {
            return SystemError.cause(errno, isImmediate: true)
        }
        guard core.poll.watch(socket, EPOLLOUT.rawValue, for: self) else {
            return SystemError.cause(errno, isImmediate: true)
        }
        // The last address may use all the time that is left, an earlier one its even share.
        if addresses.count > 1 {
            let left = Int64(addresses.count - tried + 1)
            core.poll.deadlines.set(self, atNs: nowNs + max(0, deadlineNs - nowNs) / left)
        }
        return nil
    }

    private final func bind(to source: SocketAddress) -> Cause? {
        // Leaves the choice of the port to connect(), so that ports can be shared between destinations.
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &isOn, socklen_t(MemoryLayout<Int32>.size))
        guard source.bind(socket) == 0 else {
            return errno == EADDRNOTAVAIL ? .sourceUnavailable : SystemError.cause(errno, isImmediate: true)
        }
        return nil
    }

    /// Keeps the most telling of the causes: what a target said goes before what we could not do.
    private final func addressFailed(_ cause: Cause) {
        closeSocket()
        if dialCause == .ok || dialCause.isOwnFault { dialCause = cause }
    }

    /// The socket that was connecting has an answer.
    final func connectionAnswered(_ events: UInt32) {
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
            var number: Int32 = 0
            var count = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &count)
            if number != 0 {
                addressFailed(SystemError.cause(number, isImmediate: false))
                return tryNextAddress(ReactorClock.monotonicNs())
            }
        }
        endLeg(.connect)
        isConnected = true
        if addresses.count > 1 { core.poll.deadlines.set(self, atNs: deadlineNs) }
        connected()
    }

    /// The address in use, or the last one tried; nil before the first.
    final var addressText: String? { tried > 0 ? addresses[tried - 1].text : nil }
}
