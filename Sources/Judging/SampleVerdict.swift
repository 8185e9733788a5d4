import Vocabulary

// In: answered samples, and the severity of what was not met. Out: verdicts, slots, votes, what incidents do.
// Pure: no clock, no store. It never changes a fact: what a slot says is what was seen.

/// What one sample makes of its slot. Source: docs/uptime.md, rule 1.
package struct SampleVerdict: Hashable, Sendable {
    package let verdict: Verdict
    package let cause: Cause
    package let marks: Slot.Marks
    /// The start, inside the slot that the sample belongs to.
    package let start: Instant

    /// A probe that started outside its own slot says nothing about it; one that started later than a tenth of the
    /// period (at least a second) after it was due may praise its target, but not blame it.
    package init(_ sample: borrowing Sample, grid: SlotGrid) {
        let due = sample.due
        var marks: Slot.Marks = due.isReprobe ? .reprobe : Slot.Marks()
        if !grid.interval(of: due.slot).contains(sample.start) {
            self.init(verdict: .unknown, cause: .late, marks: marks.union(.late), start: due.at)
            return
        }
        var verdict: Verdict
        if sample.cause.isOwnFault {
            verdict = .unknown
        } else {
            switch sample.unmet {
            case nil, .warn: verdict = .up
            case .degrade: verdict = .degraded
            case .fail: verdict = .down
            }
        }
        var cause = sample.cause
        let allowedNs = max(grid.periodNs / 10, Duration.secondNs)
        if sample.latenessNs > allowedNs {
            marks.insert(.late)
            if verdict == .down { (verdict, cause) = (.unknown, .late) }
        }
        self.init(verdict: verdict, cause: cause, marks: marks, start: sample.start)
    }

    private init(verdict: Verdict, cause: Cause, marks: Slot.Marks, start: Instant) {
        self.verdict = verdict
        self.cause = cause
        self.marks = marks
        self.start = start
    }

    /// The slot that keeps the sample.
    package func slot(_ sample: borrowing Sample, grid: SlotGrid) -> Slot {
        Slot(
            verdict: verdict, cause: cause, status: sample.status, marks: marks,
            startUnits: grid.startUnits(of: start, in: sample.due.slot), totalUs: sample.legs.totalUs,
            legs: SlotLegs(sample.legs))
    }

    /// The slot of a probe that never started.
    package static func missed(phaseNs: Int64, slot: Int64, grid: SlotGrid) -> Slot {
        Slot(
            verdict: .unknown, cause: .late, status: 0, marks: .late,
            startUnits: grid.startUnits(of: grid.start(of: slot) + phaseNs, in: slot), totalUs: 0,
            legs: SlotLegs(Legs()))
    }
}

extension SampleVerdict {
    /// The same, said at another time.
    func moved(byNs ns: Int64) -> SampleVerdict {
        SampleVerdict(verdict: verdict, cause: cause, marks: marks, start: start + ns)
    }

    /// What a stored slot says.
    package init(_ slot: Slot, slot number: Int64, grid: SlotGrid) {
        self.init(
            verdict: slot.verdict, cause: slot.cause, marks: slot.marks,
            start: grid.instant(slot: number, startUnits: slot.startUnits))
    }
}
