import Judging
import Scheduling
import Storage
import Vocabulary

/// The core loop's one turn, and the way of every sample:
///
///     Scheduling ─ Due ─► (reactors) ─ Sample ─► Judging ─ SampleVerdict ─► Storage
///                                                      └─ incident ─► Teller
///
/// Stages do not call each other; this alone carries what one gives to the next. It takes `now` and finished samples
/// and gives back what to probe, so that a year of it runs in a test in seconds.
final class Pipeline {
    private let plan: Plan
    private let store: StoreWriter
    private let teller: any IncidentTeller
    private var scheduler: Scheduler
    private var settling: Settling
    private let series: SeriesTable
    private var judges: [LiveJudge]
    /// Faults of the store since the last `takeFaults`, one sentence each.
    private var faults: [String] = []

    init(
        plan: Plan, store: StoreWriter, teller: any IncidentTeller, openIncidents: [Incident], now: Instant
    ) throws(StoreError) {
        self.plan = plan
        self.store = store
        self.teller = teller
        let series = try SeriesTable(plan: plan, store: store, now: now)
        self.series = series
        settling = Settling(checks: plan.checks, now: now)
        judges = plan.checks.map { check in
            LiveJudge(check: check, incident: openIncidents.first { $0.check == check.name })
        }
        scheduler = Scheduler(plan: plan, now: now) { series.isEmpty($0, at: now, in: store) }
        remember(at: now)
    }

    /// When the next turn has something to do although no sample came.
    var next: Instant? { [scheduler.next, settling.next].compactMap { $0 }.min() }

    /// One turn: judges and stores what came back, counts what was missed, settles, and says what is to be probed.
    func turn(at now: Instant, finished: [Sample]) -> [Due] {
        for sample in finished { take(sample) }
        let agenda = scheduler.advance(to: now)
        for missed in agenda.missed { mark(missed) }
        for settled in settling.advance(to: now) { settle(settled) }
        teller.turn(at: now)
        return agenda.due
    }

    func takeFaults() -> [String] {
        defer { faults.removeAll() }
        return faults
    }

    private func take(_ sample: Sample) {
        let index = sample.due.series
        let check = plan.checks[Int(index.check)]
        let word = SampleVerdict(sample, grid: check.grid)
        put(word.slot(sample, grid: check.grid), slot: sample.due.slot, series: index)
        switch judges[Int(index.check)].take(region: series.place(of: index), slot: sample.due.slot, word) {
        case .opened(let incident): teller.tell(.opened, of: incident, at: word.start)
        case .closed(let incident): teller.tell(.closed, of: incident, at: word.start)
        case nil: break
        }
    }

    /// A slot nobody asked for in time is unknown, and says why.
    private func mark(_ missed: Scheduler.Missed) {
        let grid = plan.checks[Int(missed.series.check)].grid
        for slot in missed.slots.suffix(series.capacityBound) {
            put(
                SampleVerdict.missed(phaseNs: missed.phaseNs, slot: slot, grid: grid), slot: slot, series: missed.series
            )
        }
    }

    private func put(_ new: Slot, slot: Int64, series index: SeriesIndex) {
        guard let place = series.ringPlace(of: index, slot: slot) else { return }
        attempt { () throws(StoreError) in
            let start = place.era.grid.start(of: slot)
            let held = try store.slot(place.ring, region: place.era.regions[place.region], at: start)
            guard let merged = SlotMerge.merge(held: held, new: new, .live) else { return }
            try store.put(merged, ring: place.ring, region: place.region, slot: slot, era: place.era)
        }
    }

    /// The vote of a slot that can no longer change goes to the verdict ring.
    private func settle(_ settled: Settling.Settled) {
        guard let place = series.ringPlace(ofCheck: settled.check, slot: settled.slot) else { return }
        attempt { () throws(StoreError) in
            try store.settle(place.ring, slot: settled.slot, era: place.era)
        }
    }

    /// Judges the last stored slots again, so that a restart forgets neither a run of down slots nor the live verdict.
    private func remember(at now: Instant) {
        for (number, check) in plan.checks.enumerated() where !check.isPaused {
            let slots = Int64(max(check.confirm, check.recover) + 2)
            let present = check.grid.slot(at: now)
            for slot in (present - slots)...present {
                for region in check.regions.indices {
                    guard let word = series.word(ofCheck: number, region: region, slot: slot, in: store) else {
                        continue
                    }
                    _ = judges[number].take(region: region, slot: slot, word)
                }
            }
        }
    }

    private func attempt(_ write: () throws(StoreError) -> Void) {
        do { try write() } catch {
            // Probing and alerting go on; the loop says it aloud.
            if faults.count < 10 { faults.append("\(error)") }
        }
    }
}

/// Who is told of incidents.
protocol IncidentTeller: AnyObject {
    func tell(_ change: Notification.Change, of incident: Incident, at now: Instant)
    /// Called every turn: sends what is due.
    func turn(at now: Instant)
}
