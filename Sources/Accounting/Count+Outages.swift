import Vocabulary

/// What one region's slot says, when it says something.
struct RegionSample {
    let region: String
    let verdict: Verdict
    let start: Instant
    let cause: Cause
    let isMixed: Bool
}

extension Course {
    /// The known samples of a slot, in the order of the era's regions.
    func samples(at place: Int) -> [RegionSample] {
        let piece = piece(at: place)
        var samples: [RegionSample] = []
        for (index, region) in piece.era.regions.enumerated() {
            let slot = piece.slot(region: index, at: place)
            guard slot.verdict.isKnown else { continue }
            samples.append(
                RegionSample(
                    region: region, verdict: slot.verdict,
                    start: piece.era.grid.instant(slot: piece.slotNumber(at: place), startUnits: slot.startUnits),
                    cause: slot.cause, isMixed: slot.marks.contains(.mixed)))
        }
        return samples
    }

    /// First and last down slot of each outage, oldest first. Source: docs/uptime.md, rule 6.
    func outageRuns() -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        var first: Int?
        var last = 0
        for place in votes.indices {
            switch votes[place].verdict {
            case .unknown: continue
            case .down:
                first = first ?? place
                last = place
            case .up, .degraded:
                guard let begun = first else { continue }
                runs.append(begun...last)
                first = nil
            }
        }
        if let first { runs.append(first...last) }
        return runs
    }
}

extension Count {
    /// Every outage with a down slot in the window, oldest first. Source: docs/uptime.md, rule 6.
    func outages() -> [Outage] {
        var edges = OutageEdges(course)
        return listedRuns().map { outage($0, &edges) }
    }

    func listedRuns() -> [ClosedRange<Int>] {
        course.outageRuns().filter { run in
            window.clamped(to: Range(run)).contains { course.votes[$0].verdict == .down || states[$0] == .down }
        }
    }

    func outage(_ run: ClosedRange<Int>, _ edges: inout OutageEdges) -> Outage {
        var tally = CauseTally()
        var unknownNs: Int64 = 0
        for (piece, part) in course.parts(of: Range(run)) {
            for place in part {
                guard course.votes[place].verdict == .down else {
                    unknownNs += piece.era.periodNs
                    continue
                }
                for sample in course.samples(at: place) where sample.verdict == .down { tally.add(sample) }
            }
        }
        let (start, startEarliest) = edges.start(of: run)
        let (end, endEarliest) = edges.end(of: run)
        return Outage(
            start: start, startEarliest: startEarliest, end: end, endEarliest: endEarliest,
            slots: course.interval(of: Range(run)),
            downNs: self.tally(of: window.clamped(to: Range(run))).nanoseconds.down, unknownNs: unknownNs,
            cause: tally.cause ?? .unstated, regions: inEraOrder(tally.regions, at: run.lowerBound))
    }

    /// In the order of the era of `place`; those of later eras after them, as they came.
    func inEraOrder(_ regions: [String], at place: Int) -> [String] {
        let order = course.piece(at: place).era.regions
        return order.filter(regions.contains) + regions.filter { !order.contains($0) }
    }

    /// Down nanoseconds of the window that corrections made of slots outside all outages.
    func correctedDownNs() -> Int64 {
        guard !input.corrections.isEmpty else { return 0 }
        var outside = tally(of: window).nanoseconds.down
        for run in listedRuns() { outside -= tally(of: window.clamped(to: Range(run))).nanoseconds.down }
        return outside
    }

    /// Neighbouring slots of the window of one sort, joined: partials and blips.
    func spells(_ belongs: (VotedSlot) -> Bool) -> [Spell] {
        var spells: [Spell] = []
        var place = window.lowerBound
        while place < window.upperBound {
            guard belongs(course.votes[place]) else {
                place += 1
                continue
            }
            let first = place
            while place < window.upperBound && belongs(course.votes[place]) { place += 1 }
            spells.append(spell(first..<place))
        }
        return spells
    }

    /// Cause and regions are of the bad samples, or, when a re-probe has replaced them, of the slots that saw them.
    private func spell(_ places: Range<Int>) -> Spell {
        var tally = CauseTally()
        for place in places {
            let vote = course.votes[place]
            for sample in course.samples(at: place)
            where vote.isPartial && sample.verdict == .down || vote.isBlip && sample.isMixed && sample.verdict.isGood {
                tally.add(sample)
            }
        }
        return Spell(
            interval: course.interval(of: places), cause: tally.cause ?? .unstated,
            regions: inEraOrder(tally.regions, at: places.lowerBound))
    }
}
