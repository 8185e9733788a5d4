import Judging
import Storage
import Vocabulary

/// Where each series of the plan is kept: its check's ring, the present era, and its region's place in it.
struct SeriesTable {
    private let plan: Plan
    private let rings: [Int]
    private let eras: [Era]
    private let isFirstEra: [Bool]
    /// By check, then by region of the plan: the region's place among the check's; -1 for none.
    private let places: [[Int]]
    /// By check: how many series come before its own.
    private let firsts: [Int]
    /// More slots than this were never missed at once: no ring is longer.
    let capacityBound = 1 << 20

    struct RingPlace {
        let ring: Int
        let era: Era
        /// Index in the era's regions.
        let region: Int
    }

    /// Opens (or makes) every check's ring; an edited check begins a new era.
    init(plan: Plan, store: any SlotStore, now: Instant) throws(StoreError) {
        self.plan = plan
        var rings: [Int] = []
        for check in plan.checks {
            rings.append(try store.open(RingSpec(check: check, regions: plan.regions), now: now))
        }
        self.rings = rings
        eras = rings.map { store.eras($0).last.unsafelyUnwrapped }
        isFirstEra = rings.map { store.eras($0).count == 1 }
        var before = 0
        firsts = plan.checks.map { check in
            defer { before += check.regions.count }
            return before
        }
        places = plan.checks.map { check in
            plan.regions.map { region in check.regions.firstIndex(of: region.name) ?? -1 }
        }
    }

    /// The series' place among all, check by check.
    func ordinal(of index: SeriesIndex) -> Int { firsts[Int(index.check)] + place(of: index) }

    /// The region's place among its check's regions.
    func place(of index: SeriesIndex) -> Int { places[Int(index.check)][Int(index.region)] }

    /// The series of the region at `place` of the check's list.
    func index(ofCheck check: Int, place: Int) -> SeriesIndex {
        let region = places[check].firstIndex(of: place)
        return SeriesIndex(check: check, region: region.unsafelyUnwrapped)
    }

    /// nil for a slot that began before the present era: it belongs to another grid, and stays unknown.
    func ringPlace(of index: SeriesIndex, slot: Int64) -> RingPlace? {
        guard let check = ringPlace(ofCheck: Int(index.check), slot: slot) else { return nil }
        return RingPlace(ring: check.ring, era: check.era, region: place(of: index))
    }

    func ringPlace(ofCheck check: Int, slot: Int64) -> RingPlace? {
        let era = eras[check]
        guard isFirstEra[check] || slot >= era.firstSlot else { return nil }
        return RingPlace(ring: rings[check], era: era, region: 0)
    }

    /// Nothing is stored yet for the slot that holds `now`.
    func isEmpty(_ index: SeriesIndex, at now: Instant, in store: any SlotStore) -> Bool {
        let number = eras[Int(index.check)].grid.slot(at: now)
        guard let place = ringPlace(of: index, slot: number) else { return false }
        let slot = try? store.slot(place.ring, region: place.region, slot: number, era: place.era)
        // What cannot be read counts as there: a restart on a broken disk must not probe in a hurry.
        return slot.map { !$0.isWritten } ?? false
    }

    /// The newest slot that holds a sample, of all checks; nil when none does.
    func newest(in store: any SlotStore) -> Interval? {
        rings.compactMap { ring -> Interval? in
            guard let start = store.newestSlot(ring) else { return nil }
            let eras = store.eras(ring)
            let era = eras.last { $0.from <= start } ?? eras[0]
            return Interval(start: start, end: start + era.periodNs)
        }.max { $0.start < $1.start }
    }

    /// What a stored slot said when it was taken; nil when nothing is stored.
    func word(ofCheck check: Int, region: Int, slot: Int64, in store: any SlotStore) -> SampleVerdict? {
        guard let place = ringPlace(ofCheck: check, slot: slot) else { return nil }
        // What cannot be read is as if nothing had been stored: the next samples tell.
        guard let stored = try? store.slot(place.ring, region: region, slot: slot, era: place.era), stored.isWritten
        else { return nil }
        return SampleVerdict(stored, slot: slot, grid: place.era.grid)
    }
}
