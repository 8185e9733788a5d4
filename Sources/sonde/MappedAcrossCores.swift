import Dispatch
import Synchronization

extension Array where Element: Sendable {
    /// What `transform` makes of each element, in their order; of several errors the first in that order is thrown.
    /// `isSpread`: as many at once as there are cores.
    func mapped<Result: Sendable>(
        isSpread: Bool, _ transform: @Sendable (Element) throws -> Result
    ) throws -> [Result] {
        guard isSpread, count > 1 else { return try map(transform) }
        let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Swift.Result { try transform(self[index]) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { try $0.compactMap { try $0?.get() } }
    }
}
