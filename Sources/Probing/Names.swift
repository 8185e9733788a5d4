import CNet
import Glibc
import Vocabulary

/// The resolver of one reactor: c-ares on the reactor's own epoll set, asked afresh for every probe.
final class Names: LoopMember {
    /// How long a name server may stay silent before the next try, and how often it is asked: 2 s + 4 s in all, under
    /// the default deadline, so that a silent name server is told apart from a slow target.
    private static let tryMs: Int32 = 2000
    private static let tries: Int32 = 2

    private let poll: Poll
    private var channel: OpaquePointer?
    private var pending = 0

    /// `servers`: `127.0.0.1:5353,[::1]:53` in place of the system's; nil takes /etc/resolv.conf.
    init(poll: Poll, servers: String?) throws(ReactorError) {
        self.poll = poll
        super.init()
        var options = ares_options()
        // Without this flag c-ares hides SERVFAIL and REFUSED behind "could not contact DNS servers".
        options.flags = ARES_FLAG_NOCHECKRESP
        options.timeout = Names.tryMs
        options.tries = Names.tries
        options.sock_state_cb = { data, socket, isReadable, isWritable in
            guard let data else { return }
            Unmanaged<Names>.fromOpaque(data).takeUnretainedValue().watch(
                socket, isReadable: isReadable != 0, isWritable: isWritable != 0)
        }
        options.sock_state_cb_data = Unmanaged.passUnretained(self).toOpaque()
        let mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB
        var status = ares_init_options(&channel, &options, mask)
        if status == ARES_SUCCESS, let servers { status = ares_set_servers_ports_csv(channel, servers) }
        guard status == ARES_SUCCESS else {
            throw .noResolver(text: String(cString: ares_strerror(status)))
        }
    }

    deinit { close() }

    /// Gives up everything under way; each look-up is called back, with a flight that has long let go of it.
    func close() {
        if let channel { ares_destroy(channel) }
        channel = nil
    }

    /// Asks for the addresses of `host`; the answer goes to `flight.resolved`, at once when it stands in /etc/hosts.
    func look(up host: String, family: AddressFamily, for flight: Flight) {
        let lookup = Lookup(self, flight)
        flight.lookup = lookup
        var hints = ares_addrinfo_hints()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family =
            switch family {
            case .any: AF_UNSPEC
            case .ipv4: AF_INET
            case .ipv6: AF_INET6
            }
        pending += 1
        // The answer may come before the call returns.
        ares_getaddrinfo(
            channel, host, nil, &hints,
            { data, status, _, answer in
                guard let data else { return }
                Unmanaged<Lookup>.fromOpaque(data).takeRetainedValue().answered(status, answer)
                if let answer { ares_freeaddrinfo(answer) }
            }, Unmanaged.passRetained(lookup).toOpaque())
        waitOn()
    }

    override func ready(_ socket: Int32, _ events: UInt32) {
        let isFailed = events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        let readable = events & EPOLLIN.rawValue != 0 || isFailed ? socket : ARES_SOCKET_BAD
        let writable = events & EPOLLOUT.rawValue != 0 || isFailed ? socket : ARES_SOCKET_BAD
        ares_process_fd(channel, readable, writable)
        waitOn()
    }

    override func deadlinePassed(_ nowNs: Int64) {
        ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD)
        waitOn()
    }

    /// Sets the deadline to the next time c-ares wants to be called.
    private func waitOn() {
        guard pending > 0 else { return poll.deadlines.remove(self) }
        var wait = timeval()
        guard ares_timeout(channel, nil, &wait) != nil else { return poll.deadlines.remove(self) }
        let waitNs = Int64(wait.tv_sec) * 1_000_000_000 + Int64(wait.tv_usec) * 1000
        poll.deadlines.set(self, atNs: ReactorClock.monotonicNs() + max(waitNs, 1_000_000))
    }

    private func watch(_ socket: Int32, isReadable: Bool, isWritable: Bool) {
        let events = (isReadable ? EPOLLIN.rawValue : 0) | (isWritable ? EPOLLOUT.rawValue : 0)
        if events == 0 { return poll.forget(socket) }
        // Refused by the kernel: c-ares then hears nothing and gives up by its own timeout.
        _ = poll.watch(socket, events, for: self)
    }

    /// One look-up on its way. c-ares cannot take a single one back, so a flight that ends earlier lets go of it.
    final class Lookup {
        unowned(unsafe) var flight: Flight?
        private unowned(unsafe) let names: Names

        fileprivate init(_ names: Names, _ flight: Flight) {
            self.names = names
            self.flight = flight
        }

        fileprivate func answered(_ status: Int32, _ answer: UnsafeMutablePointer<ares_addrinfo>?) {
            names.pending -= 1
            guard let flight else { return }
            self.flight = nil
            flight.lookup = nil
            flight.resolved(Names.cause(status), status == ARES_SUCCESS ? answer : nil)
        }
    }

    /// The cause a look-up ended with.
    private static func cause(_ status: Int32) -> Cause {
        switch status {
        case ARES_SUCCESS: .ok
        case ARES_ENODATA: .dnsNoAddress
        case ARES_ENOTFOUND: .nameNotFound
        case ARES_ESERVFAIL, ARES_ENOTIMP: .dnsServfail
        case ARES_EREFUSED: .dnsRefused
        case ARES_ETIMEOUT: .dnsTimeout
        case ARES_EFORMERR, ARES_EBADRESP, ARES_EBADNAME, ARES_EBADQUERY: .dnsMalformed
        case ARES_ECONNREFUSED: .resolverUnreachable
        case ARES_ENOMEM: .noMemory
        default: .internalFault
        }
    }
}
