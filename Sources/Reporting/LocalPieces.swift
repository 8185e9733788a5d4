import Accounting
import Vocabulary

/// A part of a day's course at the local time of day: the hour that a 23-hour day lacks stays blank, and the hour that
/// a 25-hour day has twice is there twice.
struct LocalPiece: Hashable {
    let state: BarState
    /// What it is a part of, uncut.
    let segment: Interval
    /// Nanoseconds since local midnight.
    let fromNs: Int64
    let toNs: Int64
}

extension DayFigures {
    /// In the order of time.
    func localPieces(_ zone: Zone) -> [LocalPiece] {
        let stretches = stretchesOfOneOffset(zone)
        var pieces: [LocalPiece] = []
        pieces.reserveCapacity(bar.count)
        for segment in bar {
            for stretch in stretches where stretch.interval.overlaps(segment.interval) {
                let part = segment.interval.clamped(to: stretch.interval)
                pieces.append(
                    LocalPiece(
                        state: segment.state, segment: segment.interval,
                        fromNs: part.start.nanoseconds + stretch.shiftNs, toNs: part.end.nanoseconds + stretch.shiftNs))
            }
        }
        return pieces
    }

    /// The day cut where the offset from UTC changes (hardly ever: one stretch), and what makes an instant of each a
    /// time since local midnight.
    private func stretchesOfOneOffset(_ zone: Zone) -> [(interval: Interval, shiftNs: Int64)] {
        let midnight = Int64(date.daysSinceEpoch) * 86_400
        // The bar may begin before the day or end after it by a part of a slot.
        let reach = Interval(start: interval.start - Duration.dayNs, end: interval.end + Duration.dayNs)
        let changes = zone.transitions.lazy.map { Instant(seconds: $0.at) }.filter { reach.contains($0) }
        let edges = [reach.start] + changes + [reach.end]
        return zip(edges, edges.dropFirst()).map { start, end in
            let shift = Int64(zone.offset(at: start)) - midnight
            return (Interval(start: start, end: end), shift * Duration.secondNs)
        }
    }
}
