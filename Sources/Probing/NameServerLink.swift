import CNet
import Glibc
import Vocabulary

/// The way to one name server: a c-ares channel of its own on the reactor's epoll set. It asks once and tells exactly
/// what came of it; whom to ask next is for `Lookup` to say.
final class NameServerLink: LoopMember {
    /// How long the server may stay silent.
    static let tryMs: Int32 = 2000

    let server: NameServerAddress
    private let poll: Poll
    /// How it is reached; nil: as the routing table has it.
    private let route: ProbeRoute?
    private var channel: OpaquePointer?
    private var pending = 0
    /// Nobody listens there: what is under way will not be answered, and would only be waited for.
    private var isRefused = false
    /// Calls into c-ares that have not returned yet.
    private var depth = 0

    init(_ server: NameServerAddress, route: ProbeRoute?, poll: Poll) throws(ReactorError) {
        self.server = server
        self.route = route
        self.poll = poll
        super.init()
        let me = Unmanaged.passUnretained(self).toOpaque()
        var options = ares_options()
        // Without this flag c-ares hides SERVFAIL and REFUSED behind "could not contact DNS servers".
        options.flags = ARES_FLAG_NOCHECKRESP
        options.timeout = NameServerLink.tryMs
        options.tries = 1
        options.sock_state_cb = { data, socket, isReadable, isWritable in
            guard let data else { return }
            Unmanaged<NameServerLink>.fromOpaque(data).takeUnretainedValue().watch(
                socket, isReadable: isReadable != 0, isWritable: isWritable != 0)
        }
        options.sock_state_cb_data = me
        let mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB
        var status = ares_init_options(&channel, &options, mask)
        if status == ARES_SUCCESS { status = ares_set_servers_ports_csv(channel, server.description) }
        guard status == ARES_SUCCESS else { throw .noResolver(text: String(cString: ares_strerror(status))) }
        guard route != nil else { return }
        ares_set_socket_configure_callback(
            channel,
            { socket, _, data in
                guard let data else { return -1 }
                return Unmanaged<NameServerLink>.fromOpaque(data).takeUnretainedValue().prepare(socket) ? 0 : -1
            }, me)
    }

    deinit { close() }

    /// Gives up everything under way; each question is called back.
    func close() {
        if let channel { ares_destroy(channel) }
        channel = nil
    }

    /// Asks for the addresses of one family of `name`, which is absolute; `callback` gets `luggage`, perhaps before
    /// this returns.
    func ask(_ name: String, isSix: Bool, _ callback: @escaping ares_callback, _ luggage: UnsafeMutableRawPointer) {
        pending += 1
        // Classes and types of RFC 1035, 3.2 and RFC 3596, 2.1: IN, AAAA, A.
        call { ares_query(channel, name, 1, isSix ? 28 : 1, callback, luggage) }
        if pending > 0, deadlinePlace < 0 {
            poll.deadlines.set(self, atNs: ReactorClock.monotonicNs() + Int64(NameServerLink.tryMs) * 1_000_000)
        }
    }

    /// A question has been called back, with c-ares' `status`.
    func answered(_ status: Int32) {
        pending -= 1
        if status == ARES_ECONNREFUSED { isRefused = true }
    }

    /// Calls into c-ares, and gives up what is under way when nobody listens; but not from inside one of its own
    /// callbacks, for there the question that is being answered still counts as one to be cancelled, and freed twice.
    private func call(_ ares: () -> Void) {
        depth += 1
        ares()
        while depth == 1, isRefused {
            isRefused = false
            ares_cancel(channel)
        }
        depth -= 1
    }

    override func ready(_ socket: Int32, _ events: UInt32) {
        let isFailed = events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0
        let readable = events & EPOLLIN.rawValue != 0 || isFailed ? socket : ARES_SOCKET_BAD
        let writable = events & EPOLLOUT.rawValue != 0 || isFailed ? socket : ARES_SOCKET_BAD
        call { ares_process_fd(channel, readable, writable) }
        if pending == 0 { poll.deadlines.remove(self) }
    }

    override func deadlinePassed(_ nowNs: Int64) {
        call { ares_process_fd(channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD) }
        var wait = timeval()
        guard pending > 0, ares_timeout(channel, nil, &wait) != nil else { return }
        let waitNs = Int64(wait.tv_sec) * 1_000_000_000 + Int64(wait.tv_usec) * 1000
        poll.deadlines.set(self, atNs: nowNs + max(waitNs, 1_000_000))
    }

    private func watch(_ socket: Int32, isReadable: Bool, isWritable: Bool) {
        let events = (isReadable ? EPOLLIN.rawValue : 0) | (isWritable ? EPOLLOUT.rawValue : 0)
        if events == 0 { return poll.forget(socket) }
        // Refused by the kernel: c-ares then hears nothing and gives up by its own timeout.
        _ = poll.watch(socket, events, for: self)
    }

    private func prepare(_ socket: Int32) -> Bool {
        route?.prepare(socket, family: server.address.family == .ipv4 ? AF_INET : AF_INET6) == nil
    }
}
