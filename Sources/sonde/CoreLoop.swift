import Alerting
import Glibc
import Judging
import Ledger
import Logging
import Probing
import Storage
import Vocabulary

/// The core loop: sleeps until something is due or a sample is back, and takes a turn of the pipeline. It runs on a
/// thread of its own and is the only writer of the store.
final class CoreLoop {
    private let mailbox: Mailbox
    private let board: LiveBoard
    private let log: Logger
    private let store: StoreWriter
    private var pipeline: Pipeline
    private let teller: Teller
    private let people: People
    private let reactor: Reactor

    /// Opens everything the plan needs, or throws `Failure` with nothing started.
    init(plan: Plan, mailbox: Mailbox, board: LiveBoard, log: Logger, isClockTrusted: Bool) throws {
        self.mailbox = mailbox
        self.board = board
        self.log = log
        let now = SystemClock.now
        Descriptors.raiseLimit()
        var mistakes = Mistakes()
        guard let book = ProbeBook.compile(plan.withSentinels, &mistakes),
            let channels = ChannelBook.compile(plan, &mistakes)
        else { throw Failure(mistakes) }
        do {
            store = try StoreWriter(path: plan.store.path, options: .init(rules: StoreRules(plan: plan)))
            for note in store.notes { log.warning("store: \(note)") }
            try store.makeRings(plan.checks.map { RingSpec(check: $0, regions: plan.regions) }, now: now)
            let ledger = try Ledger(path: plan.ledgerPath)
            _ = try ledger.forget(closedBefore: now - 5 * Duration.yearNs)
            try ledger.rename(plan.presentNames)
            let newest = try ledger.newestIncidents()
            teller = Teller(plan: plan, ledger: ledger, book: channels, log: log)
            teller.resume(newest.filter { $0.closed == nil }, at: now)
            people = try People(plan: plan, ledger: ledger, now: now)
            pipeline = try Pipeline(
                plan: plan, store: DiskStore(store), teller: teller, newest: newest, now: now,
                isClockTrusted: isClockTrusted)
        } catch let error as StoreError {
            throw Failure(.store, "\(error)")
        } catch let error as LedgerError {
            throw Failure(.store, "\(error)")
        }
        do {
            reactor = try Reactor(book: book, name: "reactor") { mailbox.leave($0) }
        } catch {
            throw Failure(.failed, "\(error)")
        }
        log.notice(
            "probing",
            metadata: [
                "checks": "\(plan.checks.count)", "regions": "\(plan.regions.count)", "store": "\(plan.store.path)",
            ])
    }

    /// Takes turns until someone asks for something else; then drops the probes in flight and closes the store.
    func run() -> Mailbox.Request {
        var finished: [Sample] = []
        var inFlight = 0
        var nextPost = SystemClock.monotonicNs
        var startIsOverNs = nextPost + StartPages.afterNs
        while true {
            let now = SystemClock.now
            do {
                if let pauses = try people.pauses(at: now) { pipeline.pause(pauses) }
            } catch { log.error("ledger: \(error)") }
            let due = pipeline.turn(at: now, monotonicNs: SystemClock.monotonicNs, finished: finished)
            if !due.isEmpty { reactor.submit(due) }
            inFlight += due.count - finished.count
            let monotonicNs = SystemClock.monotonicNs
            if monotonicNs >= nextPost {
                nextPost = monotonicNs + Duration.secondNs
                var facts = pipeline.facts
                facts.probesInFlight = inFlight
                board.put(facts)
            }
            if monotonicNs >= startIsOverNs {
                startIsOverNs = .max
                StartPages.giveBack()
            }
            for news in pipeline.takeNews() { say(news) }
            let sleepNs = min(pipeline.next.map { $0 - SystemClock.now } ?? Duration.secondNs, Duration.secondNs)
            let left = mailbox.collect(atMostNs: sleepNs)
            finished = left.samples
            if let request = left.request {
                stop(after: finished)
                return request
            }
        }
    }

    private func say(_ news: Pipeline.News) {
        switch news {
        case .storeFault(let fault, let waiting, let lost):
            log.error("store: \(fault)", metadata: ["samples_waiting": "\(waiting)", "samples_lost": "\(lost)"])
        case .storeWhole: log.notice("store: writing goes on")
        case .clockStepped(let byNs):
            log.warning(
                "the wall clock stepped", metadata: ["by": "\(byNs < 0 ? "-" : "+")\(Duration.text(abs(byNs)))"])
        case .clockTurned(let isPlausible, let wall):
            let words =
                isPlausible
                ? "the wall clock can be believed again: samples are stored"
                : "the wall clock cannot be right: nothing is stored until it is, or until a start with --trust-clock"
            log.log(level: isPlausible ? .notice : .critical, "\(words)", metadata: ["clock": "\(wall.rfc3339)"])
        case .roundDropped(let check, let reprobes):
            log.warning(
                "no re-probes: the budget of rounds is used up",
                metadata: ["check": "\(check)", "reprobes": "\(reprobes)"])
        case .sentinelsAsked(let region, let bad):
            log.notice(
                "the region doubts itself: its sentinels are asked",
                metadata: ["region": "\(region)", "bad": "\(bad)"])
        case .noSentinels(let region, let bad):
            log.notice(
                "many checks turned bad, and the region has no sentinels: their samples stand",
                metadata: ["region": "\(region)", "bad": "\(bad)"])
        case .sentinelsDecided(let region, let decision, let samples):
            log.log(
                level: decision == .answered ? .notice : .warning, "\(CoreLoop.words(decision))",
                metadata: ["region": "\(region)", "samples": "\(samples)"])
        }
    }

    private static func words(_ decision: Suspicion.Decision) -> String {
        switch decision {
        case .answered: "a sentinel answered: the samples stand"
        case .failed: "no sentinel answered: bad samples are unknown"
        case .overfull: "too many samples wait for the sentinels: they stand"
        case .stopped: "stopped before the sentinels answered: the samples stand"
        }
    }

    private func stop(after finished: [Sample]) {
        reactor.stop()
        pipeline.stop(at: SystemClock.now, finished: finished)
        for news in pipeline.takeNews() { say(news) }
        teller.stop(at: SystemClock.now)
        do { try store.close(at: SystemClock.now) } catch { log.error("store: \(error)") }
    }
}

/// A descriptor for each ring file and each probe in flight: the soft limit of 1,024 is soon reached.
enum Descriptors {
    /// To the hard limit, which is the operator's word. Where that fails too, probes say `no-descriptors`.
    static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
