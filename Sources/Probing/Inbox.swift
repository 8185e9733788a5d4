import CNet
import Glibc
import Synchronization
import Vocabulary

/// What other threads hand to a reactor, and the descriptor that wakes it. Emptied every turn; whoever schedules
/// submits each series at most once a slot, so it holds at most one entry for each series and re-probe.
final class Inbox: Sendable {
    private struct State {
        var due: [Due] = []
        var isClosed = false
    }

    /// Readable when something waits.
    let descriptor: Int32
    private let state = Mutex(State())

    init() throws(ReactorError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard descriptor >= 0 else { throw .noPoll(systemError: errno) }
    }

    deinit { Glibc.close(descriptor) }

    func put(_ due: [Due]) {
        let isFirst = state.withLock { state in
            guard !state.isClosed else { return false }
            defer { state.due += due }
            return state.due.isEmpty
        }
        if isFirst { eventfd_write(descriptor, 1) }
    }

    func close() {
        state.withLock { $0.isClosed = true }
        eventfd_write(descriptor, 1)
    }

    /// Exchanges `batch`, which is empty, for what waits. False once the inbox is closed.
    func take(_ batch: inout [Due]) -> Bool {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
        return state.withLock { state in
            swap(&batch, &state.due)
            return !state.isClosed
        }
    }
}
