import Glibc

/// Counts what there is to do; a thread waits until the count is above zero and takes one.
final class Semaphore: @unchecked Sendable {
    // Proof: the pointer never changes, and POSIX semaphores are made to be shared by threads.
    private let semaphore: UnsafeMutablePointer<sem_t>

    init() {
        semaphore = .allocate(capacity: 1)
        sem_init(semaphore, 0, 0)
    }

    deinit {
        sem_destroy(semaphore)
        semaphore.deallocate()
    }

    func signal() { sem_post(semaphore) }

    func wait() {
        // A signal handler can end the waiting early; nothing else can.
        while sem_wait(semaphore) != 0 {}
    }
}
