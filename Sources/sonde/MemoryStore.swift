import Storage
import Vocabulary

/// A store in memory for simulations: keeps slots as the disk would, forgets nothing, and fails when it is told to.
final class MemoryStore: SlotStore {
    /// Reading and writing fail, as on a disk with errors.
    var isBroken = false
    private var rings: [Ring] = []

    private struct Ring {
        let check: String
        /// Of earlier eras, oldest first.
        var past: [Stretch] = []
        var present: Stretch

        var stretches: [Stretch] { past + [present] }
        /// The start of the first slot with a known sample, and of the last one with any.
        var birth: Instant? { stretches.compactMap(\.birth).min() }
        var newest: Instant? { stretches.compactMap(\.newest).max() }
    }

    func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> Int {
        guard let known = rings.firstIndex(where: { $0.check == spec.check }) else {
            rings.append(Ring(check: spec.check, present: MemoryStore.stretch(spec, from: now, isFirst: true)))
            return rings.count - 1
        }
        let last = rings[known].present.era
        if last.isEra(of: spec) { return known }
        // After all that is stored, as in a ring file.
        let stored = rings[known].newest.map { last.grid.start(of: last.grid.slot(at: $0) + 1) }
        let next = MemoryStore.stretch(spec, from: max(now, stored ?? now), isFirst: false)
        while rings[known].present.era.from >= next.era.from, let before = rings[known].past.popLast() {
            rings[known].present = before
        }
        if rings[known].present.era.isEra(of: spec) { return known }
        rings[known].past.append(rings[known].present)
        rings[known].present = next
        return known
    }

    private static func stretch(_ spec: RingSpec, from now: Instant, isFirst: Bool) -> Stretch {
        let grid = SlotGrid(periodNs: spec.periodNs)
        let slot = isFirst ? grid.slot(at: now) : grid.firstSlot(from: now)
        let era = Era(
            from: grid.start(of: slot), periodNs: spec.periodNs, vote: spec.vote, regions: spec.regions,
            firstSequence: 0)
        return Stretch(era: era, firstSlot: slot)
    }

    func eras(_ ring: Int) -> [Era] { rings[ring].stretches.map(\.era) }
    func eras(ofCheck check: String) -> [Era] { rings.first { $0.check == check }?.stretches.map(\.era) ?? [] }
    func newestSlot(_ ring: Int) -> Instant? { rings[ring].newest }

    func slot(at place: SlotPlace) throws(StoreError) -> Slot {
        if isBroken { throw .fault(path: "memory", action: "read", code: 5) }
        return rings[place.ring].present.slot(place.slot, region: place.region)
    }

    func put(_ slot: Slot, at place: SlotPlace) throws(StoreError) {
        if isBroken { throw .fault(path: "memory", action: "write", code: 5) }
        rings[place.ring].present.put(slot, region: place.region, at: place.slot)
    }

    func commit(at now: Instant) {}
    /// Nothing is tried again, and so nobody is told: a simulation compares what is told of checks.
    var condition: StoreCondition? {
        isBroken ? StoreCondition(fault: .fault(path: "memory", action: "write", code: 5)) : nil
    }

    /// Everything that is kept of a check up to `end`; nil for one that was never opened.
    func history(_ check: String, until end: Instant) -> History? {
        guard let ring = rings.first(where: { $0.check == check }) else { return nil }
        var stretches: [History.Stretch] = []
        let all = ring.stretches
        for (index, stretch) in all.enumerated() {
            let stretchEnd = index + 1 < all.count ? all[index + 1].era.from : end
            let endSlot = stretch.era.grid.firstSlot(from: stretchEnd)
            guard endSlot > stretch.firstSlot else { continue }
            let slots = stretch.era.regions.indices.map {
                stretch.slots(region: $0, count: Int(endSlot - stretch.firstSlot))
            }
            stretches.append(History.Stretch(era: stretch.era, firstSlot: stretch.firstSlot, slots: slots))
        }
        return History(check: check, birth: ring.birth, stretches: stretches)
    }

    /// Gives a check's memory back.
    func forget(_ check: String) {
        guard let index = rings.firstIndex(where: { $0.check == check }) else { return }
        for past in rings[index].past.indices { rings[index].past[past].forget() }
        rings[index].present.forget()
    }
}

/// The slots of one era.
private struct Stretch {
    let era: Era
    let grid: SlotGrid
    /// Of the first element.
    private(set) var firstSlot: Int64
    private let regionCount: Int
    /// Slot by slot the regions of the era.
    private var slots: [Slot] = []

    init(era: Era, firstSlot: Int64) {
        self.era = era
        grid = era.grid
        self.firstSlot = firstSlot
        regionCount = era.regions.count
    }

    var birth: Instant? {
        slots.firstIndex { $0.verdict.isKnown }.map { grid.start(of: firstSlot + Int64($0 / regionCount)) }
    }
    var newest: Instant? {
        slots.isEmpty ? nil : grid.start(of: firstSlot + Int64(slots.count / regionCount) - 1)
    }

    private func index(of number: Int64, region: Int) -> Int { Int(number - firstSlot) * regionCount + region }

    func slot(_ number: Int64, region: Int) -> Slot {
        let index = index(of: number, region: region)
        return slots.indices.contains(index) ? slots[index] : .unwritten
    }

    /// Slots come nearly in order: the list grows at its end, and at its front after a clock that went back.
    mutating func put(_ slot: Slot, region: Int, at number: Int64) {
        if number < firstSlot {
            let more = slots.isEmpty ? 0 : Int(firstSlot - number) * regionCount
            slots.insert(contentsOf: repeatElement(.unwritten, count: more), at: 0)
            firstSlot = number
        }
        let end = index(of: number + 1, region: 0)
        if slots.count < end { slots.append(contentsOf: repeatElement(.unwritten, count: end - slots.count)) }
        slots[index(of: number, region: region)] = slot
    }

    /// The first `count` slots of a region.
    func slots(region: Int, count: Int) -> [Slot] {
        var own: [Slot] = []
        own.reserveCapacity(count)
        for index in stride(from: region, to: min(slots.count, count * regionCount), by: regionCount) {
            own.append(slots[index])
        }
        own.append(contentsOf: repeatElement(.unwritten, count: count - own.count))
        return own
    }

    mutating func forget() { slots = [] }
}

extension Era {
    fileprivate func isEra(of spec: RingSpec) -> Bool {
        periodNs == spec.periodNs && vote == spec.vote && regions == spec.regions
    }
}
