import Vocabulary

/// Durations counted by how long they are, as Prometheus wants them: what was at most each bound, and the sum.
package struct Histogram: Hashable, Sendable {
    /// Upper bounds in nanoseconds, rising; one more cell holds what is longer.
    package let boundsNs: [Int64]
    package private(set) var counts: [Int]
    package private(set) var sumNs: Int64 = 0

    /// 1 ms to 10 s.
    package static let latenessBoundsNs: [Int64] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000,
    ].map { $0 * Duration.millisecondNs }

    package init(boundsNs: [Int64]) {
        self.boundsNs = boundsNs
        counts = Array(repeating: 0, count: boundsNs.count + 1)
    }

    package var total: Int { counts.reduce(0, +) }

    package mutating func add(_ durationNs: Int64) {
        var cell = 0
        while cell < boundsNs.count, durationNs > boundsNs[cell] { cell += 1 }
        counts[cell] += 1
        sumNs += durationNs
    }
}
