import CNet
import Glibc
import Vocabulary

/// Runs `http`: one curl multi handle on the reactor's epoll set, driven by `socket_action` and one timer.
///
/// Names and connections are Sonde's own (Flight+Dial.swift); libcurl gets a connected socket and does TLS and HTTP.
final class HTTPDriver: LoopMember, ProbeDriver {
    /// Idle easy handles kept; each holds about 25 KB.
    private static let idleMax = 64

    /// Every host and port "is" this address to libcurl, so that it neither resolves nor connects.
    nonisolated(unsafe) static let connectTo: UnsafeMutablePointer<curl_slist>? =
        // Never changed after it is made.
        curl_slist_append(nil, "::127.0.0.1:9")

    private unowned(unsafe) let core: ReactorCore
    /// Kept, because libcurl closes sockets until its multi handle is gone.
    private let poll: Poll
    private let settings: [HTTPSettings?]
    private let multi: UnsafeMutableRawPointer
    private var pool = FlightPool<HTTPFlight>()
    private var idle: [Transfer] = []
    private var running: Int32 = 0

    init(core: ReactorCore, settings: [HTTPSettings?]) throws(ReactorError) {
        guard let multi = curl_multi_init() else { throw .noTransfers(text: "out of memory") }
        self.core = core
        poll = core.poll
        self.settings = settings
        self.multi = multi
        super.init()
        let me = Unmanaged.passUnretained(self).toOpaque()
        cnet_multi_set_socket(multi) { easy, socket, what, driver, _ in
            if let driver { Unmanaged<HTTPDriver>.fromOpaque(driver).takeUnretainedValue().watch(socket, what, easy) }
            return 0
        }
        cnet_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, me)
        cnet_multi_set_timer(multi) { _, waitMs, driver in
            if let driver { Unmanaged<HTTPDriver>.fromOpaque(driver).takeUnretainedValue().wait(waitMs) }
            return 0
        }
        cnet_multi_set_pointer(multi, CURLMOPT_TIMERDATA, me)
    }

    deinit {
        idle.removeAll()
        curl_multi_cleanup(multi)
    }

    func start(_ due: Due) {
        guard let settings = settings[Int(due.series.check)] else {
            preconditionFailure("a due probe is started by the driver of its check's kind")
        }
        guard let flight = pool.take({ HTTPFlight(core: core, driver: self) }) else {
            return core.refuse(due, .noDescriptors)
        }
        flight.begin(due)
        flight.start(settings)
    }

    func dropAll() { pool.dropAll() }

    func landed(_ flight: HTTPFlight) { pool.give(flight) }

    /// An idle easy handle; nil without memory.
    func takeTransfer() -> Transfer? { idle.popLast() ?? Transfer(poll: poll) }

    func giveBack(_ transfer: Transfer) {
        transfer.end()
        if idle.count < HTTPDriver.idleMax { idle.append(transfer) }
    }

    /// Puts the request on its way; its flight hears of the end in `settle`.
    func add(_ transfer: Transfer) -> Bool {
        guard curl_multi_add_handle(multi, transfer.easy) == CURLM_OK else { return false }
        // At once, and not when its timer is looked at after all other events: what we wait is not the target's.
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
        return true
    }

    func remove(_ transfer: Transfer) { curl_multi_remove_handle(multi, transfer.easy) }

    /// Something happened on the socket of a flight whose request is under way; it hears here of its end.
    func act(on socket: Int32, _ events: UInt32) {
        var what: Int32 = 0
        if events & EPOLLIN.rawValue != 0 { what |= CURL_CSELECT_IN }
        if events & EPOLLOUT.rawValue != 0 { what |= CURL_CSELECT_OUT }
        if events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { what |= CURL_CSELECT_ERR }
        curl_multi_socket_action(multi, socket, what, &running)
        settle()
    }

    override func deadlinePassed(_ nowNs: Int64) {
        curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &running)
    }

    func settle() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            let result = cnet_message_result(message)
            guard let transfer = HTTPDriver.transfer(of: cnet_message_easy(message)) else { continue }
            // The message is gone with this call.
            remove(transfer)
            transfer.flight?.transferEnded(result)
        }
    }

    private static func transfer(of easy: UnsafeMutableRawPointer?) -> Transfer? {
        var pointer: UnsafeMutableRawPointer?
        cnet_easy_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
        return Transfer.of(pointer)
    }

    private func watch(_ socket: Int32, _ what: Int32, _ easy: UnsafeMutableRawPointer?) {
        let events: UInt32 =
            switch what {
            case CURL_POLL_IN: EPOLLIN.rawValue
            case CURL_POLL_OUT: EPOLLOUT.rawValue
            case CURL_POLL_INOUT: EPOLLIN.rawValue | EPOLLOUT.rawValue
            default: 0
            }
        guard events != 0, let flight = HTTPDriver.transfer(of: easy)?.flight else { return poll.forget(socket) }
        // Refused by the kernel: the probe then ends at its deadline.
        _ = poll.watch(socket, events, for: flight)
    }

    private func wait(_ waitMs: Int) {
        guard waitMs >= 0 else { return poll.deadlines.remove(self) }
        poll.deadlines.set(self, atNs: ReactorClock.monotonicNs() + Int64(waitMs) * 1_000_000)
    }
}
