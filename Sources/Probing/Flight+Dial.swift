import CNet
import Glibc
import Vocabulary

/// Finding the addresses and connecting to them, the same for every kind: our own sockets tell exactly what failed,
/// also under libcurl, which takes over a socket that is already connected.
///
/// Addresses race as RFC 8305 has it: the families take turns, each attempt gives the one before a head start, and the
/// first connection that stands is taken.
extension Flight {
    /// The head start of each attempt. Source: RFC 8305, 5 ("Connection Attempt Delay").
    static var headStartNs: Int64 { 250_000_000 }
    /// How long IPv4 addresses wait for the IPv6 ones. Source: RFC 8305, 3 ("Resolution Delay").
    static var resolutionDelayNs: Int64 { 50_000_000 }

    /// Resolves and connects; ends in `connected` or `failed`. May be called again for the next hop of a redirect.
    /// `proxy`: the check's own; the region's stands in for it. `tunnels` false: an HTTP proxy is spoken to by the kind
    /// itself. `addresses`: in place of a look-up of the target.
    final func dial(
        _ target: HostPort, through own: Proxy? = nil, tunnels: Bool = true, addresses: [SocketAddress]? = nil
    ) {
        hangUp()
        if let proxy = own ?? probeRoute?.proxy {
            dial(target, at: addresses?.first, through: proxy, tunnels: tunnels)
        } else {
            dialling.endpoint = target
            reach(addresses, family: question.family)
        }
    }

    private final func dial(_ target: HostPort, at address: SocketAddress?, through proxy: Proxy, tunnels: Bool) {
        dialling.endpoint = proxy.endpoint
        dialling.proxy = proxy
        let known = address ?? target.literal
        if let known, question.addressGuard?.blocks(known.ip) == true {
            detail = "\(known.text) is an address that block_private refuses"
            return fail(.addressBlocked)
        }
        if tunnels || proxy.kind == .socks {
            let wanted = address.flatMap { HostPort(host: $0.host, port: $0.port) } ?? target
            dialling.dialogue = ProxyDialogue(proxy, to: wanted)
        }
        reach(nil, family: .any)
    }

    /// Connects to `dialling.endpoint`.
    private final func reach(_ addresses: [SocketAddress]?, family wanted: AddressFamily) {
        let family = probeRoute?.family(wanted) ?? wanted
        if let addresses {
            for address in addresses where address.isOf(family) { dialling.queue.add(address) }
            return begin(markNs, else: .dnsNoAddress)
        }
        guard var literal = dialling.endpoint.literal else {
            dialling.isLookedUp = true
            return core.names.look(
                up: dialling.endpoint.host, family: family, at: probeRoute?.resolver ?? 0, for: self)
        }
        // An address of another family than the source's is tried, and told as what it is.
        guard literal.isOf(wanted) else { return fail(.dnsNoAddress) }
        if let zone = dialling.endpoint.zone, !literal.setZone(zone) {
            detail = "this host has no interface \"\(zone)\""
            return fail(.sourceUnavailable)
        }
        dialling.queue.add(literal)
        begin(markNs, else: .dnsNoAddress)
    }

    // MARK: Names

    /// The addresses stood in the hosts file.
    final func namesKnown(_ addresses: [IPAddress]) {
        for address in addresses {
            dialling.queue.add(SocketAddress(address, port: dialling.endpoint.port))
        }
        begin(ReactorClock.monotonicNs(), else: .dnsNoAddress)
    }

    /// One family's answer is here, its addresses in the queue. `isLast`: no other will come. `cause`: what became of
    /// it, or of both when there is no address at all.
    final func namesAnswered(isLast: Bool, isSix: Bool, cause: Cause) {
        let nowNs = ReactorClock.monotonicNs()
        if isLast { return begin(nowNs, else: cause) }
        guard dialling.queue.hasNext, dialling.attempts.isEmpty else { return }
        if isSix { return begin(nowNs, else: cause) }
        wake(atNs: nowNs + Flight.resolutionDelayNs)
    }

    /// Begins with what the queue holds, or goes on when attempts are under way; `cause` when it came to nothing.
    private final func begin(_ nowNs: Int64, else cause: Cause) {
        guard dialling.queue.hasNext || !dialling.attempts.isEmpty else {
            endLeg(.resolve, at: nowNs)
            return fail(cause)
        }
        if dialling.openCount == 0 { return tryNextAddress(nowNs) }
        // More addresses came while others are being tried.
        if dialling.nextNs == .max, dialling.queue.hasNext { wake(atNs: dialling.begunNs + Flight.headStartNs) }
    }

    // MARK: Attempts

    /// Begins a connection to the next address; fails when none is left, none under way and none can come.
    final func tryNextAddress(_ nowNs: Int64) {
        while let address = dialling.queue.next() {
            if dialling.attempts.isEmpty { endLeg(.resolve, at: nowNs) }
            dialling.attempts.append(Dialling.Attempt(address: address, socket: -1))
            let place = dialling.attempts.count - 1
            guard let cause = connect(address, place) else {
                dialling.openCount += 1
                dialling.begunNs = nowNs
                if dialling.queue.hasNext { wake(atNs: nowNs + Flight.headStartNs) } else { stopWaking() }
                return
            }
            attemptFailed(place, cause)
        }
        stopWaking()
        if dialling.openCount == 0, dialling.lookup == nil { fail(dialling.cause) }
    }

    /// nil when the connection is under way.
    private final func connect(_ address: SocketAddress, _ place: Int) -> Cause? {
        if let guarding = question.addressGuard, dialling.proxy == nil, guarding.blocks(address.ip) {
            return .addressBlocked
        }
        let socket = Glibc.socket(
            address.family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard socket >= 0 else { return SystemError.cause(errno, isImmediate: true) }
        dialling.attempts[place].socket = socket
        if let probeRoute, let cause = probeRoute.prepare(socket, family: address.family) { return cause }
        guard address.connect(socket) == 0 || errno == EINPROGRESS else {
            return SystemError.cause(errno, isImmediate: true)
        }
        guard core.poll.watch(socket, EPOLLOUT.rawValue, for: self) else {
            return SystemError.cause(errno, isImmediate: true)
        }
        return nil
    }

    /// Keeps the most telling of the causes: what a target said goes before what we could not do.
    private final func attemptFailed(_ place: Int, _ cause: Cause) {
        core.poll.close(&dialling.attempts[place].socket)
        dialling.attempts[place].cause = cause
        if dialling.cause == .ok || dialling.cause.isOwnFault { dialling.cause = cause }
    }

    /// A socket that was connecting has an answer.
    final func connectionAnswered(_ socket: Int32, _ events: UInt32) {
        guard let place = dialling.attempts.firstIndex(where: { $0.socket == socket }) else { return }
        dialling.openCount -= 1
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 {
            var number: Int32 = 0
            var count = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &count)
            if number != 0 {
                attemptFailed(place, SystemError.cause(number, isImmediate: false))
                return tryNextAddress(ReactorClock.monotonicNs())
            }
        }
        win(place)
    }

    private final func win(_ place: Int) {
        socket = dialling.attempts[place].socket
        dialling.attempts[place].socket = -1
        dialling.winner = place
        if dialling.openCount > 0 { closeAttempts() }
        letGoOfNames()
        stopWaking()
        if dialling.dialogue != nil { return startTunnel() }
        stand()
    }

    /// The way to the target stands.
    final func stand() {
        endLeg(.connect)
        isConnected = true
        connected()
    }

    // MARK: Waiting

    private final func wake(atNs: Int64) {
        dialling.nextNs = atNs
        core.poll.deadlines.set(self, atNs: min(deadlineNs, atNs))
    }

    private final func stopWaking() {
        guard dialling.nextNs != .max else { return }
        dialling.nextNs = .max
        core.poll.deadlines.set(self, atNs: deadlineNs)
    }

    // MARK: The end

    /// Closes every connection and forgets what the dialling before came to.
    final func hangUp() {
        letGoOfNames()
        core.poll.close(&socket)
        if dialling.openCount > 0 { closeAttempts() }
        dialling.clear()
        isConnected = false
    }

    private final func closeAttempts() {
        for place in dialling.attempts.indices { core.poll.close(&dialling.attempts[place].socket) }
        dialling.openCount = 0
    }

    private final func letGoOfNames() {
        guard let lookup = dialling.lookup else { return }
        lookup.flight = nil
        dialling.lookup = nil
    }
}
