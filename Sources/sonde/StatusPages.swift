import Accounting
import Reporting
import ServiceLifecycle
import Serving
import Storage
import Synchronization
import Vocabulary

/// What `run` serves: the same figures as the commands, from the same store. However many ask, they are computed at
/// most every few seconds, and at most a twentieth of the time.
final class StatusPages: Service {
    private let plan: @Sendable () -> Plan
    private let board: LiveBoard
    /// Guards the documents made last.
    private let made = Mutex<Made?>(nil)
    private static let freshNs = 5 * Duration.secondNs
    /// How many times as long as it took to make them the documents are good for.
    private static let shareOfTime: Int64 = 20
    private let isStopped = Atomic(false)

    private struct Made {
        let at: Instant
        let tookNs: Int64
        let figures: Status
        let status: Document
        let statusJSON: Document
        let reportJSON: Document
    }

    init(board: LiveBoard, plan: @escaping @Sendable () -> Plan) {
        self.board = board
        self.plan = plan
    }

    /// Until the program is to end: whoever still waits for a document then gets none.
    func run() async throws {
        defer { isStopped.store(true, ordering: .relaxed) }
        try await gracefulShutdown()
    }

    func document(_ page: Page) -> Document {
        if page == .health {
            let words = StatusPages.health(storeFault: board.latest.store.fault)
            return Document(contentType: "text/plain; charset=utf-8", body: words)
        }
        do {
            let made = try current(at: SystemClock.now)
            switch page {
            case .health, .status: return made.status
            case .statusJSON: return made.statusJSON
            case .reportJSON: return made.reportJSON
            case .metrics:
                return MetricsText.document(
                    MetricsText.render(
                        Metrics(status: made.figures, live: board.latest, version: version)))
            }
        } catch {
            return Document(contentType: "text/plain; charset=utf-8", body: "\(error)\n", status: 500)
        }
    }

    private func current(at now: Instant) throws -> Made {
        try made.withLock { made in
            if let made, now >= made.at,
                now - made.at < max(StatusPages.freshNs, StatusPages.shareOfTime * made.tookNs)
            {
                return made
            }
            let fresh = try make(at: now)
            made = fresh
            return fresh
        }
    }

    private func make(at now: Instant) throws -> Made {
        let plan = plan()
        let beginNs = SystemClock.monotonicNs
        let desk = try FiguresDesk(plan: plan, store: StoreReader(path: plan.store.path), isSpread: false) { [self] in
            isStopped.load(ordering: .relaxed)
        }
        let window = WindowOptions.month(of: now, in: plan.zone)
        let month = try desk.figures(of: [], window: window, zone: plan.zone, now: now)
        let lines = try desk.statusLines(of: [], zone: plan.zone, now: now)
        let status = Status(lines: lines, now: now, zone: plan.zone, month: month, storeFault: board.latest.store.fault)
        return Made(
            at: now, tookNs: SystemClock.monotonicNs - beginNs, figures: status,
            status: StatusPage.document(StatusPage.render(status)),
            statusJSON: StatusJSON.document(StatusJSON.render(status)),
            reportJSON: ReportJSON.document(ReportJSON.render(month)))
    }
}
