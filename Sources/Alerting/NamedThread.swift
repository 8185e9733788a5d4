import CNet
import Glibc

/// A named thread that its owner joins.
final class NamedThread: Sendable {
    private let handle: pthread_t

    private final class Start: Sendable {
        let name: String
        let run: @Sendable () -> Void

        init(name: String, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.run = run
        }
    }

    /// `name`: what ps and top show, at most 15 bytes of it. Running out of threads ends the program: it happens at
    /// start-up only, where there is nobody to tell yet.
    init(name: String, run: @escaping @Sendable () -> Void) {
        let start = Unmanaged.passRetained(Start(name: name, run: run))
        var thread = pthread_t()
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                let start = Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()
                alerting_name_thread(start.name)
                start.run()
                return nil
            }, start.toOpaque())
        precondition(code == 0, "no thread for \(name): \(String(cString: strerror(code)))")
        handle = thread
    }

    /// Waits for its end; to be called once.
    func join() { pthread_join(handle, nil) }
}
