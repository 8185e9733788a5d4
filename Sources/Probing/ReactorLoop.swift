import CNet
import Glibc
import Vocabulary

/// The reactor's thread: waits for events, starts what is due, lets the kinds finish, hands out the samples.
/// Made by the thread that makes the reactor, then touched by the reactor's thread alone.
final class ReactorLoop: LoopMember {
    private let name: String
    private let core: ReactorCore
    /// By kind, as in `ProbeKinds.driven`.
    private let drivers: [any ProbeDriver]
    private let inbox: Inbox
    private let deliver: @Sendable ([Sample]) -> Void
    private var batch: [Due] = []
    /// What is due and not started yet, in the order it came; those before `started` are.
    private var waiting: [Due] = []
    private var started = 0
    private var isRunning = true
    /// Probes started in one turn, at most: of a thousand due at once the first are connected and answered, and their
    /// memory is used again, before the last are started. Each takes some 20 us, for so long others are not heard.
    private static let startsPerTurn = 4
    /// So many samples are handed out in any case.
    private static let handedOutMin = 64

    init(
        book: ProbeBook, name: String, inbox: Inbox, deliver: @escaping @Sendable ([Sample]) -> Void
    ) throws(ReactorError) {
        self.name = name
        core = try ReactorCore(book: book)
        var drivers: [any ProbeDriver] = []
        for shelf in book.shelves { drivers.append(try shelf.makeDriver(core)) }
        self.drivers = drivers
        self.inbox = inbox
        self.deliver = deliver
        super.init()
        guard core.poll.watch(inbox.descriptor, EPOLLIN.rawValue, for: self) else {
            throw .noPoll(systemError: errno)
        }
    }

    /// The thread's whole life.
    func run() {
        prepareThread()
        while isRunning {
            core.poll.turn(waits: waiting.isEmpty)
            startWaiting()
            for driver in drivers { driver.settle() }
            handOut()
        }
        for driver in drivers { driver.dropAll() }
        core.names.close()
    }

    /// Something waits in the inbox.
    override func ready(_ socket: Int32, _ events: UInt32) {
        isRunning = inbox.take(&batch)
        waiting.removeFirst(started)
        started = 0
        waiting += batch
        batch.removeAll(keepingCapacity: true)
    }

    private func startWaiting() {
        guard isRunning, !waiting.isEmpty else { return }
        let end = min(started + ReactorLoop.startsPerTurn, waiting.count)
        for due in waiting[started..<end] { drivers[core.book.questions[Int(due.series.check)].kind].start(due) }
        started = end
        guard started == waiting.count else { return }
        waiting.removeAll(keepingCapacity: true)
        started = 0
    }

    /// Samples wait until all that is due has been started, or for a few more: whoever takes them is woken less often.
    private func handOut() {
        guard !core.finished.isEmpty,
            waiting.isEmpty || core.finished.count >= ReactorLoop.handedOutMin || !isRunning
        else { return }
        deliver(core.finished)
        core.finished.removeAll(keepingCapacity: true)
    }

    private func prepareThread() {
        cnet_name_thread(String(name.prefix(15)))
        // Signals belong to the main thread; a write to a closed connection is an error here and not a SIGPIPE.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
    }
}
