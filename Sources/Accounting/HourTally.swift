import Vocabulary

/// What the whole hours of one region add up to where its slots are gone; of an hour that an edge or an exclusion cuts
/// the part that is counted, in proportion. Source: docs/uptime.md, rules 9 and 13.
struct HourTally {
    /// Good samples by `ResponseBuckets`.
    private var histogram = [Int](repeating: 0, count: ResponseBuckets.count)
    private var leastUs = UInt32.max
    private var mostUs: UInt32 = 0
    /// Of all good samples.
    private(set) var sumUs: Int64 = 0

    /// The slots that are counted: those of a part of a piece that nothing excludes.
    struct Share {
        let piece: Piece
        let part: Range<Int>
        let states: [BarState]
        let birth: Instant
    }

    struct Added {
        var sums = Sums()
        var good: Int64 = 0
        var sumUs: Int64 = 0
    }

    /// `hours`: of the region, oldest first.
    mutating func add(_ hours: [HourSummary], _ share: Share) -> Added {
        let piece = share.piece
        let periodNs = piece.era.periodNs
        var added = Added()
        let excluded = HourTally.excludedCount(in: share.part, share.states)
        added.sums.excluded = Int64(excluded) * periodNs
        let counted = Int64(share.part.count - excluded)
        guard let last = share.part.last else { return added }
        let reach = Interval(start: piece.start(of: share.part.lowerBound).hourStart, end: piece.end(of: last))
        var index = hours.partitioned { $0.start < reach.start }
        while index < hours.count, hours[index].start < reach.end {
            add(hours[index], share, &added)
            index += 1
        }
        // What the region did not say in its slots.
        added.sums.unknown = counted * periodNs - added.sums.up - added.sums.down
        return added
    }

    /// Adds what was added up of other hours.
    mutating func add(_ other: HourTally) {
        histogram.add(other.histogram)
        leastUs = min(leastUs, other.leastUs)
        mostUs = max(mostUs, other.mostUs)
        sumUs += other.sumUs
    }

    private mutating func add(_ hour: HourSummary, _ share: Share, _ added: inout Added) {
        let periodNs = share.piece.era.periodNs
        let whole = Interval(start: max(hour.start, share.birth), end: hour.start + Duration.hourNs)
        let places = share.piece.places(startingIn: whole).clamped(to: share.part)
        let counted = Int64(places.count - HourTally.excludedCount(in: places, share.states))
        let own = whole.durationNs / periodNs
        guard counted > 0, own > 0 else { return }
        /// The counted part of a number of slots, rounded down; all of it when all is counted.
        func part(_ count: Int) -> Int64 { Int64(count) * min(counted, own) / own }
        let good = part(hour.good)
        added.sums.up += good * periodNs
        added.sums.degraded += part(hour.degraded) * periodNs
        added.sums.down += part(hour.down) * periodNs
        added.good += good
        guard good > 0 else { return }
        // Of a part the least and the most are those of the whole: nobody knows on which side they lay.
        leastUs = min(leastUs, hour.minUs)
        mostUs = max(mostUs, hour.maxUs)
        let ownSumUs = hour.good == Int(good) ? hour.sumUs : hour.sumUs * good / Int64(hour.good)
        added.sumUs += ownSumUs
        sumUs += ownSumUs
        var before = 0
        for (bucket, count) in hour.histogram.enumerated() where count > 0 {
            histogram[bucket] += Int(part(before + Int(count)) - part(before))
            before += Int(count)
        }
    }

    private static func excludedCount(in places: Range<Int>, _ states: [BarState]) -> Int {
        let (spans, bytes) = (states.span, states.span.bytes)
        var count = 0
        var start = places.lowerBound
        while start < places.upperBound {
            let end = ByteRuns.end(of: start, in: bytes, until: places.upperBound)
            if spans[start] == .excluded { count += end - start }
            start = end
        }
        return count
    }

    /// What stands for the samples: the middle of its bucket for each, and for one of them the most there was.
    var times: [(us: UInt32, count: Int)] {
        var times: [(us: UInt32, count: Int)] = []
        for (bucket, count) in histogram.enumerated() where count > 0 {
            times.append((min(max(ResponseBuckets.middleUs(bucket), leastUs), mostUs), count))
        }
        guard let last = times.indices.last else { return times }
        times[last].count -= 1
        times.append((mostUs, 1))
        return times.filter { $0.count > 0 }
    }
}

extension [HourSummary] {
    /// The index of the first that `isBefore` does not take; those it takes come first.
    fileprivate func partitioned(_ isBefore: (HourSummary) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
