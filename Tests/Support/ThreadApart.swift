import Foundation
import Glibc
import Synchronization

/// A thread with mounts of its own, and with a network of its own where that is wanted: what it mounts, nobody else
/// sees. Servers, threads and programs that it starts belong there, and outlive it.
package enum ThreadApart {
    /// Whether this machine lets us.
    package static let isPermitted: Bool = {
        let outcome = Outcome<Bool>()
        let ended = DispatchSemaphore(value: 0)
        Thread {
            outcome.value.withLock { $0 = Result { try apart(network: false) { true } } }
            ended.signal()
        }.start()
        ended.wait()
        return (try? outcome.value.withLock { $0 }?.get()) ?? false
    }()

    /// Runs `body` there to its end. `network`: nothing but a loopback of its own, where every port is free.
    package static func run<Value: Sendable>(
        network: Bool = false, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        // A thread that went apart does not come back: it ends.
        try await onThread { () throws(any Error) in try apart(network: network, body) }
    }

    private final class Outcome<Value: Sendable>: Sendable {
        /// Guards what the thread leaves.
        let value = Mutex<Result<Value, any Error>?>(nil)
    }

    private static func apart<Value>(network: Bool, _ body: () throws -> Value) throws -> Value {
        // CLONE_NEWNS, CLONE_NEWNET
        guard unshare(0x0002_0000 | (network ? 0x4000_0000 : 0)) else {
            throw ChildProgram.Failure(description: "no mounts of our own: errno \(errno)")
        }
        let folder = try TemporaryFolder()
        try ChildProgram.run(["mount", "--make-rprivate", "/"], in: folder.path)
        if network { try ChildProgram.run(["ip", "link", "set", "lo", "up"], in: folder.path) }
        return try body()
    }

    /// `unshare(2)`, which Swift's Glibc does not show.
    private static func unshare(_ flags: Int32) -> Bool {
        guard let symbol = dlsym(nil, "unshare") else { return false }
        typealias Call = @convention(c) (Int32) -> Int32
        return unsafeBitCast(symbol, to: Call.self)(flags) == 0
    }
}
