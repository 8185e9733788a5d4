import Glibc
import Synchronization

/// A named, joined thread that waits for the disk in the core loop's stead: a sync takes from a millisecond to many
/// seconds, and judging must not stand still meanwhile. One job at a time. Without a thread whoever asks does the job.
final class SyncThread: Sendable {
    /// Gives what went wrong; nil when nothing did.
    typealias Errand = @Sendable () -> StoreError?

    private let desk = Desk()
    private let thread: pthread_t?
    private static let stackBytes = 256 * 1024

    /// `isThreaded`: false does each job inside `begin`. Where the system gives no thread it is the same: slower, and
    /// nothing is lost.
    init(name: String, isThreaded: Bool) {
        guard isThreaded else {
            thread = nil
            return
        }
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, SyncThread.stackBytes)
        var handle = pthread_t()
        let argument = Unmanaged.passRetained(desk)
        let code = pthread_create(
            &handle, &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Desk>.fromOpaque(argument).takeRetainedValue().serve()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            argument.release()
            thread = nil
            return
        }
        thread = handle
        _ = nameThread(handle, name)
    }

    deinit {
        guard let thread else { return }
        desk.end()
        pthread_join(thread, nil)
    }

    /// No job is under way, and no outcome waits to be taken.
    var isIdle: Bool { desk.isIdle }

    /// To be called while it is idle.
    func begin(_ job: @escaping Errand) {
        if thread == nil { desk.finish(job()) } else { desk.leave(job) }
    }

    /// What became of the job, once; nil while there is nothing to tell.
    func takeOutcome() -> Result<Void, StoreError>? { desk.takeOutcome() }

    /// The same, after waiting for a job that is under way.
    func wait() -> Result<Void, StoreError>? {
        while !isIdle {
            if let outcome = takeOutcome() { return outcome }
            desk.waitForOutcome()
        }
        return nil
    }

    /// What lies between the thread and whoever asks.
    private final class Desk: @unchecked Sendable {
        // Proof: `mutex` guards the rest; both are allocated once, and freed with the last owner.
        private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
        private var job: Errand?
        private var isBusy = false
        private var outcome: Result<Void, StoreError>?
        private var hasEnded = false

        init() {
            pthread_mutex_init(mutex, nil)
            pthread_cond_init(changed, nil)
        }

        deinit {
            pthread_cond_destroy(changed)
            pthread_mutex_destroy(mutex)
            changed.deallocate()
            mutex.deallocate()
        }

        private func locked<Value>(_ body: () -> Value) -> Value {
            pthread_mutex_lock(mutex)
            defer { pthread_mutex_unlock(mutex) }
            return body()
        }

        var isIdle: Bool { locked { job == nil && !isBusy && outcome == nil } }

        func leave(_ job: @escaping Errand) {
            locked {
                self.job = job
                pthread_cond_broadcast(changed)
            }
        }

        func finish(_ error: StoreError?) {
            locked {
                isBusy = false
                outcome = error.map { .failure($0) } ?? .success(())
                pthread_cond_broadcast(changed)
            }
        }

        func takeOutcome() -> Result<Void, StoreError>? {
            locked {
                defer { outcome = nil }
                return outcome
            }
        }

        func waitForOutcome() {
            locked {
                while outcome == nil, job != nil || isBusy { pthread_cond_wait(changed, mutex) }
            }
        }

        func end() {
            locked {
                hasEnded = true
                pthread_cond_broadcast(changed)
            }
        }

        /// The thread's life.
        func serve() {
            while true {
                let next: Errand? = locked {
                    while job == nil, !hasEnded { pthread_cond_wait(changed, mutex) }
                    guard let taken = job else { return nil }
                    job = nil
                    isBusy = true
                    return taken
                }
                guard let next else { return }
                finish(next())
            }
        }
    }
}
