import Vocabulary

/// The causes and regions of some samples: which cause is the most frequent, the first seen of equals.
struct CauseTally {
    private var entries: [Entry] = []
    private(set) var regions: [String] = []

    private struct Entry {
        let cause: Cause
        var count: Int
        var first: Instant
    }

    var cause: Cause? { entries.max { ($0.count, $1.first) < ($1.count, $0.first) }?.cause }

    mutating func add(_ sample: RegionSample) {
        if !regions.contains(sample.region) { regions.append(sample.region) }
        guard let known = entries.firstIndex(where: { $0.cause == sample.cause }) else {
            entries.append(Entry(cause: sample.cause, count: 1, first: sample.start))
            return
        }
        entries[known].count += 1
        entries[known].first = min(entries[known].first, sample.start)
    }
}
