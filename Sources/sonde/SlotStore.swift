import Storage
import Vocabulary

/// Where the pipeline keeps what it judged: the disk, or the memory of a simulation. Rings are numbered as they are
/// opened.
protocol SlotStore: AnyObject {
    /// Opening a check again changes it in place and gives the same number.
    func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> Int
    /// Oldest first.
    func eras(_ ring: Int) -> [Era]
    /// The start of the newest slot that holds a sample; nil when none does.
    func newestSlot(_ ring: Int) -> Instant?
    /// `region`: place in the era's list. `unwritten` when nothing whole stands there.
    func slot(_ ring: Int, region: Int, slot: Int64, era: Era) throws(StoreError) -> Slot
    func put(_ slot: Slot, ring: Int, region: Int, slot number: Int64, era: Era) throws(StoreError)
    /// What was put until now is safe from the process' end.
    func commit(at now: Instant)
    /// What keeps it from writing; nil while all is well.
    var fault: StoreError? { get }
    /// Tries to write that have failed since all was well.
    var failedTries: Int { get }
    /// Samples that wait to be written, and those that were lost for want of room.
    var waitingCount: Int { get }
    var lostCount: Int { get }
}

/// The store's folder.
final class DiskStore: SlotStore {
    let writer: StoreWriter
    private var rings: [RingID] = []

    init(_ writer: StoreWriter) { self.writer = writer }

    func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> Int {
        let id = try writer.open(spec, now: now)
        if let known = rings.firstIndex(of: id) { return known }
        rings.append(id)
        return rings.count - 1
    }

    func eras(_ ring: Int) -> [Era] { writer.eras(rings[ring]) }
    func newestSlot(_ ring: Int) -> Instant? { writer.newestSlot(rings[ring]) }

    func slot(_ ring: Int, region: Int, slot: Int64, era: Era) throws(StoreError) -> Slot {
        try writer.slot(rings[ring], region: era.regions[region], at: era.grid.start(of: slot))
    }

    func put(_ slot: Slot, ring: Int, region: Int, slot number: Int64, era: Era) throws(StoreError) {
        try writer.put(slot, ring: rings[ring], region: region, slot: number, era: era)
    }

    func commit(at now: Instant) { writer.commit(at: now) }
    var fault: StoreError? { writer.fault }
    var failedTries: Int { writer.failedTries }
    var waitingCount: Int { writer.waitingCount }
    var lostCount: Int { writer.lostCount }
}
