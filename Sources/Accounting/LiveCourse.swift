import Vocabulary

/// The live verdict of a whole history at an instant, by the newest era's vote and regions.
/// Source: docs/uptime.md, rule 12.
struct LiveCourse {
    private let now: Instant
    private let era: Era
    private let wordLifeNs: Int64
    private var live: LiveVerdict
    /// Of the newest good sample that still speaks.
    private(set) var responseUs: Int64?

    var verdict: Verdict { live.verdict }
    /// Of an older change than the samples tell of, the start of its slot.
    private(set) var since: Instant?
    var regions: [StatusLine.RegionVerdict] {
        era.regions.indices.map {
            StatusLine.RegionVerdict(
                region: era.regions[$0], verdict: live.words[$0]?.verdict ?? .unknown,
                cause: live.words[$0]?.cause ?? .unstated)
        }
    }

    /// O(slots x regions); allocates only where verdicts change.
    init(_ input: CountingInput) {
        now = input.now
        era = Extent.all(of: input)[input.history.stretches.isEmpty ? 0 : input.history.stretches.count - 1].era
        let loaded = input.history.slotsFrom ?? input.window.start
        let birth = input.history.birth ?? loaded
        wordLifeNs = 2 * era.periodNs
        live = LiveVerdict(era, knownFrom: loaded <= birth ? birth : loaded + wordLifeNs)
        let stretches = input.history.stretches.filter { $0.verdicts == nil }
        for stretch in stretches { follow(stretch) }
        live.forget(at: now)
        responseUs = newestResponseUs(stretches)
        since = live.since ?? sinceByVotes(input.history)
    }

    /// The start of the first slot from which on the votes have said what is said now; nil where they go on to the
    /// first one that is loaded. As in the live verdict a check is unknown once it was so for two periods.
    private func sinceByVotes(_ history: History) -> Instant? {
        guard history.stretches.contains(where: { $0.verdicts != nil }) else { return nil }
        // Of the slots that stand only those before the first change that the samples tell of.
        let end = (history.slotsFrom ?? now) + wordLifeNs
        var since: Instant?
        var silent = 0
        for stretch in history.stretches.reversed() {
            let votes = stretch.votes(until: end)
            for element in votes.indices.reversed() {
                let voted = votes[element].verdict
                silent = voted.isKnown ? 0 : silent + 1
                if verdict.isKnown ? voted.isKnown && voted != verdict || silent > 2 : voted.isKnown { return since }
                if voted == verdict { since = stretch.era.grid.start(of: stretch.firstSlot + Int64(element)) }
            }
        }
        return history.birth.flatMap { birth in since.flatMap { $0 <= birth ? $0 : nil } }
    }

    private mutating func follow(_ stretch: History.Stretch) {
        let regions = stretch.era.regions.map { era.regions.firstIndex(of: $0) }
        let mayRepeat = stretch.era.regions == era.regions && stretch.era.periodNs == era.periodNs
        let present = stretch.era.grid.slot(at: now) - stretch.firstSlot
        var repeated: Int?
        for element in 0..<stretch.count {
            if mayRepeat && element < present && repeats(stretch, element) {
                repeated = element
                continue
            }
            if let last = repeated { hearAgain(stretch, last) }
            repeated = nil
            let written = stretch.slots.indices.filter { stretch.slots[$0][element].isWritten }
            let samples = written.map { (region: regions[$0], sample: sample(stretch, $0, element)) }
            for (region, sample) in samples.sorted(by: { $0.sample.start < $1.sample.start }) {
                guard let region, sample.start <= now else { continue }
                live.hear(region, sample.slot.verdict, sample.slot.cause, at: sample.start)
            }
        }
        if let last = repeated { hearAgain(stretch, last) }
    }

    /// Every region says what it said in the slot before, so that no word has grown too old in between.
    private func repeats(_ stretch: History.Stretch, _ element: Int) -> Bool {
        guard element > 0 else { return false }
        for list in stretch.slots {
            let before = list[element - 1]
            let slot = list[element]
            guard slot.isWrittenField, before.isWrittenField, slot.verdictField == before.verdictField else {
                return false
            }
        }
        return true
    }

    private mutating func hearAgain(_ stretch: History.Stretch, _ element: Int) {
        for region in stretch.slots.indices {
            let sample = sample(stretch, region, element)
            live.hearAgain(region, sample.slot.verdict, sample.slot.cause, at: sample.start)
        }
    }

    private func sample(_ stretch: History.Stretch, _ region: Int, _ element: Int) -> (slot: Slot, start: Instant) {
        let slot = stretch.slots[region][element]
        let number = stretch.firstSlot + Int64(element)
        return (slot, stretch.era.grid.instant(slot: number, startUnits: slot.startUnits))
    }

    private func newestResponseUs(_ stretches: [History.Stretch]) -> Int64? {
        let recent = Interval(start: now - live.wordLifeNs, end: now + 1)
        var newest: (slot: Slot, start: Instant)?
        for stretch in stretches {
            let grid = stretch.era.grid
            let first = max(grid.slot(at: recent.start), stretch.firstSlot)
            let end = min(grid.slot(at: now) + 1, stretch.firstSlot + Int64(stretch.count))
            for number in first..<max(first, end) {
                for region in stretch.slots.indices {
                    let sample = sample(stretch, region, Int(number - stretch.firstSlot))
                    guard sample.slot.verdict.isGood, recent.contains(sample.start) else { continue }
                    if newest.map({ $0.start <= sample.start }) ?? true { newest = sample }
                }
            }
        }
        return newest.map { Int64($0.slot.totalUs) }
    }
}
