import Vocabulary

extension StoreWriter {
    /// Slots become hours, verdicts and outages a day at a time; in a ring that holds little, sooner.
    private static let rollNs = Duration.dayNs
    /// Days that one ring catches up in one pass: an old store does not hold up the core loop.
    private static let daysPerPass = 8

    /// Up to where the slots of a ring can no longer change in the normal course, in full hours: a timeout is under
    /// the period, so twice the period and a second cover rule 1.
    private func settledHour(_ state: RingState, at now: Instant) -> Instant {
        let periodNs = state.header.eras.reduce(0) { max($0, $1.periodNs) }
        return (now - 2 * periodNs - Duration.secondNs).hourStart
    }

    /// Where the next roll-up begins; nil while nothing is known.
    private func rollStart(_ header: RingHeader, _ state: RingState, at now: Instant) -> Instant? {
        guard let birth = state.birth else { return nil }
        // What is older than the slots was rolled up while they stood, or never will be.
        // The oldest hour may have lost slots already.
        let oldest = now - keptNs(header) + Duration.hourNs
        return max(header.rolledUntil ?? birth, oldest, birth).hourStart
    }

    func isRollDue(_ state: RingState, at now: Instant) -> Bool {
        guard let start = rollStart(state.header, state, at: now) else { return false }
        let lagNs = settledHour(state, at: now) - start
        // Where slots are kept for hours only, each full hour: the oldest of them is about to be written over.
        let spareNs = keptNs(state.header) - Duration.hourNs
        return lagNs >= min(StoreWriter.rollNs, max(Duration.hourNs, spareNs / 2))
    }

    /// How long a slot stands before another one takes its place: at least the retention, for rings fill whole pages.
    private func keptNs(_ header: RingHeader) -> Int64 {
        header.layout.slotCapacity * header.eras.reduce(Int64.max) { min($0, $1.periodNs) }
    }

    /// Makes hours, verdicts and outages of the settled slots, when a day of them is there.
    func roll(
        _ state: RingState, _ ring: RingFile, _ header: inout RingHeader, _ rules: any RollUpRules, at now: Instant
    ) throws(StoreError) {
        state.header.rolledUntil = header.rolledUntil
        guard isRollDue(state, at: now) else { return }
        let settled = settledHour(state, at: now)
        var days = 0
        while let start = rollStart(header, state, at: now), start < settled,
            days < StoreWriter.daysPerPass || !options.journals
        {
            let span = Interval(start: start, end: min(start + StoreWriter.rollNs, settled))
            try roll(span, state, ring, rules)
            header.rolledUntil = span.end
            days += 1
        }
    }

    /// Before the first slots after a long stop are written: what was left of the time before it, less than a day,
    /// still stands in the file, though by the clock it is older than the slots; and its places are taken now.
    func rollWhatIsLeft(
        _ state: RingState, _ ring: RingFile, _ rules: any RollUpRules, at now: Instant
    ) throws(StoreError) {
        guard let birth = state.birth, let newest = state.newestInFile else { return }
        let header = state.header
        let last = header.start(sequence: newest)
        var start = max(header.rolledUntil ?? birth, birth, last - keptNs(header) + Duration.hourNs).hourStart
        guard start <= last, start < (now - keptNs(header)).hourStart else { return }
        while start <= last {
            let span = Interval(start: start, end: min(start + StoreWriter.rollNs, last.hourStart + Duration.hourNs))
            try roll(span, state, ring, rules)
            start = span.end
        }
        state.header.rolledUntil = start
    }

    private func roll(
        _ span: Interval, _ state: RingState, _ ring: RingFile, _ rules: any RollUpRules
    ) throws(StoreError) {
        let history = try ring.history(in: span, newest: state.newest, birth: state.birth)
        try ring.writeCells(history, rules)
        try ring.writeHours(history)
        try rollOutages(state, ring, rules, endedIn: span)
    }

    private func rollOutages(
        _ state: RingState, _ ring: RingFile, _ rules: any RollUpRules, endedIn span: Interval
    ) throws(StoreError) {
        do {
            let outages = try rules.outages(of: state.check, endedIn: span) { interval in
                try ring.history(in: interval, newest: state.newest, birth: state.birth).history
            }
            try ring.write(outages)
        } catch let error as StoreError {
            throw error
        } catch {
            preconditionFailure("rules read the history and nothing else")
        }
    }
}
