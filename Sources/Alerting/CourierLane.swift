import Synchronization
import Vocabulary

/// The queue and the thread of one channel.
final class CourierLane: Sendable {
    /// Deliveries that wait for one channel; what comes beyond is reported as failed and so comes again later.
    static let queueMax = 1_000
    /// Outcomes that are remembered.
    static let outcomesMax = 256

    private let name: String
    private let channel: any Channel
    private let report: @Sendable (Int64, Delivery) -> Void
    private let stop = StopSignal()
    /// Counts queue entries, and one more for the stop.
    private let work = Semaphore()
    /// Guards queue, outcomes and the thread's life.
    private let state = Mutex(State())

    private struct State {
        /// Oldest first; the first is being delivered.
        var queue: [(id: Int64, notification: Notification)] = []
        /// The last final outcomes. Whoever reads what is due reads it a moment before handing it in, and in that
        /// moment it may have been delivered: then it is reported again, not sent again.
        var outcomes: [(id: Int64, delivery: Delivery)] = []
        var isStopping = false
        var thread: NamedThread?
    }

    init(name: String, channel: any Channel, report: @escaping @Sendable (Int64, Delivery) -> Void) {
        self.name = name
        self.channel = channel
        self.report = report
        let thread = NamedThread(name: "tell-\(name)") { [self] in run() }
        state.withLock { $0.thread = thread }
    }

    func add(_ id: Int64, _ notification: Notification) {
        let isTaken = state.withLock { state in
            if state.isStopping || state.queue.contains(where: { $0.id == id }) { return true }
            guard state.queue.count < Self.queueMax else { return false }
            state.queue.append((id, notification))
            work.signal()
            return true
        }
        if !isTaken { report(id, .failed("\(name): \(Self.queueMax) deliveries wait for this channel already")) }
    }

    func askToStop() {
        state.withLock { $0.isStopping = true }
        stop.raise()
        work.signal()
    }

    func join() {
        let thread = state.withLock { state in
            defer { state.thread = nil }
            return state.thread
        }
        thread?.join()
    }

    private func run() {
        while true {
            work.wait()
            guard let (id, notification, known) = next() else { return }
            if let known {
                report(id, known)
            } else {
                let delivery = channel.send(notification, stop: stop)
                guard note(id, delivery) else { return }
            }
            // Last, so that the id counts as under way until its outcome is noted.
            state.withLock { _ = $0.queue.removeFirst() }
        }
    }

    /// nil when it is time to stop.
    private func next() -> (Int64, Notification, Delivery?)? {
        state.withLock { state in
            guard !state.isStopping, let first = state.queue.first else { return nil }
            return (first.id, first.notification, state.outcomes.last { $0.id == first.id }?.delivery)
        }
    }

    /// Reports the outcome. False when the stop cut the delivery off.
    private func note(_ id: Int64, _ delivery: Delivery) -> Bool {
        if case .failed = delivery {
            guard !state.withLock({ $0.isStopping }) else { return false }
            report(id, delivery)
            return true
        }
        report(id, delivery)
        state.withLock { state in
            if state.outcomes.count == Self.outcomesMax { state.outcomes.removeFirst() }
            state.outcomes.append((id, delivery))
        }
        return true
    }
}
