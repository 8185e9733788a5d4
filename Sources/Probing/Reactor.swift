// In: the compiled plan (ProbeBook) and what is due (Due), from any thread.
// Out: samples, in batches on the reactor's own thread: exactly one for every due probe, unless the reactor is stopped.
// Must never: judge a verdict, know a schedule or a store, call a target's trouble ours or ours the target's.
import CNet
import Glibc
import Synchronization
import Vocabulary

/// One named, joined thread that runs one epoll loop and probes for as long as it is not stopped.
package final class Reactor: Sendable {
    private let inbox: Inbox
    /// Guards the thread's handle, so that it is joined once.
    private let thread: Mutex<pthread_t?>

    /// `name`: for ps and top, cut at 15 bytes. `deliver` is called on the reactor's thread, at most once a turn, and
    /// must not wait.
    package init(
        book: ProbeBook, name: String, deliver: @escaping @Sendable ([Sample]) -> Void
    ) throws(ReactorError) {
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK else {
            throw .noTransfers(text: "its global set-up failed")
        }
        let inbox = try Inbox()
        self.inbox = inbox
        let loop = try ReactorLoop(book: book, name: name, inbox: inbox, deliver: deliver)
        var handle = pthread_t()
        let luggage = Unmanaged.passRetained(loop)
        let number = pthread_create(
            &handle, nil,
            { luggage in
                if let luggage { Unmanaged<ReactorLoop>.fromOpaque(luggage).takeRetainedValue().run() }
                return nil
            }, luggage.toOpaque())
        guard number == 0 else {
            luggage.release()
            throw .noThread(systemError: number)
        }
        thread = Mutex(handle)
    }

    deinit { stop() }

    /// Starts the probes at once. From any thread; after `stop` it does nothing.
    package func submit(_ due: [Due]) { inbox.put(due) }

    /// Drops what is in flight and joins the thread; a second call does nothing. Never from `deliver`.
    package func stop() {
        inbox.close()
        let handle = thread.withLock { handle in
            defer { handle = nil }
            return handle
        }
        if let handle { pthread_join(handle, nil) }
    }
}
