import Vocabulary

/// A day of the window: its midnights, and the places of its slots. Source: docs/uptime.md, rule 8.
struct DayCut {
    let date: CivilDate
    let interval: Interval
    let places: Range<Int>

    /// The days share out the window without gap or overlap, because each ends at the midnight where the next begins.
    static func all(of window: Interval, in zone: Zone, course: Course) -> [DayCut] {
        guard !window.isEmpty else { return [] }
        var cuts: [DayCut] = []
        // A day early: where clocks go back over midnight, a moment can carry the date of the day before its own.
        var date = zone.date(window.start).adding(days: -1)
        var interval = zone.interval(of: date)
        while interval.start < window.end {
            if interval.overlaps(window) && !interval.isEmpty {
                let places = course.places(startingIn: interval.clamped(to: window))
                cuts.append(DayCut(date: date, interval: interval, places: places))
            }
            date = date.adding(days: 1)
            interval = Interval(start: interval.end, end: zone.midnight(date.adding(days: 1)))
        }
        return cuts
    }
}

extension Count {
    func day(_ cut: DayCut, responseMeanUs: Int64?) -> DayFigures {
        DayFigures(
            date: cut.date, interval: cut.interval, sums: tally(of: cut.places).nanoseconds,
            bar: bar(of: cut.places, cutAt: cut.interval.end), responseMeanUs: responseMeanUs)
    }

    /// What the slots at `places` count as, neighbours of one sort joined, oldest first and without gaps.
    func bar(of places: Range<Int>, cutAt end: Instant) -> [BarSegment] {
        var segments: [BarSegment] = []
        forEachRun(in: places) { run, state, piece in
            let start = segments.last?.interval.end ?? piece.start(of: run.lowerBound)
            // A slot reaches to the next one's start: at a change of period that may come before its own end.
            let next = run.upperBound < course.votes.count ? course.start(of: run.upperBound) : nil
            let segmentEnd = min(end, next ?? piece.end(of: run.upperBound - 1))
            if let last = segments.last, last.state == state {
                segments[segments.count - 1] = BarSegment(
                    interval: Interval(start: last.interval.start, end: segmentEnd), state: state)
            } else {
                segments.append(BarSegment(interval: Interval(start: start, end: segmentEnd), state: state))
            }
        }
        return segments
    }
}
