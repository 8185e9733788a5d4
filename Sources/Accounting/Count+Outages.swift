import Vocabulary

extension Course {
    /// First and last down slot of each outage, oldest first. Source: docs/uptime.md, rule 6.
    func outageRuns() -> [ClosedRange<Int>] {
        var runs: [ClosedRange<Int>] = []
        var first: Int?
        var last = 0
        forEachRun(in: places) { run, vote in
            switch vote.bits & VerdictCell.verdictBits {
            case Field.unknown: return
            case Field.down:
                first = first ?? run.lowerBound
                last = run.upperBound - 1
            default:
                guard let begun = first else { return }
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
        outageRuns.filter { run in
            window.clamped(to: Range(run)).contains { course.votes[$0].verdict == .down || states[$0] == .down }
        }
    }

    func outage(_ run: ClosedRange<Int>, _ edges: inout OutageEdges) -> Outage {
        var tally = CauseTally()
        var unknownNs: Int64 = 0
        let record = record(of: run)
        for (piece, part) in course.parts(of: Range(run)) {
            unknownNs += Int64(part.count { course.votes[$0].verdict == .unknown }) * piece.era.periodNs
            if record == nil { tally.add(piece, part) { $0.verdictField == Field.down } }
        }
        let (start, startEarliest) = record.map { ($0.start, $0.startEarliest) } ?? edges.start(of: run)
        let (end, endEarliest) = record.map { ($0.end, $0.endEarliest) } ?? edges.end(of: run)
        return Outage(
            start: start, startEarliest: startEarliest, end: end, endEarliest: endEarliest,
            slots: course.interval(of: Range(run)),
            downNs: self.tally(of: window.clamped(to: Range(run))).nanoseconds.down, unknownNs: unknownNs,
            cause: record?.cause ?? tally.cause ?? .unstated,
            regions: inEraOrder(record?.regions ?? tally.regions, at: run.lowerBound),
            isForgotten: record == nil && course.piece(at: run.lowerBound).isSummary)
    }

    /// What the store kept of an outage; nil when it has other edges, or was not kept.
    private func record(of run: ClosedRange<Int>) -> OutageRecord? {
        guard !records.isEmpty, let record = records[course.sequence(at: run.lowerBound)] else { return nil }
        return record.lastSequence == course.sequence(at: run.upperBound) ? record : nil
    }

    /// An outage of which only a record could tell more has none.
    package var lacksRecords: Bool {
        outageRuns.contains { course.piece(at: $0.lowerBound).isSummary && record(of: $0) == nil }
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
        spells({ $0.isBlip }, samples: { $0.isGoodField && $0.marksField & Field.mixed != 0 })
    }

    private func spells(_ belongs: (VerdictCell) -> Bool, samples: (Slot) -> Bool) -> [Spell] {
        var runs: [Range<Int>] = []
        course.forEachRun(in: window) { run, vote in
            guard belongs(vote) else { return }
            if let last = runs.last, last.upperBound == run.lowerBound {
                runs[runs.count - 1] = last.lowerBound..<run.upperBound
            } else {
                runs.append(run)
            }
        }
        return runs.map { run in
            var tally = CauseTally()
            for (piece, part) in course.parts(of: run) { tally.add(piece, part, where: samples) }
            return Spell(
                interval: course.interval(of: run), cause: tally.cause ?? .unstated,
                regions: inEraOrder(tally.regions, at: run.lowerBound))
        }
    }
}
