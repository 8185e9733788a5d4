import Vocabulary

extension RingHeader {
    /// This header with what `spec` asks for now, an era begun when period, vote or regions differ.
    /// `newest`: sequence number of the newest slot that holds a sample; nil when none does.
    /// `forgotten` is true when the oldest era had to go, because a header holds `erasMax`.
    func following(_ spec: RingSpec, newest: Int64?, now: Instant) -> (header: RingHeader, hasForgotten: Bool) {
        var next = self
        let last = eras[eras.count - 1]
        if last.periodNs != spec.periodNs || last.vote != spec.vote || last.regions != spec.regions {
            next.beginEra(spec, newest: newest, now: now)
        }
        let hasForgotten = next.eras.count > RingHeader.erasMax
        if hasForgotten { next.forgetOldestEra() }
        return (next, hasForgotten)
    }

    /// The new era starts with the first slot of its own grid that is still to come, and after all that is stored:
    /// a clock that went back must not put it before slots of the era it ends.
    private mutating func beginEra(_ spec: RingSpec, newest: Int64?, now: Instant) {
        let grid = SlotGrid(periodNs: spec.periodNs)
        var earliest = now
        if let newest {
            let era = eras[eraIndex(sequence: newest)]
            earliest = max(earliest, era.grid.start(of: era.slot(sequence: newest) + 1))
        }
        let slot = grid.firstSlot(from: earliest)
        let from = grid.start(of: slot)
        // An era that has not begun yet gives way.
        while eras.count > 1, eras[eras.count - 1].from >= from { eras.removeLast() }
        let last = eras[eras.count - 1]
        if last.periodNs == spec.periodNs, last.vote == spec.vote, last.regions == spec.regions { return }
        eras.append(
            Era(
                from: from, periodNs: spec.periodNs, vote: spec.vote, regions: spec.regions,
                firstSequence: last.sequence(slot: last.grid.firstSlot(from: from))))
        if last.from >= from { eras[0] = last.beginning(atOrBefore: from - 1) }
    }

    private mutating func forgetOldestEra() {
        eras.removeFirst()
        oldestSequence = max(oldestSequence, eras[0].firstSequence)
        if let known = birth { birth = max(known, eras[0].from) }
    }

    /// Drops eras that ended before anything still kept, and the regions that only they name.
    func withoutPast(keeping spec: RingSpec, now: Instant) -> RingHeader {
        var kept = self
        let oldest = now - max(spec.retention.slotsNs, spec.retention.hoursNs)
        while kept.eras.count > 1, kept.eras[1].from <= oldest { kept.forgetOldestEra() }
        let named = Set(kept.eras.flatMap(\.regions) + spec.regions)
        let regions = kept.regions.filter(named.contains)
        return kept.with(regions: regions + spec.regions.filter { !regions.contains($0) }, spec: spec)
    }

    /// The same history in the smallest layout that keeps what `spec` says and has room for each kept era's slots.
    private func with(regions: [String], spec: RingSpec) -> RingHeader {
        let periodNs = eras.reduce(spec.periodNs) { min($0, $1.periodNs) }
        return RingHeader(
            generation: 1, check: check, retention: spec.retention,
            layout: RingLayout(periodNs: periodNs, retention: spec.retention, regionCount: regions.count), birth: birth,
            newestKnown: newestKnown, oldestSequence: oldestSequence, rolledUntil: rolledUntil, regions: regions,
            eras: eras)
    }
}

extension Era {
    /// The same cells with the same sequence numbers, named by an earlier slot.
    fileprivate func beginning(atOrBefore instant: Instant) -> Era {
        let slot = grid.slot(at: instant)
        return Era(
            from: grid.start(of: slot), periodNs: periodNs, vote: vote, regions: regions,
            firstSequence: sequence(slot: slot))
    }
}
