import Vocabulary

/// What `status` and the status page say of a check now. Source: docs/uptime.md, rules 8 and 12.
package enum StatusCount {
    /// `input.window` holds the present month in the input's zone, and the history reaches back over it and over
    /// `barNs` before now, and on to the newest slot, settled or not.
    package static func line(_ input: CountingInput, barNs: Int64) -> StatusLine {
        let count = Count(input)
        let live = LiveCourse(input)
        let barStart = input.now - barNs
        let bar = count.bar(
            of: count.course.places(startingIn: Interval(start: barStart, end: input.now)), cutAt: input.now)
        return StatusLine(
            check: input.check.name, title: input.check.title, kind: input.check.kind, verdict: live.verdict,
            since: live.since, responseUs: live.responseUs,
            today: count.sums(in: input.zone.interval(of: input.zone.date(input.now))),
            month: count.sums(in: input.window), regions: live.regions, bar: bar, hasGenerated: count.hasGenerated())
    }
}

extension Count {
    /// Some slots of the window were generated for demonstration.
    func hasGenerated() -> Bool {
        course.parts(of: window).contains { piece, part in
            piece.stored.contains { list in
                list[piece.elements(of: part)].contains { $0.marks.contains(.generated) }
            }
        }
    }
}
