import Vocabulary

extension Course {
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
            unknownNs += Int64(part.count { course.votes[$0].verdict == .unknown }) * piece.era.periodNs
            tally.add(piece, part) { $0.verdictField == Field.down }
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

    /// Neighbouring slots of the window in which some regions were down, too few for the vote.
    func partials() -> [Spell] { spells({ $0.isPartial }, samples: { $0.verdictField == Field.down }) }

    /// Neighbouring slots of the window that saw good and bad and ended up. The bad samples are gone: the causes are
    /// those of the samples that took their places.
    func blips() -> [Spell] {
        spells(
            { $0.isBlip },
            samples: { slot in
                let isGood = slot.verdictField == Field.up || slot.verdictField == Field.degraded
                return isGood && slot.marksField & Field.mixed != 0
            })
    }

    private func spells(_ belongs: (VotedSlot) -> Bool, samples: (Slot) -> Bool) -> [Spell] {
        var spells: [Spell] = []
        var place = window.lowerBound
        while place < window.upperBound {
            guard belongs(course.votes[place]) else {
                place += 1
                continue
            }
            let first = place
            while place < window.upperBound && belongs(course.votes[place]) { place += 1 }
            var tally = CauseTally()
            for (piece, part) in course.parts(of: first..<place) { tally.add(piece, part, where: samples) }
            spells.append(
                Spell(
                    interval: course.interval(of: first..<place), cause: tally.cause ?? .unstated,
                    regions: inEraOrder(tally.regions, at: first)))
        }
        return spells
    }
}
