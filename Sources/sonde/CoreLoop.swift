import Alerting
import Glibc
import Ledger
import Logging
import Probing
import Storage
import Vocabulary

/// The core loop: sleeps until something is due or a sample is back, and takes a turn of the pipeline. It runs on a
/// thread of its own and is the only writer of the store.
final class CoreLoop {
    private let mailbox: Mailbox
    private let log: Logger
    private let store: StoreWriter
    private let pipeline: Pipeline
    private let teller: Teller
    private let reactor: Reactor
    private var clock = ClockWatch()

    /// Opens everything the plan needs, or throws `Failure` with nothing started.
    init(plan: Plan, mailbox: Mailbox, log: Logger) throws {
        self.mailbox = mailbox
        self.log = log
        let now = SystemClock.now
        Descriptors.raiseLimit()
        var mistakes = Mistakes()
        guard let book = ProbeBook.compile(plan, &mistakes), let channels = ChannelBook.compile(plan, &mistakes) else {
            throw Failure(mistakes)
        }
        do {
            store = try StoreWriter(path: plan.store.path)
            for note in store.notes { log.warning("store: \(note)") }
            let ledger = try Ledger(path: plan.store.path + "/ledger.sqlite")
            _ = try ledger.forget(closedBefore: now - 5 * Duration.yearNs)
            let open = try ledger.openIncidents()
            teller = Teller(plan: plan, ledger: ledger, book: channels, log: log)
            pipeline = try Pipeline(plan: plan, store: store, teller: teller, openIncidents: open, now: now)
            teller.resume(open, at: now)
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
        StartPages.giveBack()
        var finished: [Sample] = []
        while true {
            let now = SystemClock.now
            if let step = clock.step(wall: now, monotonicNs: SystemClock.monotonicNs) {
                log.warning(
                    "the wall clock stepped", metadata: ["by": "\(step < 0 ? "-" : "+")\(Duration.text(abs(step)))"])
            }
            let due = pipeline.turn(at: now, finished: finished)
            if !due.isEmpty { reactor.submit(due) }
            for fault in pipeline.takeFaults() { log.error("store: \(fault)") }
            let sleepNs = min(pipeline.next.map { $0 - SystemClock.now } ?? Duration.secondNs, Duration.secondNs)
            let left = mailbox.collect(atMostNs: sleepNs)
            finished = left.samples
            if let request = left.request {
                stop()
                return request
            }
        }
    }

    private func stop() {
        reactor.stop()
        teller.stop()
        do { try store.close() } catch { log.error("store: \(error)") }
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

/// Tells when wall time and monotonic time disagree by more than a second. Source: docs/uptime.md, rule 11.
struct ClockWatch {
    private var last: (wall: Instant, monotonicNs: Int64)?

    /// Nanoseconds the wall clock was moved since the last call; nil when it went on as usual.
    mutating func step(wall: Instant, monotonicNs: Int64) -> Int64? {
        defer { last = (wall, monotonicNs) }
        guard let last else { return nil }
        let step = (wall - last.wall) - (monotonicNs - last.monotonicNs)
        return abs(step) > Duration.secondNs ? step : nil
    }
}
