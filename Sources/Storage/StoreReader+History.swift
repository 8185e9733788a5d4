import Vocabulary

/// What a reader of a history has to know of its slots.
package enum HistoryDetail: Hashable, Sendable {
    /// Every sample that still stands.
    case samples
    /// The votes wherever they have been made of the samples, a hundredth of the bytes; samples of the last days only.
    case verdicts

    /// Of these the live verdict and the newest outage are told by their samples.
    static let samplesNs = 2 * Duration.dayNs
    /// Of these only, where nothing but `up` was voted in the rest of them.
    static let quietSamplesNs = 3 * Duration.hourNs
}

extension StoreReader {
    /// The slots that start in `interval`, from the birth or the oldest kept on, whichever is older; at most one ring's
    /// length beyond the newest, so the caller ends the interval at its own now. Where the samples are gone, or not
    /// asked for, the verdicts of the slots stand for them. nil when the check has no ring file.
    package func history(
        _ check: String, in interval: Interval, _ detail: HistoryDetail = .samples
    ) throws(StoreError) -> Reading<History>? {
        guard let view = try view(of: check) else { return nil }
        let read: RingHistory
        switch detail {
        case .samples: read = try view.history(in: interval, from: view.slotsFrom, withHours: true)
        case .verdicts: read = try view.history(in: interval, from: try view.verdictsUntil(), withHours: false)
        }
        return Reading(
            content: read.history, damagedCount: read.damaged + view.damagedCount, notes: try notes(of: view.ring))
    }

    /// The voted verdicts of the slots that start in `interval`, within the same bounds; kept longer than slots are.
    /// They are made of the slots once a day: up to `rolledUntil`.
    package func verdicts(_ check: String, in interval: Interval) throws(StoreError) -> Reading<History>? {
        guard let view = try view(of: check) else { return nil }
        let read = try view.ring.verdictHistory(in: interval, newest: view.newest, birth: view.birth)
        return Reading(content: read.history, damagedCount: read.damaged, notes: try notes(of: view.ring))
    }
}

extension StoreReader.View {
    /// From where on every slot stands: the ring's length before the newest. What has not been made into verdicts yet
    /// is told by the slots that may still stand.
    fileprivate var slotsFrom: Instant {
        guard let rolled = ring.header.rolledUntil, let newest else { return Instant(nanoseconds: .min) }
        let oldest = max(newest - ring.layout.slotCapacity + 1, ring.header.oldestSequence)
        return ring.header.isReckonable(oldest) ? min(ring.header.start(sequence: oldest), rolled) : rolled
    }

    /// Up to where the verdict ring says what the samples say: they are made into it, and none came later.
    fileprivate func verdictsUntil() throws(StoreError) -> Instant {
        guard let rolled = ring.header.rolledUntil, let newest, ring.header.isReckonable(newest) else {
            return Instant(nanoseconds: .min)
        }
        let waiting = tail.compactMap { $0.entries.first.map { ring.header.start(sequence: $0.sequence).hourStart } }
        let said = waiting.reduce(rolled, min)
        let end = ring.header.start(sequence: newest)
        let recent = min(said, (end - HistoryDetail.samplesNs).hourStart)
        let quiet = min(said, (end - HistoryDetail.quietSamplesNs).hourStart)
        return try isQuiet(Interval(start: recent, end: quiet)) ? quiet : recent
    }

    /// Every slot that starts in `interval` was voted up by regions that were of one mind.
    private func isQuiet(_ interval: Interval) throws(StoreError) -> Bool {
        let verdicts = try ring.verdictHistory(in: interval, newest: newest, birth: birth)
        guard let only = verdicts.history.stretches.first, verdicts.history.stretches.count == 1 else { return false }
        let (isWhole, up) = (only.count == only.era.grid.slots(in: interval).count, VerdictCell(verdict: .up))
        return isWhole && only.verdicts?.allSatisfy { $0 == up } ?? false
    }

    /// The samples from `edge` on, and before it the verdicts.
    fileprivate func history(
        in interval: Interval, from edge: Instant, withHours: Bool
    ) throws(StoreError) -> RingHistory {
        let later = Interval(start: min(max(interval.start, edge), interval.end), end: interval.end)
        let samples = try ring.history(in: later, newest: newest, birth: birth, tail: tail)
        // Nothing was kept of the time before the birth.
        guard let birth else { return samples }
        let older = Interval(start: max(interval.start, birth), end: min(edge, interval.end))
        guard older.start < older.end else { return samples }
        let verdicts = try ring.verdictHistory(in: older, newest: newest, birth: birth)
        guard !verdicts.history.stretches.isEmpty else { return samples }
        var damaged = samples.damaged + verdicts.damaged
        var hours: [HourHistory] = []
        if withHours {
            let whole = Interval(start: older.start.hourStart, end: older.end)
            for (index, region) in ring.header.regions.enumerated() {
                let reading = try ring.hours(ring: index, in: whole)
                damaged += reading.damaged
                hours.append(HourHistory(region: region, hours: reading.records))
            }
        }
        var outages: [OutageRecord] = []
        let hasOutages = verdicts.history.stretches.contains { stretch in
            stretch.verdicts?.hasDown ?? false
        }
        if hasOutages {
            let reading = try ring.allOutages()
            damaged += reading.damaged
            outages = reading.records.map(\.record)
        }
        return RingHistory(
            history: History(
                check: samples.history.check, birth: birth,
                stretches: verdicts.history.stretches + samples.history.stretches, hours: hours, outages: outages),
            damaged: damaged)
    }
}
