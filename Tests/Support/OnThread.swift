import Foundation

/// Runs what blocks on a thread of its own, so that it takes none of the few threads that all tests share.
package func onThread<Value: Sendable, Fault: Error>(
    _ body: @escaping @Sendable () throws(Fault) -> Value
) async throws(Fault) -> Value {
    let result: Result<Value, Fault> = await withCheckedContinuation { continuation in
        Thread { continuation.resume(returning: Result(catching: body)) }.start()
    }
    return try result.get()
}
