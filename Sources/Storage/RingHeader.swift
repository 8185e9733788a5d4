import Vocabulary

/// What a ring file says of itself. It stands twice in the file, and the whole copy with the higher generation holds:
/// a header that was torn in writing leaves the one before. Every byte is drawn in docs/ring-format.md.
struct RingHeader: Hashable, Sendable {
    static let formatVersion = 2
    /// Room of one copy; the bytes in use are far fewer.
    static let copyBytes = 32_768
    static let regionsMax = 64
    static let erasMax = 256
    /// Far under any period that is configured, and long enough that no sum of slot numbers overflows.
    static let periodNsMin = Duration.millisecondNs

    /// Counts the writings of the header.
    var generation: UInt64 = 1
    private(set) var check: String
    let retention: Retention
    let layout: RingLayout
    /// Start of the slot of the first sample that is not unknown; nil while there is none.
    var birth: Instant?
    /// Sequence number of some slot that holds a sample, at most `layout.newestSlack` before the newest; nil while
    /// there is none. So a writer touches the header once in many slots, and still finds the newest one without a scan.
    var newestKnown: Int64?
    /// What stands in the rings before this sequence number belongs to forgotten eras.
    var oldestSequence: Int64 = 0
    /// Up to here, a full hour, the hours, verdicts and outages are made from the slots; nil while none are.
    var rolledUntil: Instant?
    /// Every region the file holds, in the order of its rings.
    private(set) var regions: [String]
    /// Oldest first.
    var eras: [Era]

    /// A new file's header. The first era's sequence numbers are its slot numbers: slots before it have one too.
    init(spec: RingSpec, now: Instant) {
        check = spec.check
        retention = spec.retention
        layout = RingLayout(periodNs: spec.periodNs, retention: spec.retention, regionCount: spec.regions.count)
        regions = spec.regions
        let grid = SlotGrid(periodNs: spec.periodNs)
        let slot = grid.slot(at: now)
        eras = [
            Era(
                from: grid.start(of: slot), periodNs: spec.periodNs, vote: spec.vote, regions: spec.regions,
                firstSequence: slot)
        ]
    }

    init(
        generation: UInt64, check: String, retention: Retention, layout: RingLayout, birth: Instant?,
        newestKnown: Int64?, oldestSequence: Int64, rolledUntil: Instant?, regions: [String], eras: [Era]
    ) {
        self.generation = generation
        self.check = check
        self.retention = retention
        self.layout = layout
        self.birth = birth
        self.newestKnown = newestKnown
        self.oldestSequence = oldestSequence
        self.rolledUntil = rolledUntil
        self.regions = regions
        self.eras = eras
    }

    /// The same history under the names that `spec` has for what it called otherwise.
    func renamed(_ spec: RingSpec) -> RingHeader {
        var renamed = self
        if check == spec.formerCheck { renamed.check = spec.check }
        for (index, region) in regions.enumerated() {
            let name = spec.presentName(of: region)
            guard name != region, !renamed.regions.contains(name) else { continue }
            renamed.regions[index] = name
            renamed.eras = renamed.eras.map { era in
                Era(
                    from: era.from, periodNs: era.periodNs, vote: era.vote,
                    regions: era.regions.map { $0 == region ? name : $0 }, firstSequence: era.firstSequence)
            }
        }
        return renamed
    }

    /// The index of the era that `instant` belongs to; the first reaches back.
    func eraIndex(at instant: Instant) -> Int { eras.lastIndex { $0.from <= instant } ?? 0 }

    /// The index of the era that a sequence number belongs to.
    func eraIndex(sequence: Int64) -> Int { eras.lastIndex { $0.firstSequence <= sequence } ?? 0 }

    /// The sequence numbers of an era, up to where the next begins. The first reaches back, the last goes on.
    func sequences(era index: Int) -> Range<Int64> {
        let first = index == 0 ? min(oldestSequence, eras[0].firstSequence) : eras[index].firstSequence
        return first..<(index + 1 < eras.count ? max(first, eras[index + 1].firstSequence) : Int64.max)
    }

    /// The ring of each region of an era.
    func rings(of era: Era) -> [Int] { era.regions.map(ring) }

    /// The place of a region's rings in the file.
    func ring(_ region: String) -> Int {
        guard let ring = regions.firstIndex(of: region) else { preconditionFailure("an era names regions of its file") }
        return ring
    }

    /// The sequence number of a slot of one of this file's eras.
    func sequence(_ slot: Int64, era: Era) -> Int64 {
        guard let index = eras.lastIndex(where: { $0.firstSequence == era.firstSequence && $0.from == era.from })
        else { preconditionFailure("a slot is put with an era of its own ring") }
        let sequence = era.sequence(slot: slot)
        precondition(index == 0 || sequence >= era.firstSequence, "only the first era reaches back")
        precondition(sequence < sequences(era: index).upperBound, "a slot lies before the next era")
        return sequence
    }

    func start(sequence: Int64) -> Instant {
        let era = eras[eraIndex(sequence: sequence)]
        return era.grid.start(of: era.slot(sequence: sequence))
    }

    /// Whether the slots from a sequence number on have instants.
    func isReckonable(_ sequence: Int64) -> Bool {
        guard (0..<1 << 56).contains(sequence) else { return false }
        let era = eras[eraIndex(sequence: sequence)]
        let end = (era.slot(sequence: sequence) + layout.newestSlack).multipliedReportingOverflow(by: era.periodNs)
        return !end.overflow
    }

    /// Eras follow each other, and every instant and sequence number is one that can be reckoned with.
    var isSound: Bool {
        let sequences = eras.map(\.firstSequence) + [oldestSequence, newestKnown ?? 0]
        guard sequences.allSatisfy({ (0..<1 << 56).contains($0) }), !eras.isEmpty,
            eras.allSatisfy({ $0.periodNs >= RingHeader.periodNsMin && !$0.regions.isEmpty }),
            Set(regions).count == regions.count, regions.allSatisfy({ !$0.isEmpty })
        else { return false }
        for (era, next) in zip(eras, eras.dropFirst())
        where era.from >= next.from || era.firstSequence > next.firstSequence { return false }
        if let rolledUntil, abs(rolledUntil.nanoseconds >> 1) > 1 << 61 { return false }
        return newestKnown.map(isReckonable) ?? true
    }
}
