import Vocabulary

/// The causes and regions of some samples: which cause is the most frequent, the first seen of equals.
struct CauseTally {
    private var entries: [Entry] = []
    /// In the order of the eras, each once.
    private(set) var regions: [String] = []

    private struct Entry {
        let causeField: Int
        var count: Int
        var first: Instant
    }

    /// nil when there were no samples.
    var cause: Cause? {
        entries.max { ($0.count, $1.first) < ($1.count, $0.first) }
            .map { Cause(rawValue: UInt8($0.causeField)) ?? .internalFault }
    }

    /// Adds the samples of `part` that `belongs` takes. A region's samples come in the order of time, so that only the
    /// first of a cause is asked for its start.
    /// `wanted`: of that region alone.
    mutating func add(
        _ piece: Piece, _ part: Range<Int>, region wanted: String? = nil, where belongs: (Slot) -> Bool
    ) {
        for (region, name) in piece.era.regions.enumerated() where wanted == nil || wanted == name {
            var seen: [Int] = []
            for place in part {
                let slot = piece.slot(region: region, at: place)
                guard belongs(slot) else { continue }
                if let known = entries.firstIndex(where: { $0.causeField == slot.causeField }) {
                    entries[known].count += 1
                    guard !seen.contains(slot.causeField) else { continue }
                    entries[known].first = min(entries[known].first, piece.sampleStart(slot, at: place))
                } else {
                    let start = piece.sampleStart(slot, at: place)
                    entries.append(Entry(causeField: slot.causeField, count: 1, first: start))
                }
                seen.append(slot.causeField)
            }
            if !seen.isEmpty && !regions.contains(name) { regions.append(name) }
        }
    }
}
