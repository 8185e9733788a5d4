import Storage
import Vocabulary

/// Where the pipeline keeps what it judged: the disk, or the memory of a simulation. Rings are numbered as they are
/// opened.
protocol SlotStore: AnyObject {
    /// Opening a check again changes it in place and gives the same number. From then on slots are those of its present
    /// era.
    func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> Int
    /// Oldest first.
    func eras(_ ring: Int) -> [Era]
    /// The start of the newest slot that holds a sample; nil when none does.
    func newestSlot(_ ring: Int) -> Instant?
    /// `unwritten` when nothing whole stands there.
    func slot(at place: SlotPlace) throws(StoreError) -> Slot
    func put(_ slot: Slot, at place: SlotPlace) throws(StoreError)
    /// What was put until now is safe from the process' end.
    func commit(at now: Instant)
    /// After the last commit; nil while all is well.
    var condition: StoreCondition? { get }
}

/// How a store is that cannot write, or has samples that wait.
struct StoreCondition {
    /// What keeps it from writing.
    var fault: StoreError?
    /// Tries to write that have failed since all was well.
    var failedTries = 0
    /// Samples that wait to be written, and those that were lost for want of room.
    var waiting = 0
    var lost = 0
}

/// Where a slot is kept.
struct SlotPlace {
    let ring: Int
    /// Place in the list of the ring's present era.
    let region: Int
    /// In that era's grid.
    let slot: Int64
}

/// The store's folder.
final class DiskStore: SlotStore {
    let writer: StoreWriter
    private var rings: [(id: RingID, era: Era)] = []

    init(_ writer: StoreWriter) { self.writer = writer }

    func open(_ spec: RingSpec, now: Instant) throws(StoreError) -> Int {
        let id = try writer.open(spec, now: now)
        let ring = (id: id, era: writer.eras(id).last.unsafelyUnwrapped)
        if let known = rings.firstIndex(where: { $0.id == id }) {
            rings[known] = ring
            return known
        }
        rings.append(ring)
        return rings.count - 1
    }

    func eras(_ ring: Int) -> [Era] { writer.eras(rings[ring].id) }
    func newestSlot(_ ring: Int) -> Instant? { writer.newestSlot(rings[ring].id) }

    func slot(at place: SlotPlace) throws(StoreError) -> Slot {
        let (id, era) = rings[place.ring]
        return try writer.slot(id, region: era.regions[place.region], at: era.grid.start(of: place.slot))
    }

    func put(_ slot: Slot, at place: SlotPlace) throws(StoreError) {
        let (id, era) = rings[place.ring]
        try writer.put(slot, ring: id, region: place.region, slot: place.slot, era: era)
    }

    func commit(at now: Instant) { writer.commit(at: now) }
    var condition: StoreCondition? {
        if writer.fault == nil, writer.waitingCount == 0 { return nil }
        return StoreCondition(
            fault: writer.fault, failedTries: writer.failedTries, waiting: writer.waitingCount, lost: writer.lostCount)
    }
}
