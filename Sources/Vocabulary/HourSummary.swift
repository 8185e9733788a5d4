/// What one region's slots of an hour said, kept for years after the slots are gone.
package struct HourSummary: Hashable, Sendable {
    /// Hours since the epoch.
    package let hour: Int64
    /// Slots with each verdict; `unknown` counts those that were written so.
    package var unknown = 0
    package var up = 0
    package var degraded = 0
    package var down = 0
    /// Of the known ones, those that saw good and bad.
    package var mixed = 0
    /// Of the up and degraded ones, in microseconds. `minUs` is 0 when there is none.
    package var sumUs: Int64 = 0
    package var minUs: UInt32 = 0
    package var maxUs: UInt32 = 0
    /// How many of them lie in each bucket of `ResponseBuckets`.
    package var histogram = [UInt16](repeating: 0, count: ResponseBuckets.count)

    package init(hour: Int64) { self.hour = hour }

    package var start: Instant { Instant(nanoseconds: hour * Duration.hourNs) }
    package var good: Int { up + degraded }
    package var known: Int { good + down }
    package var isEmpty: Bool { known + unknown == 0 }

    package mutating func add(_ slot: Slot) {
        guard slot.isWritten else { return }
        if slot.marks.contains(.mixed), slot.verdict.isKnown { mixed += 1 }
        switch slot.verdict {
        case .unknown: unknown += 1
        case .down: down += 1
        case .up: add(good: slot.totalUs, isDegraded: false)
        case .degraded: add(good: slot.totalUs, isDegraded: true)
        }
    }

    private mutating func add(good us: UInt32, isDegraded: Bool) {
        minUs = good == 0 ? us : min(minUs, us)
        maxUs = max(maxUs, us)
        if isDegraded { degraded += 1 } else { up += 1 }
        sumUs += Int64(us)
        let bucket = ResponseBuckets.bucket(of: us)
        if histogram[bucket] < UInt16.max { histogram[bucket] += 1 }
    }
}

/// The buckets of an hour's histogram: one below 1 ms, 34 in ratio 1.32 from 1 ms to 12.6 s, one above. Whatever lies
/// in one of the 34 is within 15 % of the bucket's middle.
package enum ResponseBuckets {
    package static let count = 36
    package static let ratio = 1.32
    /// The lower bounds of the buckets 1 to 35, in microseconds.
    package static let boundsUs: [UInt32] = {
        var bounds: [UInt32] = []
        var bound = 1_000.0
        for _ in 1..<count {
            bounds.append(UInt32(bound.rounded()))
            bound *= ratio
        }
        return bounds
    }()

    package static func bucket(of us: UInt32) -> Int {
        var low = 0
        var high = boundsUs.count
        while low < high {
            let middle = (low + high) / 2
            if boundsUs[middle] <= us { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// What stands for a bucket's samples: the geometric middle, whose worst error is the least.
    package static func middleUs(_ bucket: Int) -> UInt32 {
        if bucket == 0 { return 500 }
        let lower = Double(boundsUs[bucket - 1])
        return UInt32((lower * ratio.squareRoot()).rounded())
    }
}

/// What the store knows of one region's hours over some interval.
package struct HourHistory: Hashable, Sendable {
    package let region: String
    /// Those that were written, oldest first.
    package let hours: [HourSummary]

    package init(region: String, hours: [HourSummary]) {
        self.region = region
        self.hours = hours
    }
}

/// An outage as it is kept after its slots are gone: raw, no windows applied. Source: docs/uptime.md, rule 6.
package struct OutageRecord: Hashable, Sendable {
    /// Sequence numbers of the first and the last down slot.
    package let firstSequence: Int64
    package let lastSequence: Int64
    /// The four instants, in milliseconds; nil for what is not known.
    package let start: Instant?
    package let startEarliest: Instant?
    package let end: Instant?
    package let endEarliest: Instant?
    package let cause: Cause
    package let regions: [String]
    /// Between the first and the last down slot.
    package let downNs: Int64
    package let unknownNs: Int64
    /// When the incident opened whose evidence the ledger keeps; nil for none.
    package let evidence: Instant?

    package init(
        firstSequence: Int64, lastSequence: Int64, start: Instant?, startEarliest: Instant?, end: Instant?,
        endEarliest: Instant?, cause: Cause, regions: [String], downNs: Int64, unknownNs: Int64,
        evidence: Instant? = nil
    ) {
        self.firstSequence = firstSequence
        self.lastSequence = lastSequence
        self.start = start
        self.startEarliest = startEarliest
        self.end = end
        self.endEarliest = endEarliest
        self.cause = cause
        self.regions = regions
        self.downNs = downNs
        self.unknownNs = unknownNs
        self.evidence = evidence
    }
}
