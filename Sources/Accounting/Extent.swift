import Vocabulary

/// Which slots a stretch of the history stands for. Where the store had nothing it goes on to the edges of the window
/// and to the next era, so that no gap vanishes from the sums.
struct Extent {
    let era: Era
    let slots: Range<Int64>
    let stretch: History.Stretch

    static func all(of input: CountingInput) -> [Extent] {
        let stretches = input.history.stretches.isEmpty ? [unstored(input)] : input.history.stretches
        return stretches.indices.map { index in
            let stretch = stretches[index]
            let grid = stretch.era.grid
            var lower = stretch.firstSlot
            if index == 0 { lower = min(lower, grid.firstSlot(from: input.window.start)) }
            let upper =
                index + 1 < stretches.count
                ? grid.firstSlot(from: stretches[index + 1].interval.start)
                : max(stretch.firstSlot + Int64(stretch.count), grid.firstSlot(from: input.window.end))
            return Extent(era: stretch.era, slots: lower..<max(lower, upper), stretch: stretch)
        }
    }

    /// What stands for a check of which the store has nothing yet: its configuration, without slots.
    private static func unstored(_ input: CountingInput) -> History.Stretch {
        let check = input.check
        let era = Era(
            from: input.window.start, periodNs: check.periodNs, vote: check.vote, regions: check.regions,
            firstSequence: 0)
        return History.Stretch(era: era, firstSlot: era.grid.firstSlot(from: input.window.start), slots: [])
    }

    func limited(to limits: Range<Int64>) -> Extent {
        Extent(era: era, slots: slots.clamped(to: limits), stretch: stretch)
    }

    /// Source: docs/uptime.md, rule 1.
    func firstUnsettled(_ input: CountingInput) -> Int64 {
        let settlingNs = era.periodNs + input.check.timeoutNs + Duration.secondNs
        return era.grid.slot(at: input.now - settlingNs) + 1
    }

    /// The stored slots, or the verdicts that are left of them, and which element is the first of `slots`; copied only
    /// where something is missing.
    func stored() -> (lists: [[Slot]], verdicts: [VerdictCell]?, offset: Int) {
        let held = stretch.firstSlot..<stretch.firstSlot + Int64(stretch.count)
        if held.lowerBound <= slots.lowerBound && slots.upperBound <= held.upperBound {
            return (stretch.slots, stretch.verdicts, Int(slots.lowerBound - held.lowerBound))
        }
        if let verdicts = stretch.verdicts { return ([], padded(verdicts, held, with: .unwritten), 0) }
        let lists = era.regions.indices.map { region in
            padded(region < stretch.slots.count ? stretch.slots[region] : [], held, with: .unwritten)
        }
        return (lists, nil, 0)
    }

    /// `elements` of `held` at their places among `slots`.
    private func padded<Element>(_ elements: [Element], _ held: Range<Int64>, with blank: Element) -> [Element] {
        var list = [Element](repeating: blank, count: slots.count)
        let common = held.clamped(to: slots)
        guard !common.isEmpty, !elements.isEmpty else { return list }
        let from = Int(common.lowerBound - held.lowerBound)
        let to = Int(common.lowerBound - slots.lowerBound)
        for step in 0..<common.count { list[to + step] = elements[from + step] }
        return list
    }
}
