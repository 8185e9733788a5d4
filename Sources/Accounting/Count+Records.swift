import Vocabulary

extension Count {
    /// The outages that ended in `interval`, as the store keeps them. Source: docs/uptime.md, rule 6.
    package func records(endedIn interval: Interval) -> [OutageRecord] {
        var edges = OutageEdges(course)
        return outageRuns.compactMap { run in
            let outage = outage(run, &edges)
            guard let end = outage.end, interval.contains(end) else { return nil }
            return OutageRecord(
                firstSequence: course.sequence(at: run.lowerBound), lastSequence: course.sequence(at: run.upperBound),
                start: outage.start, startEarliest: outage.startEarliest, end: end, endEarliest: outage.endEarliest,
                cause: outage.cause, regions: outage.regions,
                downNs: course.parts(of: Range(run)).reduce(0) { sum, part in
                    sum + Int64(part.1.count { course.votes[$0].verdict == .down }) * part.0.era.periodNs
                }, unknownNs: outage.unknownNs)
        }
    }
}

extension Course {
    /// The sequence number of a slot: its place in the store.
    func sequence(at place: Int) -> Int64 {
        let piece = piece(at: place)
        return piece.era.sequence(slot: piece.slotNumber(at: place))
    }
}
