import Storage
import Vocabulary

/// A store in memory for simulations: keeps slots as the disk would, forgets nothing, and fails when it is told to.
final class MemoryStore: SlotStore {
    /// Reading and writing fail, as on a disk with errors.
    var isBroken = false
    private var rings: [Ring] = []

    private struct Ring {
        let check: String
        var stretches: [Stretch]
        var birth: Instant?
        var newest: Instant?
    }

    fileprivate struct Stretch {
        var era: Era
        /// The slot of the first element.
        var firstSlot: Int64
        /// By region of the era.
        var slots: [[Slot]]
    }

    func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> Int {
        guard let known = rings.firstIndex(where: { $0.check == spec.check }) else {
            rings.append(Ring(check: spec.check, stretches: [MemoryStore.stretch(spec, from: now, isFirst: true)]))
            return rings.count - 1
        }
        let last = rings[known].stretches[rings[known].stretches.count - 1].era
        if last.periodNs == spec.periodNs, last.vote == spec.vote, last.regions == spec.regions { return known }
        // After all that is stored, as in a ring file.
        let stored = rings[known].newest.map { last.grid.start(of: last.grid.slot(at: $0) + 1) }
        let next = MemoryStore.stretch(spec, from: max(now, stored ?? now), isFirst: false)
        while rings[known].stretches.count > 1, let latest = rings[known].stretches.last,
            latest.era.from >= next.era.from
        {
            rings[known].stretches.removeLast()
        }
        let kept = rings[known].stretches[rings[known].stretches.count - 1].era
        if kept.periodNs == spec.periodNs, kept.vote == spec.vote, kept.regions == spec.regions { return known }
        rings[known].stretches.append(next)
        return known
    }

    private static func stretch(_ spec: RingSpec, from now: Instant, isFirst: Bool) -> Stretch {
        let grid = SlotGrid(periodNs: spec.periodNs)
        let slot = isFirst ? grid.slot(at: now) : grid.firstSlot(from: now)
        let era = Era(
            from: grid.start(of: slot), periodNs: spec.periodNs, vote: spec.vote, regions: spec.regions,
            firstSequence: 0)
        return Stretch(era: era, firstSlot: slot, slots: Array(repeating: [], count: spec.regions.count))
    }

    func eras(_ ring: Int) -> [Era] { rings[ring].stretches.map(\.era) }
    func eras(ofCheck check: String) -> [Era] { rings.first { $0.check == check }?.stretches.map(\.era) ?? [] }
    func newestSlot(_ ring: Int) -> Instant? { rings[ring].newest }

    func slot(_ ring: Int, region: Int, slot: Int64, era: Era) throws(StoreError) -> Slot {
        if isBroken { throw .fault(path: "memory", action: "read", code: 5) }
        guard let stretch = index(ring, era) else { return .unwritten }
        let place = Int(slot - rings[ring].stretches[stretch].firstSlot)
        let list = rings[ring].stretches[stretch].slots[region]
        return list.indices.contains(place) ? list[place] : .unwritten
    }

    func put(_ slot: Slot, ring: Int, region: Int, slot number: Int64, era: Era) throws(StoreError) {
        if isBroken { throw .fault(path: "memory", action: "write", code: 5) }
        guard let index = index(ring, era) else { return }
        let start = era.grid.start(of: number)
        if slot.verdict.isKnown { rings[ring].birth = min(rings[ring].birth ?? start, start) }
        rings[ring].newest = max(rings[ring].newest ?? start, start)
        rings[ring].stretches[index].put(slot, region: region, at: number)
    }

    func commit(at now: Instant) {}
    var fault: StoreError? { isBroken ? .fault(path: "memory", action: "write", code: 5) : nil }
    /// Nothing is tried again, and so nobody is told: a simulation compares what is told of checks.
    var failedTries: Int { 0 }
    var waitingCount: Int { 0 }
    var lostCount: Int { 0 }

    private func index(_ ring: Int, _ era: Era) -> Int? {
        let stretches = rings[ring].stretches
        var index = stretches.count - 1
        while index >= 0, stretches[index].era.from != era.from { index -= 1 }
        return index < 0 ? nil : index
    }

    /// Everything that is kept of a check up to `end`; nil for one that was never opened.
    func history(_ check: String, until end: Instant) -> History? {
        guard let ring = rings.first(where: { $0.check == check }) else { return nil }
        var stretches: [History.Stretch] = []
        for (index, stretch) in ring.stretches.enumerated() {
            let stretchEnd = index + 1 < ring.stretches.count ? ring.stretches[index + 1].era.from : end
            let endSlot = stretch.era.grid.firstSlot(from: stretchEnd)
            guard endSlot > stretch.firstSlot else { continue }
            stretches.append(
                History.Stretch(
                    era: stretch.era, firstSlot: stretch.firstSlot,
                    slots: stretch.slots.map { MemoryStore.sized($0, Int(endSlot - stretch.firstSlot)) }))
        }
        return History(check: check, birth: ring.birth, stretches: stretches)
    }

    private static func sized(_ slots: [Slot], _ count: Int) -> [Slot] {
        slots.count >= count
            ? Array(slots.prefix(count)) : slots + Array(repeating: .unwritten, count: count - slots.count)
    }

    /// Gives a check's memory back.
    func forget(_ check: String) {
        guard let index = rings.firstIndex(where: { $0.check == check }) else { return }
        rings[index].stretches = rings[index].stretches.map {
            Stretch(era: $0.era, firstSlot: $0.firstSlot, slots: $0.slots.map { _ in [] })
        }
    }
}

extension MemoryStore.Stretch {
    /// Slots come nearly in order: the list grows at its end, and at its front after a clock that went back.
    fileprivate mutating func put(_ slot: Slot, region: Int, at number: Int64) {
        if number < firstSlot {
            let more = Int(firstSlot - number)
            for index in slots.indices where !slots[index].isEmpty {
                slots[index].insert(contentsOf: repeatElement(.unwritten, count: more), at: 0)
            }
            firstSlot = number
        }
        let place = Int(number - firstSlot)
        while slots[region].count < place { slots[region].append(.unwritten) }
        if place == slots[region].count { slots[region].append(slot) } else { slots[region][place] = slot }
    }
}
