import Vocabulary

/// Instants as people read them, in the report's zone. Where the clocks are set back an hour comes twice: there, and
/// only there, the offset from UTC tells which is meant.
extension Words {
    /// `2026-11-03 10:00:12`, `2026-10-25 02:30:07 +02:00`.
    static func time(_ instant: Instant, _ zone: Zone) -> String {
        instant.text(in: zone) + suffix(offsetIfTwice(instant, zone))
    }

    /// `10:00:12`.
    static func clock(_ instant: Instant, _ zone: Zone) -> String {
        instant.text(in: zone).dropFirst(11) + suffix(offsetIfTwice(instant, zone))
    }

    /// `2026-11-03 10:00:12 – 10:03:12`: date and offset of the end only where they are others.
    static func interval(_ start: Instant?, _ end: Instant?, zone: Zone, open: String = "still going on") -> String {
        guard let end else { return "\(start.map { time($0, zone) } ?? notKnown) – \(open)" }
        guard let start, zone.date(start) == zone.date(end) else {
            return "\(start.map { time($0, zone) } ?? notKnown) – \(time(end, zone))"
        }
        let isSameOffset = offsetIfTwice(start, zone) == offsetIfTwice(end, zone)
        return "\(isSameOffset ? start.text(in: zone) : time(start, zone)) – \(clock(end, zone))"
    }

    /// One whose end is the last instant there is has none: a pause that goes on.
    static func interval(_ interval: Interval, zone: Zone) -> String {
        self.interval(interval.start, interval.end.nanoseconds == .max ? nil : interval.end, zone: zone)
    }

    private static let notKnown = "not known"
    /// Clocks are never set back by more.
    private static let reachNs = 3 * Duration.hourNs

    /// Seconds east of UTC when the local time of `instant` comes twice that day; else nil.
    private static func offsetIfTwice(_ instant: Instant, _ zone: Zone) -> Int? {
        let offset = zone.offset(at: instant)
        for near in [instant - reachNs, instant + reachNs] {
            let other = zone.offset(at: near)
            let twin = instant + Int64(offset - other) * Duration.secondNs
            if other != offset && zone.offset(at: twin) == other { return offset }
        }
        return nil
    }

    /// ` +02:00`; empty for nil.
    private static func suffix(_ offset: Int?) -> String {
        guard let offset else { return "" }
        let minutes = abs(offset) / 60
        return " \(offset < 0 ? "-" : "+")\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
    }
}
