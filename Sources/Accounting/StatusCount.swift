import Vocabulary

/// What `status` and the status page say of a check now. Source: docs/uptime.md, rules 8 and 12.
package enum StatusCount {
    /// The window of `count` holds `today`, `month` and the last `barNs`; its history goes on to the newest slot,
    /// settled or not. O(slots x regions).
    package static func line(
        _ count: Count, today: Interval, month: Interval, barNs: Int64 = Duration.dayNs, isPaused: Bool = false
    ) -> StatusLine {
        let input = count.input
        let live = LiveCourse(input)
        let lately = count.course.places(startingIn: Interval(start: input.now - barNs, end: input.now))
        return StatusLine(
            check: input.check.name, title: input.check.title, kind: input.check.kind, verdict: live.verdict,
            since: live.since, responseUs: live.responseUs, today: count.sums(in: today),
            month: count.sums(in: month), regions: live.regions, bar: count.bar(of: lately, cutAt: input.now),
            hasGenerated: count.hasGenerated(), isPaused: isPaused)
    }
}

extension Count {
    /// Some slots of the window were generated for demonstration.
    func hasGenerated() -> Bool {
        course.parts(of: window).contains { piece, part in
            piece.stored.contains { list in
                list[piece.elements(of: part)].contains { $0.marksField & Field.generated != 0 }
            }
        }
    }
}
