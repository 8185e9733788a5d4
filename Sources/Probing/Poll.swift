import CNet
import Glibc

/// The epoll set of one reactor, with the sockets watched in it and the deadlines waited for.
///
/// A socket is not taken out of the set when it is forgotten, because whoever forgets it closes it next and the
/// kernel does the rest: one system call less for each probe. If it is heard of again all the same, it is taken out
/// then.
final class Poll {
    /// Most events taken in one turn.
    private static let eventsMax = 256

    private struct Watch {
        unowned(unsafe) var member: LoopMember?
        /// Counts the sockets that had this number: an event that was meant for an earlier one is dropped.
        var generation: UInt32
        /// EPOLL bits; 0 while nobody watches.
        var events: UInt32
    }

    private let epoll: Int32
    /// Asks for notes of arrivals and nothing else: the first socket that asks and the last that is closed make the
    /// kernel change its own code, which took 6 us for each probe.
    private let asker: Int32
    /// By socket number.
    private var watches: [Watch] = []
    private let events: UnsafeMutablePointer<epoll_event>
    var deadlines = DeadlineHeap()

    init() throws(ReactorError) {
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .noPoll(systemError: errno) }
        asker = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        ReactorClock.noteArrivals(at: asker)
        events = .allocate(capacity: Poll.eventsMax)
    }

    deinit {
        Glibc.close(epoll)
        Glibc.close(asker)
        events.deallocate()
    }

    /// Watches `socket` for `events` (EPOLL bits) on behalf of `member`, or changes what it is watched for.
    /// False when the kernel has no memory or descriptors left for it; errno says which.
    func watch(_ socket: Int32, _ events: UInt32, for member: LoopMember) -> Bool {
        let place = Int(socket)
        while watches.count <= place { watches.append(Watch(member: nil, generation: 0, events: 0)) }
        let isNew = watches[place].events == 0
        if isNew { watches[place].generation &+= 1 }
        watches[place].member = member
        guard watches[place].events != events else { return true }
        watches[place].events = events
        var event = epoll_event()
        event.events = events
        event.data.u64 = UInt64(watches[place].generation) << 32 | UInt64(UInt32(bitPattern: socket))
        if epoll_ctl(epoll, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, socket, &event) == 0 { return true }
        // Forgotten, but not closed in between: still in the set.
        if isNew, errno == EEXIST, epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event) == 0 { return true }
        watches[place].events = 0
        return false
    }

    /// Call before closing a socket that was watched.
    func forget(_ socket: Int32) {
        guard socket >= 0, Int(socket) < watches.count else { return }
        watches[Int(socket)].events = 0
        watches[Int(socket)].member = nil
    }

    /// Forgets and closes a socket; -1 is none, and what stays.
    func close(_ socket: inout Int32) {
        guard socket >= 0 else { return }
        forget(socket)
        Glibc.close(socket)
        socket = -1
    }

    /// One turn: waits for events until the earliest deadline, hands them to their members, then the passed
    /// deadlines. `waits` false: takes what is there and waits for nothing.
    func turn(waits: Bool = true) {
        let count = epoll_wait(epoll, events, Int32(Poll.eventsMax), waits ? waitMs() : 0)
        for index in 0..<max(0, Int(count)) {
            let data = events[index].data.u64
            dispatch(
                Int32(truncatingIfNeeded: data), generation: UInt32(truncatingIfNeeded: data >> 32),
                events: events[index].events)
        }
        passDeadlines()
    }

    /// Hands out the deadlines that have passed. A member that sets itself a new one in the past waits for the next
    /// turn, so that none can keep the loop to itself.
    func passDeadlines() {
        let nowNs = ReactorClock.monotonicNs()
        while let member = deadlines.takePassed(nowNs) { member.deadlinePassed(nowNs) }
    }

    private func dispatch(_ socket: Int32, generation: UInt32, events: UInt32) {
        let watch = watches[Int(socket)]
        guard watch.generation == generation else { return }
        guard let member = watch.member, watch.events != 0 else {
            var event = epoll_event()
            _ = epoll_ctl(epoll, EPOLL_CTL_DEL, socket, &event)
            return
        }
        member.ready(socket, events)
    }

    /// Milliseconds until the earliest deadline, rounded up; -1 for ever.
    private func waitMs() -> Int32 {
        let nextNs = deadlines.nextNs
        guard nextNs != .max else { return -1 }
        let leftNs = nextNs - ReactorClock.monotonicNs()
        return leftNs <= 0 ? 0 : Int32(min(60_000, (leftNs + 999_999) / 1_000_000))
    }
}
