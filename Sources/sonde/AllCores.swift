import Accounting
import Dispatch
import Glibc
import Synchronization

extension Array where Element: Sendable {
    /// What `transform` makes of each element, in their order; of several errors the first in that order is thrown.
    /// `isSpread`: as many at once as there are cores.
    func mapped<Mapped: Sendable, Failure: Error>(
        isSpread: Bool, _ transform: @Sendable (Element) throws(Failure) -> Mapped
    ) throws(Failure) -> [Mapped] {
        guard isSpread, count > 1 else { return try map(transform) }
        let results = Mutex([Result<Mapped, Failure>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: count) { index in
            let result = Result { () throws(Failure) in try transform(self[index]) }
            results.withLock { $0[index] = result }
        }
        return try results.withLock { $0 }.compactMap(\.self).map { result throws(Failure) in try result.get() }
    }
}

/// As many at once as there are cores.
struct AllCores: Cores {
    let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let leastShare = 50_000

    func map<Element: Sendable, Mapped: Sendable>(
        _ elements: [Element], _ work: @Sendable (Element) -> Mapped
    ) -> [Mapped] { elements.mapped(isSpread: true, work) }
}
