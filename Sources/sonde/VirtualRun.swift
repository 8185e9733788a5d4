import Judging
import Reporting
import Scheduling
import Vocabulary

/// Runs the real pipeline through virtual time: no clock, no network, no disk. The same script and answers give the
/// same bytes. Instants are true time unless they are said to be by the wall clock.
struct VirtualRun {
    let script: Script
    let store: MemoryStore
    let answers: any VirtualAnswers
    /// What was told of incidents, by the wall clock.
    private(set) var told: [Told] = []
    /// Of the last life of the program.
    private(set) var facts = LiveFacts()
    private(set) var sampleCount = 0
    /// Each start of the program and each reload, with the eras that the checks had from then on.
    private(set) var lives: [(at: Instant, eras: [String: [Era]])] = []

    /// What happens to the program and its machine.
    struct Script {
        /// True time, of which the wall clock shows something else once it stepped.
        var span: Interval
        /// Oldest first; the first from the start on. Each later one is a reload.
        var plans: [(from: Instant, plan: Plan)]
        var clockSteps: [ClockStep] = []
        /// The program is not there: killed at the start, started again at the end.
        var off: [Interval] = []
        /// The program is there and does nothing.
        var frozen: [Interval] = []
        /// The disk fails.
        var broken: [Interval] = []
        /// The program wakes up at multiples of this; 0: as soon as there is something to do.
        var wakeEveryNs: Int64 = 0

        struct ClockStep: Hashable {
            let at: Instant
            let byNs: Int64
        }

        /// What the wall clock shows.
        func wall(_ instant: Instant) -> Instant {
            clockSteps.reduce(instant) { $1.at <= instant ? $0 + $1.byNs : $0 }
        }
    }

    struct Told: Hashable {
        let change: Notification.Change
        let incident: Incident
        let wall: Instant
        let at: Instant
    }

    init(_ script: Script, store: MemoryStore, answers: any VirtualAnswers) {
        self.script = script
        self.store = store
        self.answers = answers
    }

    mutating func run() throws {
        var now = script.span.start
        while now < script.span.end {
            if let stop = script.off.filter({ $0.contains(now) }).map(\.end).max() {
                now = stop
                continue
            }
            let reload = script.plans.map(\.from).filter { $0 > now }.min()
            let kill = script.off.map(\.start).filter { $0 > now }.min()
            let end = [reload, kill, script.span.end].compactMap { $0 }.min() ?? script.span.end
            now = try life(from: now, until: end)
        }
    }

    /// From a start of the program, or a reload, to its end. What is under way then is dropped.
    private mutating func life(from start: Instant, until end: Instant) throws -> Instant {
        guard let plan = script.plans.last(where: { $0.from <= start })?.plan else { return end }
        let notebook = Notebook(now: start)
        store.isBroken = false
        let pipeline = try Pipeline(
            plan: plan, store: store, teller: notebook, newest: newestIncidents, now: script.wall(start))
        let eras = plan.checks.map { ($0.name, store.eras(ofCheck: $0.name)) }
        lives.append((start, Dictionary(eras) { first, _ in first }))
        var life = Life(script, plan, pipeline, store: store, answers: answers, from: start)
        var now = start
        while now < end {
            notebook.now = now
            life.turn(at: now)
            now = life.next(after: now, else: end)
        }
        told += notebook.told
        facts = life.pipeline.facts
        sampleCount += life.sampleCount
        // A kill is at once; a reload waits until the program does something again.
        if script.off.contains(where: { $0.contains(end) }) { return end }
        return script.frozen.filter { $0.contains(end) }.map(\.end).max() ?? end
    }

    private var newestIncidents: [Incident] {
        var newest: [String: Incident] = [:]
        for told in told { newest[told.incident.check] = told.incident }
        return newest.values.sorted { $0.check < $1.check }
    }

    private final class Notebook: IncidentTeller {
        /// True time.
        var now: Instant
        private(set) var told: [Told] = []

        init(now: Instant) { self.now = now }

        func tell(_ change: Notification.Change, of incident: Incident, at wall: Instant) {
            told.append(Told(change: change, incident: incident, wall: wall, at: now))
        }
        func keep(evidence: String, of incident: Incident, at now: Instant) {}
        func turn(at now: Instant) {}
    }
}

/// The network of a virtual run, and who watches it.
protocol VirtualAnswers: AnyObject {
    /// What a probe that starts now brings back, and after how long; nil: nothing ever comes back.
    func answer(_ due: Due, _ plan: Plan, at now: Instant, wall: Instant) -> (sample: Sample, tookNs: Int64)?
    /// Whether it wants to be told of samples that reach the pipeline.
    var isWatched: Bool { get }
    /// A sample reached the pipeline. `isKept`: the disk was well.
    func handed(_ sample: Sample, _ plan: Plan, at now: Instant, wall: Instant, isKept: Bool)
}

extension VirtualRun {
    /// One life of the program, turn by turn.
    private struct Life: ~Copyable {
        private let plan: Plan
        private let store: MemoryStore
        private let answers: any VirtualAnswers
        /// Of the instants at which the program may wake up; nil for any.
        private let wakes: SlotGrid?
        private(set) var pipeline: Pipeline
        private var edges: Edges
        /// Until when the program does nothing.
        private var freezes: Timeline<Instant>
        private var underWay = UnderWay()
        private var finished: [Sample] = []
        private(set) var sampleCount = 0

        init(
            _ script: Script, _ plan: Plan, _ pipeline: consuming Pipeline, store: MemoryStore,
            answers: any VirtualAnswers, from start: Instant
        ) {
            self.plan = plan
            self.pipeline = pipeline
            self.store = store
            self.answers = answers
            wakes = script.wakeEveryNs > 0 ? SlotGrid(periodNs: script.wakeEveryNs) : nil
            edges = Edges(script, from: start)
            store.isBroken = edges.isBroken
            freezes = Timeline(script.frozen.map { ($0, $0.end) })
        }

        mutating func turn(at now: Instant) {
            if edges.pass(to: now) { store.isBroken = edges.isBroken }
            let wall = now + edges.offsetNs
            underWay.take(until: now, into: &finished)
            if answers.isWatched {
                for sample in finished {
                    answers.handed(sample, plan, at: now, wall: wall, isKept: !edges.isBroken)
                }
            }
            sampleCount += finished.count
            for due in pipeline.turn(at: wall, monotonicNs: now.nanoseconds, finished: finished) {
                if let (sample, tookNs) = answers.answer(due, plan, at: now, wall: wall) {
                    underWay.insert(sample, backAt: now + tookNs)
                }
            }
            _ = pipeline.takeNews()
        }

        /// When the next turn is; at `end` when nothing comes any more.
        mutating func next(after now: Instant, else end: Instant) -> Instant {
            var next: Instant?
            if let due = pipeline.next { next = now + max(0, due - (now + edges.offsetNs)) }
            if let back = underWay.next { next = min(next ?? back, back) }
            if let edge = edges.next { next = min(next ?? edge, edge) }
            var awake = max(next ?? end, now + 1)
            if let wakes { awake = wakes.start(of: wakes.firstSlot(from: awake)) }
            return freezes.pass(to: awake) ? freezes.present.max() ?? awake : awake
        }
    }

    /// The samples that are still to come back, the next one last.
    private struct UnderWay {
        private var samples: [Sample] = []
        /// When each comes.
        private var backs: [Instant] = []

        var next: Instant? { backs.last }

        mutating func insert(_ sample: consuming Sample, backAt: Instant) {
            samples.append(sample)
            backs.append(backAt)
            var place = backs.count - 1
            while place > 0, backs[place - 1] <= backAt {
                samples.swapAt(place - 1, place)
                backs.swapAt(place - 1, place)
                place -= 1
            }
        }

        /// In the order they come; `taken` keeps its memory and nothing else.
        mutating func take(until now: Instant, into taken: inout [Sample]) {
            while !taken.isEmpty { taken.removeLast() }
            while let back = backs.last, back <= now {
                backs.removeLast()
                taken.append(samples.removeLast())
            }
        }
    }

    /// The instants at which the script changes something, passed one by one.
    private struct Edges {
        private let instants: [Instant]
        private let script: Script
        private var place = 0
        /// Of the wall clock, from true time.
        private(set) var offsetNs: Int64 = 0
        /// The disk fails.
        private(set) var isBroken = false

        init(_ script: Script, from start: Instant) {
            self.script = script
            instants = Set(script.clockSteps.map(\.at) + script.broken.flatMap { [$0.start, $0.end] }).sorted()
            look(at: start)
        }

        /// Whether anything may have changed.
        mutating func pass(to now: Instant) -> Bool {
            guard place < instants.count, instants[place] <= now else { return false }
            look(at: now)
            return true
        }

        private mutating func look(at now: Instant) {
            while place < instants.count, instants[place] <= now { place += 1 }
            offsetNs = script.wall(now) - now
            isBroken = script.broken.contains { $0.contains(now) }
        }

        var next: Instant? { place < instants.count ? instants[place] : nil }
    }
}
