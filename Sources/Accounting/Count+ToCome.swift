import Vocabulary

/// The window's slots that are not settled yet.
struct ToCome: Hashable {
    /// Of those not excluded.
    var nanoseconds: Int64 = 0
    /// Nothing can change any more in the normal course.
    var isOver = true
}

extension Count {
    func toCome() -> ToCome {
        var toCome = ToCome()
        let excluding = input.exclusions.map(\.interval)
        for extent in Extent.all(of: input) {
            let unsettled = max(extent.firstUnsettled(input), extent.slots.lowerBound)
            let slots = extent.slots.clamped(to: unsettled..<max(unsettled, extent.slots.upperBound))
                .clamped(to: extent.era.grid.slots(in: input.window))
            guard !slots.isEmpty else { continue }
            toCome.isOver = false
            var isExcluded = [Bool](repeating: false, count: slots.count)
            let reach = Interval(
                start: extent.era.grid.start(of: slots.lowerBound), end: extent.era.grid.start(of: slots.upperBound))
            func mark(_ interval: Interval, _ value: Bool) {
                for slot in extent.era.grid.slots(in: interval.clamped(to: reach)) {
                    isExcluded[Int(slot - slots.lowerBound)] = value
                }
            }
            for interval in excluding { mark(interval, true) }
            for correction in input.corrections { mark(correction.interval, correction.verdict == .excluded) }
            toCome.nanoseconds += Int64(isExcluded.count { !$0 }) * extent.era.periodNs
        }
        return toCome
    }
}
