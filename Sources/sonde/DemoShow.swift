import Reporting
import ServiceLifecycle
import Storage
import Vocabulary

/// The demonstration's course: the API breaks after a while and is mended again, and the live status shows it.
struct DemoShow: Service {
    let site: DemoSite
    let plan: Plan
    /// nil: until someone ends it.
    let lengthNs: Int64?
    let noColor: Bool

    private static let breaksAfterNs = 12 * Duration.secondNs
    private static let mendedAfterNs = 32 * Duration.secondNs

    func run() async throws {
        let begun = SystemClock.monotonicNs
        var act = Act.healthy
        var shownLines = 0
        var nextPlainNs: Int64 = 0
        while !Task.isShuttingDownGracefully {
            let passedNs = SystemClock.monotonicNs - begun
            if let lengthNs, passedNs >= lengthNs { return }
            try play(&act, passedNs)
            if Output.isTerminal {
                shownLines = try show(act, over: shownLines)
            } else if passedNs >= nextPlainNs {
                nextPlainNs += 10 * Duration.secondNs
                _ = try show(act, over: 0)
            }
            // Ends early, by a throw, when the group shuts down.
            do {
                try await cancelWhenGracefulShutdown { try await Task.sleep(nanoseconds: UInt64(Duration.secondNs)) }
            } catch { return }
        }
    }

    private enum Act: String {
        case healthy = "all targets healthy"
        case broken = "the API is broken on purpose (HTTP 503)"
        case mended = "the API is mended"
    }

    private func play(_ act: inout Act, _ passedNs: Int64) throws {
        switch act {
        case .healthy where passedNs >= Self.breaksAfterNs:
            try site.breakAPI()
            act = .broken
        case .broken where passedNs >= Self.mendedAfterNs:
            try site.mendAPI()
            act = .mended
        case .healthy, .broken, .mended: break
        }
    }

    /// Draws the status over the one drawn before; gives back how many lines it has.
    private func show(_ act: Act, over lines: Int) throws -> Int {
        let now = SystemClock.now
        let desk = try FiguresDesk(plan: plan, store: StoreReader(path: plan.store.path))
        let status = Status(
            lines: try desk.statusLines(of: [], zone: plan.zone, now: now), now: now, zone: plan.zone)
        var text = StatusText.render(status, Output.style(noColor: noColor))
        text += "\n  \(act.rawValue) · incidents told: \(site.notifications) · Ctrl-C ends and reports\n"
        let up = lines > 0 ? "\u{1b}[\(lines)A\u{1b}[J" : ""
        Output.figures(up + text)
        return text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
    }
}
