import CNet
import Glibc

/// A named thread that somebody joins. Signals for broken pipes are blocked in it: OpenSSL writes to sockets with
/// `write`, which raises them.
final class OwnedThread: Sendable {
    private let handle: pthread_t

    private final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void
        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// Serving a connection needs little; the default of 8 MiB a thread is reserved for nothing.
    private static let stackBytes = 512 * 1024

    init(name: String, run: @escaping @Sendable () -> Void) throws(LoopbackError) {
        let body = Unmanaged.passRetained(Body(name: name, run: run))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, OwnedThread.stackBytes)
        var thread = pthread_t()
        let code = pthread_create(
            &thread, &attributes,
            { argument in
                guard let argument else { return nil }
                let body = Unmanaged<Body>.fromOpaque(argument).takeRetainedValue()
                loopback_name_thread(body.name)
                var blocked = sigset_t()
                sigemptyset(&blocked)
                sigaddset(&blocked, SIGPIPE)
                pthread_sigmask(SIG_BLOCK, &blocked, nil)
                body.run()
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw LoopbackError("no thread for \(name): \(describe(errno: code))")
        }
        handle = thread
    }

    /// Waits for the end. To be called once.
    func join() { pthread_join(handle, nil) }
}

/// A flag that every thread can wait for beside its socket: once raised it stays.
final class Signal: Sendable {
    let descriptor: Int32

    init() throws(LoopbackError) {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
        guard descriptor >= 0 else { throw LoopbackError("no event descriptor: \(describe(errno: errno))") }
    }

    deinit { Glibc.close(descriptor) }

    func raise() { eventfd_write(descriptor, 1) }
}

func describe(errno code: Int32) -> String { String(cString: strerror(code)) }
