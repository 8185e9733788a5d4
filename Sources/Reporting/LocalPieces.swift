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
        let midnight = Int64(date.daysSinceEpoch) * 86_400
        return bar.flatMap { segment in
            zone.piecesOfOneOffset(segment.interval).map { piece in
                let shiftNs = (Int64(zone.offset(at: piece.start)) - midnight) * Duration.secondNs
                return LocalPiece(
                    state: segment.state, segment: segment.interval, fromNs: piece.start.nanoseconds + shiftNs,
                    toNs: piece.end.nanoseconds + shiftNs)
            }
        }
    }
}

extension Zone {
    /// `interval` cut where the offset from UTC changes.
    fileprivate func piecesOfOneOffset(_ interval: Interval) -> [Interval] {
        var pieces: [Interval] = []
        var start = interval.start
        for transition in transitions where interval.start < Instant(seconds: transition.at) {
            let at = Instant(seconds: transition.at)
            guard at < interval.end else { break }
            pieces.append(Interval(start: start, end: at))
            start = at
        }
        pieces.append(Interval(start: start, end: interval.end))
        return pieces
    }
}
