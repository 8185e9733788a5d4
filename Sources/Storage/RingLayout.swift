import Vocabulary

/// Where everything stands in a ring file. Every ring begins on a page and fills whole pages, so that a file's size is
/// known before the first probe:
///
///     header A | header B | for each region: slots, hours | verdict blocks | outages
struct RingLayout: Hashable, Sendable {
    static let pageBytes: Int64 = 4096
    static let slotBytes: Int64 = 16
    static let blockBytes: Int64 = 64
    static let outageBytes: Int64 = 64
    static let outageCapacity: Int64 = 1024
    /// More than any disk of today: a header that asks for more is damaged.
    static let fileBytesMax: Int64 = 1 << 48

    let regionCount: Int
    /// Slots a region keeps.
    let slotCapacity: Int64
    /// Hours a region keeps.
    let hourCapacity: Int64
    /// 64; 128 for periods under 15 s, whose hours count above 255.
    let hourBytes: Int64
    /// Blocks of `VerdictBlock.slotCount` verdicts that the check keeps.
    let blockCapacity: Int64

    init(regionCount: Int, slotCapacity: Int64, hourCapacity: Int64, hourBytes: Int64, blockCapacity: Int64) {
        self.regionCount = regionCount
        self.slotCapacity = slotCapacity
        self.hourCapacity = hourCapacity
        self.hourBytes = hourBytes
        self.blockCapacity = blockCapacity
    }

    /// The smallest layout that keeps what `retention` says for `regionCount` regions at `periodNs`.
    init(periodNs: Int64, retention: Retention, regionCount: Int) {
        let verdicts = roundUp(retention.hoursNs, to: periodNs) / periodNs
        // One block more: the oldest and the newest are seldom full.
        let blocks = roundUp(verdicts, to: VerdictBlock.slotCount) / VerdictBlock.slotCount + 1
        let hours = roundUp(retention.hoursNs, to: Duration.hourNs) / Duration.hourNs
        let hourBytes: Int64 = periodNs < 15 * Duration.secondNs ? 128 : 64
        self.init(
            regionCount: regionCount,
            slotCapacity: roundUp(
                roundUp(retention.slotsNs, to: periodNs) / periodNs, to: RingLayout.pageBytes / RingLayout.slotBytes),
            hourCapacity: roundUp(hours, to: RingLayout.pageBytes / hourBytes),
            hourBytes: hourBytes,
            blockCapacity: roundUp(blocks, to: RingLayout.pageBytes / RingLayout.blockBytes))
    }

    /// The newest slot lies at most so many sequence numbers beyond the one that the header knows, so that a writer
    /// seldom touches the header; all of them have places of their own. Half of it is the writer's: so the older copy
    /// of the header, too, leads to the newest slot.
    var newestSlack: Int64 { min(2048, slotCapacity - 1) }
    var newestStep: Int64 { newestSlack / 2 }

    var slotsOffset: Int64 { 2 * Int64(RingHeader.copyBytes) }
    var regionBytes: Int64 { slotCapacity * RingLayout.slotBytes + hourCapacity * hourBytes }
    func slotsOffset(region: Int) -> Int64 { slotsOffset + Int64(region) * regionBytes }
    func hoursOffset(region: Int) -> Int64 { slotsOffset(region: region) + slotCapacity * RingLayout.slotBytes }
    var verdictsOffset: Int64 { slotsOffset(region: regionCount) }
    var outagesOffset: Int64 { verdictsOffset + blockCapacity * RingLayout.blockBytes }
    var fileBytes: Int64 { outagesOffset + RingLayout.outageCapacity * RingLayout.outageBytes }

    /// Nothing is negative, off its page, or larger than a disk.
    var isSound: Bool {
        let capacities = [slotCapacity, hourCapacity, blockCapacity]
        guard (1...RingHeader.regionsMax).contains(regionCount), hourBytes == 64 || hourBytes == 128,
            capacities.allSatisfy({ $0 > 0 && $0 <= RingLayout.fileBytesMax >> 6 })
        else { return false }
        let ringBytes = [
            slotCapacity * RingLayout.slotBytes, hourCapacity * hourBytes, blockCapacity * RingLayout.blockBytes,
        ]
        return ringBytes.allSatisfy { $0 % RingLayout.pageBytes == 0 } && fileBytes <= RingLayout.fileBytesMax
    }

    /// True when everything that `other` keeps also fits here.
    func holds(_ other: RingLayout) -> Bool {
        regionCount >= other.regionCount && slotCapacity >= other.slotCapacity && hourCapacity >= other.hourCapacity
            && hourBytes >= other.hourBytes && blockCapacity >= other.blockCapacity
    }
}

func roundUp(_ number: Int64, to step: Int64) -> Int64 { -floorDivide(-number, step) * step }
