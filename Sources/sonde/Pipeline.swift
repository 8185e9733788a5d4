import Judging
import Reporting
import Scheduling
import Storage
import Vocabulary

/// The core loop's one turn, and the way of every sample:
///
///     Scheduling ─ Due ─► (reactors) ─ Sample ─► Judging ─ SampleVerdict ─► Storage
///         ▲                   ▲                     ├─ incident ─► Teller
///         └───── re-probe ────┴────── sentinel ─────┘                  └─ fault ─► Teller
///
/// Stages do not call each other; this alone carries what one gives to the next. It takes `now` and finished samples
/// and gives back what to probe, so that a year of it runs in a test in seconds.
struct Pipeline: ~Copyable {
    private let plan: Plan
    private let store: any SlotStore
    private let teller: any IncidentTeller
    private var scheduler: Scheduler
    private let series: SeriesTable
    private var suspicion: Suspicion
    private var judge: Judge
    /// Sentinels to be asked with the next probes.
    private var asking: [Due] = []
    private var failures = FirstFailures()
    private var news: [News] = []
    /// By check: when it is not to be probed; a slot is left out when its start lies in one.
    private var pauses: [[Interval]]
    private var hasPauses = false
    private var clock: ClockWatch
    /// The clock was set back: until it has passed this instant, slots that hold a sample keep it.
    private var keepsUntil: Instant?
    /// When the next turn has something to do although no sample came.
    private(set) var next: Instant?
    /// What happened since the start, and what was last.
    private(set) var facts = LiveFacts()
    /// When the fault that the store has was said last.
    private var faultSaidAt: Instant?
    private var storeAlert: StoreAlert

    /// Something that was decided or went wrong, for the log.
    enum News: Hashable, Sendable {
        /// Samples wait in memory, and some may be lost.
        case storeFault(String, waiting: Int, lost: Int)
        case storeWhole
        case clockStepped(byNs: Int64)
        case clockTurned(isPlausible: Bool, at: Instant)
        case roundDropped(check: String, reprobes: Int)
        /// `bad`: checks that turned bad; 0 where a region in doubt looks again.
        case sentinelsAsked(region: String, bad: Int)
        case noSentinels(region: String, bad: Int)
        case sentinelsDecided(region: String, Suspicion.Decision, samples: Int)
    }

    /// `newest`: for each check that had one, and for the store, its last incident of an earlier run of the program.
    init(
        plan: Plan, store: any SlotStore, teller: any IncidentTeller, newest: [Incident], now: Instant,
        isClockTrusted: Bool = false
    ) throws(StoreError) {
        self.plan = plan
        self.store = store
        self.teller = teller
        let series = try SeriesTable(plan: plan, store: store, now: now)
        self.series = series
        pauses = Array(repeating: [], count: plan.checks.count)
        facts.series = plan.checks.flatMap { check in
            check.regions.map { LiveFacts.SeriesFacts(check: check.name, region: $0) }
        }
        facts.regions = plan.regions.map { LiveFacts.RegionFacts(region: $0.name) }
        suspicion = Suspicion(plan: plan)
        judge = Judge(plan: plan, newest: newest, now: now)
        storeAlert = StoreAlert(newest: newest)
        let newestSlot = series.newest(in: store)
        clock = ClockWatch(newestStored: newestSlot?.start, isTrusted: isClockTrusted)
        keepsUntil = newestSlot.flatMap { $0.start > now ? $0.end : nil }
        scheduler = Scheduler(plan: plan, now: now) { series.isEmpty($0, at: now, in: store) }
        remember(at: now)
        lookAhead()
    }

    /// One turn: judges and stores what came back, counts what was missed, stores, and says what is to be probed.
    /// `now`: by the wall clock; `monotonicNs`: by one that never steps.
    mutating func turn(at now: Instant, monotonicNs: Int64, finished: [Sample]) -> [Due] {
        look(at: now, monotonicNs)
        let samples = finished.span
        for place in samples.indices { receive(samples[place], at: now) }
        if suspicion.next != nil { carry(suspicion.advance(to: now), at: now) }
        if judge.next != nil { carry(judge.advance(to: now)) }
        scheduler.advance(to: now)
        if !scheduler.agenda.missed.isEmpty { for missed in scheduler.agenda.missed { mark(missed) } }
        if hasPauses { leaveOutPaused(at: now) }
        if !scheduler.agenda.lapsed.isEmpty { for due in scheduler.agenda.lapsed { lapse(due, at: now) } }
        let condition = commit(at: now)
        if condition != nil || storeAlert.isOpen { alert(condition, at: now, monotonicNs: monotonicNs) }
        teller.turn(at: now)
        lookAhead()
        // Half of the turns have nothing to ask: what is empty is not shared.
        if asking.isEmpty { return scheduler.agenda.due.isEmpty ? [] : scheduler.agenda.due }
        defer { asking.removeAll() }
        return asking + scheduler.agenda.due
    }

    private mutating func lookAhead() {
        next = scheduler.next
        if let other = judge.next { next = min(next ?? other, other) }
        if let other = suspicion.next { next = min(next ?? other, other) }
    }

    /// The last turn: what came back and what waits is judged as it stands.
    mutating func stop(at now: Instant, finished: [Sample]) {
        for sample in finished { receive(sample, at: now) }
        carry(suspicion.stop(at: now), at: now)
        _ = commit(at: now)
    }

    mutating func takeNews() -> [News] {
        if news.isEmpty { return [] }
        defer { news.removeAll() }
        return news
    }

    private mutating func look(at now: Instant, _ monotonicNs: Int64) {
        let look = clock.look(wall: now, monotonicNs: monotonicNs)
        if look.stepNs != 0 { tell(.clockStepped(byNs: look.stepNs)) }
        if look.hasTurned { tell(.clockTurned(isPlausible: clock.isPlausible, at: now)) }
        if look.stepNs < 0 {
            judge.stepped(byNs: look.stepNs)
            keepsUntil = series.newest(in: store)?.end
        }
        if let end = keepsUntil, now > end { keepsUntil = nil }
    }

    /// Which checks people paused, and when; until it is called again.
    mutating func pause(_ paused: [Pause]) {
        for (check, planned) in plan.checks.enumerated() {
            pauses[check] = paused.filter { $0.check == planned.name }.map(\.interval)
        }
        hasPauses = !paused.isEmpty
    }

    private mutating func leaveOutPaused(at now: Instant) {
        let paused = scheduler.agenda.due.filter { isPaused(check: Int($0.series.check), slot: $0.slot) }
        scheduler.leaveOut(paused)
        for due in paused where due.isReprobe { lapse(due, at: now) }
    }

    private func isPaused(check: Int, slot: Int64) -> Bool {
        guard !pauses[check].isEmpty else { return false }
        let start = series.grid(ofCheck: Int32(check)).start(of: slot)
        return pauses[check].contains { $0.contains(start) }
    }

    private mutating func receive(_ sample: borrowing Sample, at now: Instant) {
        let index = sample.due.series
        guard Int(index.check) < plan.checks.count else {
            return carry(suspicion.answered(sample, at: now), at: now)
        }
        let said = SampleVerdict(sample, grid: series.grid(ofCheck: index.check))
        facts.startLateness.add(sample.latenessNs)
        guard let actions = suspicion.take(sample, said.verdict, at: now) else { return take(sample, said, at: now) }
        facts.samplesHeld += 1
        facts.samplesWaiting = suspicion.heldCount
        carry(actions, at: now)
    }

    private mutating func take(_ sample: borrowing Sample, _ said: SampleVerdict, at now: Instant) {
        let index = sample.due.series
        let grid = series.grid(ofCheck: index.check)
        put(said.slot(sample, grid: grid), slot: sample.due.slot, series: index)
        if let end = keepsUntil, sample.start >= end {
            // It was under way when the clock was set back.
            keepsUntil = grid.start(of: sample.due.slot + 1)
        }
        note(sample, said)
        let word = LiveJudge.Word(region: series.place(of: index), slot: sample.due.slot, said: said)
        carry(judge.take(check: Int(index.check), word, at: now))
    }

    private mutating func note(_ sample: borrowing Sample, _ said: SampleVerdict) {
        let place = series.ordinal(of: sample.due.series)
        // Of a run of good samples there is no failure to forget.
        let last = facts.series[place].replaceLast(
            with: LiveFacts.Last(verdict: said.verdict, legs: sample.legs, notAfter: sample.notAfter))
        if last?.verdict.isGood != true || !said.verdict.isGood { failures.take(sample, said.verdict) }
        if !said.verdict.isGood {
            facts.failures[LiveFacts.Failure(series: place, cause: said.cause), default: 0] += 1
        }
    }

    private mutating func carry(_ actions: [Suspicion.RegionAction], at now: Instant) {
        if actions.isEmpty { return }
        for (region, action) in actions {
            let name = plan.regions[region].name
            var released: [Sample] = []
            switch action {
            case .ask(let sentinels, let bad):
                asking += sentinels
                facts.regions[region].sentinelsAsked += 1
                tell(.sentinelsAsked(region: name, bad: bad))
            case .unasked(let bad, let sample):
                tell(.noSentinels(region: name, bad: bad))
                released = [sample]
            case .decided(let decision, let samples):
                if decision == .failed { facts.regions[region].sentinelsFailed += 1 }
                facts.regions[region].isInDoubt = suspicion.isInDoubt(region)
                facts.samplesWaiting = suspicion.heldCount
                tell(.sentinelsDecided(region: name, decision, samples: samples.count))
                released = samples
            }
            for sample in released {
                take(sample, SampleVerdict(sample, grid: series.grid(ofCheck: sample.due.series.check)), at: now)
            }
        }
    }

    /// A re-probe whose slot is over is not sent; its round goes on without it.
    private mutating func lapse(_ due: Due, at now: Instant) {
        facts.reprobesLapsed += 1
        carry(
            judge.lapsed(
                check: Int(due.series.check), region: series.place(of: due.series), slot: due.slot, at: now))
    }

    private mutating func carry(_ actions: [Judge.Action]) {
        if actions.isEmpty { return }
        for (check, action) in actions {
            switch action {
            case .opened(let incident, let at):
                teller.tell(.opened, of: incident, at: at)
                teller.keep(evidence: evidence(ofCheck: check, at: at), of: incident, at: at)
            case .closed(let incident, let at): teller.tell(.closed, of: incident, at: at)
            case .round(let members, let slot):
                facts.roundsStarted += 1
                for member in members {
                    let series = series.index(ofCheck: check, place: member.region)
                    scheduler.reprobe(Due(series: series, slot: slot, at: member.at, isReprobe: true))
                }
            case .dropped(let reprobes):
                facts.roundsDropped += 1
                tell(.roundDropped(check: plan.checks[check].name, reprobes: reprobes))
            }
        }
    }

    /// What the check's regions saw, when it has come to an incident.
    private func evidence(ofCheck number: Int, at now: Instant) -> String {
        let check = plan.checks[number]
        let slot = check.grid.slot(at: now)
        let words = check.regions.enumerated().map { place, name -> FirstFailures.Word? in
            let said =
                series.word(ofCheck: number, region: place, slot: slot, in: store)
                ?? series.word(ofCheck: number, region: place, slot: slot - 1, in: store)
            return said.map {
                FirstFailures.Word(region: name, verdict: $0.verdict, cause: $0.cause, at: $0.start)
            }
        }
        let indices = check.regions.indices.map { series.index(ofCheck: number, place: $0) }
        return failures.evidence(check, series: indices, words: words)
    }

    /// News beyond the bound are counted only.
    private mutating func tell(_ item: News) {
        if news.count < Pipeline.newsMax { news.append(item) }
    }
    private static let newsMax = 100

    /// A slot nobody asked for in time is unknown, and says why.
    private mutating func mark(_ missed: Scheduler.Missed) {
        let grid = series.grid(ofCheck: missed.series.check)
        for slot in missed.slots.suffix(series.capacityBound)
        where !isPaused(check: Int(missed.series.check), slot: slot) {
            put(
                SampleVerdict.missed(phaseNs: missed.phaseNs, slot: slot, grid: grid), slot: slot,
                series: missed.series)
        }
    }

    private mutating func put(_ new: Slot, slot: Int64, series index: SeriesIndex) {
        guard clock.isPlausible, let place = series.slotPlace(of: index, slot: slot) else { return }
        do throws(StoreError) {
            let held = try store.slot(at: place)
            guard keepsUntil == nil || !held.verdict.isKnown, let merged = SlotMerge.merge(held: held, new: new, .live)
            else { return }
            try store.put(merged, at: place)
        } catch {
            // Probing and alerting go on; the loop says it aloud.
            facts.storeFaults += 1
            tell(.storeFault("\(error)", waiting: store.condition?.waiting ?? 0, lost: store.condition?.lost ?? 0))
        }
    }

    /// What this turn put outlives the process now; where it does not, probing and alerting go on, and it is said.
    private mutating func commit(at now: Instant) -> StoreCondition? {
        // A clock that cannot be right must not move hours and days into the rings.
        if clock.isPlausible { store.commit(at: now) }
        let condition = store.condition
        // Mostly all is well, and was.
        if condition != nil || !facts.store.isWell { note(condition, at: now) }
        return condition
    }

    private mutating func note(_ condition: StoreCondition?, at now: Instant) {
        let (fault, waiting, lost) = (
            condition?.fault.map { "\($0)" }, condition?.waiting ?? 0, condition?.lost ?? facts.store.lost
        )
        if fault != nil, fault != facts.store.fault {
            facts.storeFaults += 1
            faultSaidAt = nil
        }
        (facts.store.fault, facts.store.waiting, facts.store.lost) = (fault, waiting, lost)
        if let fault {
            if let said = faultSaidAt, abs(now - said) < Pipeline.faultSaidNs { return }
            faultSaidAt = now
            tell(.storeFault(fault, waiting: waiting, lost: lost))
        } else if faultSaidAt != nil {
            faultSaidAt = nil
            tell(.storeWhole)
        }
    }
    private static let faultSaidNs = Duration.minuteNs

    private mutating func alert(_ condition: StoreCondition?, at now: Instant, monotonicNs: Int64) {
        let change = storeAlert.look(
            fault: condition?.fault.map { "\($0)" }, failedTries: condition?.failedTries ?? 0, at: now,
            monotonicNs: monotonicNs)
        if let change { teller.tell(change.change, of: change.incident, at: now) }
    }

    /// Judges the last stored slots again, so that a restart forgets neither a run of down slots nor a round that was
    /// under way.
    private mutating func remember(at now: Instant) {
        for (number, check) in plan.checks.enumerated() where !check.isPaused {
            let slots = Int64(max(check.confirm, check.recover) + 2)
            let present = check.grid.slot(at: now)
            for slot in (present - slots)...present {
                for region in check.regions.indices {
                    guard let said = series.word(ofCheck: number, region: region, slot: slot, in: store),
                        !said.marks.contains(.generated)
                    else { continue }
                    let word = LiveJudge.Word(region: region, slot: slot, said: said)
                    carry(judge.take(check: number, word, at: now))
                }
            }
        }
    }
}

/// Who is told of incidents.
protocol IncidentTeller: AnyObject {
    func tell(_ change: Notification.Change, of incident: Incident, at now: Instant)
    /// Keeps what was seen when an incident began that was told before: JSON.
    func keep(evidence: String, of incident: Incident, at now: Instant)
    /// Called every turn: sends what is due.
    func turn(at now: Instant)
}
