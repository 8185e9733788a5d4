import Support
import Testing
import Vocabulary

@testable import Scheduling

@Suite("Scheduler")
struct SchedulerTests {
    static let start = Instant(rfc3339: "2026-11-22T10:00:30Z")!

    static func plan(_ checks: [Check], regions: [String] = ["local"]) -> Plan {
        Plan(
            store: StorePlan(path: "data"), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
            regions: regions.map { Region(name: $0) }, checks: checks)
    }

    static func check(_ name: String, periodNs: Int64 = Duration.minuteNs, regions: [String] = ["local"]) -> Check {
        Check(name: name, kind: "tcp", settings: .text("127.0.0.1:1"), periodNs: periodNs, regions: regions)
    }

    static func advance(_ scheduler: inout Scheduler, to now: Instant) -> Scheduler.Agenda {
        scheduler.advance(to: now)
        return scheduler.agenda
    }

    /// Runs the scheduler by its own `next` until `end`, as the core loop does.
    static func run(_ scheduler: inout Scheduler, until end: Instant) -> (due: [Due], missed: [Scheduler.Missed]) {
        var due: [Due] = []
        var missed: [Scheduler.Missed] = []
        while let next = scheduler.next, next < end {
            scheduler.advance(to: next + 300_000)
            due += scheduler.agenda.due
            missed += scheduler.agenda.missed
        }
        return (due, missed)
    }

    @Test("a day of a one-minute check is due once in every slot, at its phase, without drift")
    func day() {
        var scheduler = Scheduler(plan: Self.plan([Self.check("shop")]), now: Self.start)
        let (due, missed) = Self.run(&scheduler, until: Self.start + Duration.dayNs)
        let grid = SlotGrid(periodNs: Duration.minuteNs)
        let phaseNs = SeriesPhase.phaseNs(check: "shop", place: 0, of: 1, periodNs: Duration.minuteNs)
        #expect(missed.isEmpty)
        #expect(due.count == 1_440)
        #expect(due.allSatisfy { $0.at == grid.start(of: $0.slot) + phaseNs })
        #expect(zip(due, due.dropFirst()).allSatisfy { $1.slot == $0.slot + 1 })
    }

    @Test("a stop of ten minutes is said slot by slot, and the present slot is served late")
    func missed() {
        var scheduler = Scheduler(plan: Self.plan([Self.check("shop")]), now: Self.start)
        let phaseNs = SeriesPhase.phaseNs(check: "shop", place: 0, of: 1, periodNs: Duration.minuteNs)
        let grid = SlotGrid(periodNs: Duration.minuteNs)
        let first = grid.slot(at: scheduler.next!)
        let wakes = grid.start(of: first + 10) + phaseNs + 5 * Duration.secondNs
        let agenda = Self.advance(&scheduler, to: wakes)
        let series = SeriesIndex(check: 0, region: 0)
        #expect(agenda.missed == [Scheduler.Missed(series: series, slots: first..<first + 10, phaseNs: phaseNs)])
        #expect(agenda.due == [Due(series: series, slot: first + 10, at: grid.start(of: first + 10) + phaseNs)])
    }

    @Test("a step back of the clock starts the series anew from there, and probing goes on")
    func stepBack() {
        var scheduler = Scheduler(plan: Self.plan([Self.check("shop")]), now: Self.start)
        _ = Self.run(&scheduler, until: Self.start + Duration.hourNs)
        let back = Self.start + 10 * Duration.minuteNs
        let atStep = Self.advance(&scheduler, to: back)
        let (due, missed) = Self.run(&scheduler, until: back + 10 * Duration.minuteNs)
        #expect(atStep.missed.isEmpty && missed.isEmpty)
        #expect((9...10).contains(atStep.due.count + due.count))
        #expect(due.allSatisfy { $0.at > back })
    }

    @Test("whatever the periods, the steps and the stops, every series has each slot once: asked for, or missed")
    func agreesWithEachSeriesAlone() {
        for seed in UInt64(1)...40 {
            var random = SeededRandom(seed: seed)
            let checks = (0..<Int.random(in: 1...12, using: &random)).map { number in
                let periodNs = [1, 10, 30, 60, 300].randomElement(using: &random)! * Duration.secondNs
                return Self.check(
                    "check-\(number)", periodNs: periodNs,
                    regions: [["a"], ["a", "b"], ["a", "b", "c"]].randomElement(using: &random)!)
            }
            let plan = Self.plan(checks, regions: ["a", "b", "c"])
            var scheduler = Scheduler(plan: plan, now: Self.start)
            let series = SeriesPhase.all(of: plan)
            var nextSlot = series.map { series in
                let slot = series.grid.slot(at: Self.start)
                return series.due(in: slot) > Self.start ? slot : slot + 1
            }
            var now = Self.start
            for _ in 0..<400 {
                let stepNs = [0, 1, 40, 900, 2_000, 200_000].randomElement(using: &random)! * Duration.millisecondNs
                now = now + Int64.random(in: 0...stepNs, using: &random)
                var due: [Due] = []
                var missed: Set<Scheduler.Missed> = []
                for (place, series) in series.enumerated() {
                    let present = series.grid.slot(at: now)
                    if nextSlot[place] < present {
                        missed.insert(
                            Scheduler.Missed(
                                series: series.index, slots: nextSlot[place]..<present, phaseNs: series.phaseNs))
                        nextSlot[place] = present
                    }
                    let at = series.due(in: nextSlot[place])
                    // What is due within a tick is served once the next tick has begun.
                    if at.nanoseconds >> 20 < now.nanoseconds >> 20 {
                        due.append(Due(series: series.index, slot: nextSlot[place], at: at))
                        nextSlot[place] += 1
                    }
                }
                due.sort { ($0.at, $0.series) < ($1.at, $1.series) }
                let agenda = Self.advance(&scheduler, to: now)
                #expect(agenda.due == due, "seed \(seed) at \(now)")
                #expect(Set(agenda.missed) == missed, "seed \(seed) at \(now)")
                #expect(agenda.missed.count == missed.count, "seed \(seed) at \(now)")
                #expect(agenda.lapsed == [], "seed \(seed) at \(now)")
            }
        }
    }

    @Test("regions of a check take turns, evenly apart, and clear of the slot's last twentieth")
    func turns() {
        for name in ["shop", "api", "mail", "a", "b", "c-1", "c-2"] {
            let phases = (0..<3).map { SeriesPhase.phaseNs(check: name, place: $0, of: 3, periodNs: 60_000_000_000) }
            #expect(phases.allSatisfy { $0 >= 0 && $0 < 57_000_000_000 })
            let sorted = phases.sorted()
            let gaps = [sorted[1] - sorted[0], sorted[2] - sorted[1], sorted[0] + 57_000_000_000 - sorted[2]]
            #expect(gaps.allSatisfy { abs($0 - 19_000_000_000) <= SeriesPhase.stepNs }, "\(name): \(gaps)")
        }
    }

    @Test("a thousand probes a second start together in at most twenty groups, none with three times its share")
    func groups() {
        let plan = Self.plan((0..<1_000).map { Self.check("check-\($0)", periodNs: Duration.secondNs) })
        var scheduler = Scheduler(plan: plan, now: Self.start)
        let second = Self.start + Duration.secondNs
        let due = Self.run(&scheduler, until: second + 2 * Duration.secondNs).due
            .filter { $0.at >= second && $0.at < second + Duration.secondNs }
        let groups = Dictionary(grouping: due, by: \.at).values.map(\.count)
        #expect(due.count == 1_000)
        #expect(groups.count <= 20)
        #expect(groups.max()! <= 3 * 1_000 / 20)
    }

    @Test("a thousand checks spread over the minute: no second has more than three times its share")
    func spread() {
        var perSecond = [Int](repeating: 0, count: 57)
        for number in 0..<1_000 {
            let phaseNs = SeriesPhase.phaseNs(
                check: "check-\(number)", place: 0, of: 1, periodNs: Duration.minuteNs)
            perSecond[Int(phaseNs / Duration.secondNs)] += 1
        }
        #expect(perSecond.max()! <= 3 * 1_000 / 57)
        #expect(perSecond.min()! >= 3)
    }

    @Test("at the start, a series whose phase has passed and whose slot is empty is due within two seconds")
    func catchUp() {
        let checks = (0..<20).map { Self.check("check-\($0)") }
        let plan = Self.plan(checks)
        let timings = SeriesPhase.all(of: plan)
        let passed = Set(timings.filter { $0.due(in: $0.grid.slot(at: Self.start)) <= Self.start }.map(\.index))
        var scheduler = Scheduler(plan: plan, now: Self.start) { _ in true }
        let slot = timings[0].grid.slot(at: Self.start)
        let (due, missed) = Self.run(&scheduler, until: Self.start + 29 * Duration.secondNs)
        #expect(missed.isEmpty)
        #expect(Set(due.map(\.series)).count == 20 && due.count == 20)
        for probe in due where passed.contains(probe.series) {
            #expect(probe.slot == slot && probe.at - Self.start <= 2 * Duration.secondNs)
        }
    }

    @Test("a series whose slot is filled already waits for its next one")
    func noCatchUp() {
        let plan = Self.plan((0..<20).map { Self.check("check-\($0)") })
        var scheduler = Scheduler(plan: plan, now: Self.start) { _ in false }
        let (due, _) = Self.run(&scheduler, until: Self.start + 29 * Duration.secondNs)
        #expect(due.allSatisfy { $0.at > Self.start })
    }

    @Test("paused checks are never due")
    func paused() {
        var check = Self.check("shop")
        check.isPaused = true
        #expect(Scheduler(plan: Self.plan([check]), now: Self.start).next == nil)
    }

    @Test("a re-probe is due at its instant, beside the scheduled one; none is asked for outside its slot")
    func reprobes() {
        var scheduler = Scheduler(plan: Self.plan([Self.check("shop")]), now: Self.start)
        let series = SeriesIndex(check: 0, region: 0)
        let slot = SlotGrid(periodNs: Duration.minuteNs).slot(at: Self.start)
        let now = Due(series: series, slot: slot, at: Self.start, isReprobe: true)
        scheduler.reprobe(now)
        #expect(scheduler.next! - Self.start < 3 * Duration.millisecondNs)
        #expect(Self.advance(&scheduler, to: Self.start + 3 * Duration.millisecondNs).due == [now])
        let later = Due(series: series, slot: slot, at: Self.start + 5 * Duration.secondNs, isReprobe: true)
        scheduler.reprobe(later)
        #expect(Self.advance(&scheduler, to: later.at - 1).due.filter(\.isReprobe) == [])
        #expect(Self.advance(&scheduler, to: later.at + 2 * Duration.millisecondNs).due.filter(\.isReprobe) == [later])
        let last = Due(series: series, slot: slot, at: Self.start + 29 * Duration.secondNs, isReprobe: true)
        scheduler.reprobe(last)
        let agenda = Self.advance(&scheduler, to: Self.start + 30 * Duration.secondNs)
        #expect(agenda.due.filter(\.isReprobe) == [] && agenda.lapsed == [last])
        let (due, missed) = Self.run(&scheduler, until: Self.start + Duration.hourNs)
        #expect(due.allSatisfy { !$0.isReprobe } && missed.isEmpty)
        #expect((59...60).contains(due.count))
    }

    @Test("re-probes that were to come lapse when the clock steps back")
    func reprobesAndStepBack() {
        var scheduler = Scheduler(plan: Self.plan([Self.check("shop")]), now: Self.start)
        let slot = SlotGrid(periodNs: Duration.minuteNs).slot(at: Self.start)
        let due = Due(
            series: SeriesIndex(check: 0, region: 0), slot: slot, at: Self.start + 5 * Duration.secondNs,
            isReprobe: true)
        scheduler.reprobe(due)
        #expect(Self.advance(&scheduler, to: Self.start - Duration.minuteNs).lapsed == [due])
        let (later, _) = Self.run(&scheduler, until: Self.start + Duration.minuteNs)
        #expect(later.allSatisfy { !$0.isReprobe })
    }
}
