import Judging
import Storage
import Vocabulary

/// Where each series of the plan is kept: its check's ring, the present era, and its region's place in it.
struct SeriesTable {
    private let checks: [CheckPlace]
    /// By check and region of the plan: the region's place among the check's; -1 for none.
    private let places: [Int]
    private let regionCount: Int
    /// More slots than this were never missed at once: no ring is longer.
    let capacityBound = 1 << 20

    private struct CheckPlace {
        let ring: Int
        let grid: SlotGrid
        /// Of the present era; the first one reaches back before its start.
        let firstSlot: Int64
        /// How many series come before the check's own.
        let seriesBefore: Int
    }

    /// Opens (or makes) every check's ring; an edited check begins a new era.
    init(plan: Plan, store: any SlotStore, now: Instant) throws(StoreError) {
        var checks: [CheckPlace] = []
        var seriesCount = 0
        for check in plan.checks {
            let ring = try store.open(RingSpec(check: check, regions: plan.regions), now: now)
            let eras = store.eras(ring)
            checks.append(
                CheckPlace(
                    ring: ring, grid: check.grid, firstSlot: eras.count == 1 ? .min : eras[eras.count - 1].firstSlot,
                    seriesBefore: seriesCount))
            seriesCount += check.regions.count
        }
        self.checks = checks
        places = plan.checks.flatMap { check in
            plan.regions.map { region in check.regions.firstIndex(of: region.name) ?? -1 }
        }
        regionCount = plan.regions.count
    }

    func grid(ofCheck check: Int32) -> SlotGrid { checks[Int(check)].grid }

    /// The series' place among all, check by check.
    func ordinal(of index: SeriesIndex) -> Int { checks[Int(index.check)].seriesBefore + place(of: index) }

    /// The region's place among its check's regions.
    func place(of index: SeriesIndex) -> Int { places[Int(index.check) * regionCount + Int(index.region)] }

    /// The series of the region at `place` of the check's list.
    func index(ofCheck check: Int, place: Int) -> SeriesIndex {
        let region = places[check * regionCount..<(check + 1) * regionCount].firstIndex(of: place)
        return SeriesIndex(check: check, region: region.unsafelyUnwrapped - check * regionCount)
    }

    /// nil for a slot that began before the present era: it belongs to another grid, and stays unknown.
    func slotPlace(of index: SeriesIndex, slot: Int64) -> SlotPlace? {
        slotPlace(ofCheck: Int(index.check), region: place(of: index), slot: slot)
    }

    private func slotPlace(ofCheck check: Int, region: Int, slot: Int64) -> SlotPlace? {
        guard slot >= checks[check].firstSlot else { return nil }
        return SlotPlace(ring: checks[check].ring, region: region, slot: slot)
    }

    /// Nothing is stored yet for the slot that holds `now`.
    func isEmpty(_ index: SeriesIndex, at now: Instant, in store: any SlotStore) -> Bool {
        guard let place = slotPlace(of: index, slot: grid(ofCheck: index.check).slot(at: now)) else { return false }
        let slot = try? store.slot(at: place)
        // What cannot be read counts as there: a restart on a broken disk must not probe in a hurry.
        return slot.map { !$0.isWritten } ?? false
    }

    /// The newest slot that holds a sample, of all checks; nil when none does.
    func newest(in store: any SlotStore) -> Interval? {
        checks.compactMap { check -> Interval? in
            guard let start = store.newestSlot(check.ring) else { return nil }
            let eras = store.eras(check.ring)
            let era = eras.last { $0.from <= start } ?? eras[0]
            return Interval(start: start, end: start + era.periodNs)
        }.max { $0.start < $1.start }
    }

    /// What a stored slot said when it was taken; nil when nothing is stored.
    func word(ofCheck check: Int, region: Int, slot: Int64, in store: any SlotStore) -> SampleVerdict? {
        guard let place = slotPlace(ofCheck: check, region: region, slot: slot) else { return nil }
        // What cannot be read is as if nothing had been stored: the next samples tell.
        guard let stored = try? store.slot(at: place), stored.isWritten else { return nil }
        return SampleVerdict(stored, slot: slot, grid: checks[check].grid)
    }
}
