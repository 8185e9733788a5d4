import Foundation
import Logging
import ServiceLifecycle
import Synchronization
import Vocabulary

/// The core loop as a service: on a thread of its own, begun anew with another plan when asked to reload.
final class Daemon: Service {
    private let mailbox = Mailbox()
    /// What the core loop knows, for the pages.
    let board = LiveBoard()
    private let log: Logger
    /// Gives the plan to go on with; throws `Failure` when the configuration has mistakes.
    private let replan: @Sendable () throws -> Plan
    private let isClockTrusted: Bool
    /// Guards the loop that `run` is to begin with, and the plan in force, which the status page reads.
    private let state: Mutex<State>

    private struct State {
        var plan: Plan
        var failure: Failure?
        /// Taken by the thread that runs it.
        var first: Held?
    }

    /// Carries the loop to its thread: made by one, used by the other, never by both.
    private final class Held: @unchecked Sendable {
        // Proof: `start` hands it to exactly one thread, which alone touches it from then on.
        let loop: CoreLoop
        init(_ loop: CoreLoop) { self.loop = loop }
    }

    /// Opens store, ledger and reactor; throws `Failure` with nothing started.
    init(
        plan: Plan, log: Logger, isClockTrusted: Bool = false, replan: @escaping @Sendable () throws -> Plan
    ) throws {
        self.log = log
        self.replan = replan
        self.isClockTrusted = isClockTrusted
        let loop = try CoreLoop(
            plan: plan, mailbox: mailbox, board: board, log: log, isClockTrusted: isClockTrusted)
        state = Mutex(State(plan: plan, first: Held(loop)))
    }

    /// The plan in force.
    var plan: Plan { state.withLock { $0.plan } }

    /// Any thread: SIGHUP's meaning.
    func reload() { mailbox.ask(.reload) }

    func run() async throws {
        await withGracefulShutdownHandler {
            await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
                let thread = Thread { [self] in
                    loop()
                    ended.resume()
                }
                thread.name = "core"
                thread.start()
            }
        } onGracefulShutdown: { [mailbox] in
            mailbox.ask(.stop)
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    /// On the core thread: loop after loop until a stop.
    private func loop() {
        var loop = state.withLock { state in
            defer { state.first = nil }
            return state.first?.loop
        }
        while case .reload = Daemon.runOut(&loop) {
            do {
                let plan = nextPlan()
                loop = try CoreLoop(
                    plan: plan, mailbox: mailbox, board: board, log: log, isClockTrusted: isClockTrusted)
                state.withLock { $0.plan = plan }
            } catch {
                let failure = error as? Failure ?? Failure(.failed, "\(error)")
                log.critical("\(failure.description)")
                state.withLock { $0.failure = failure }
                return
            }
        }
    }

    /// Runs the loop to its end and lets it go, so that the store is free for the next one.
    private static func runOut(_ loop: inout CoreLoop?) -> Mailbox.Request {
        defer { loop = nil }
        return loop?.run() ?? .stop
    }

    /// A configuration with mistakes changes nothing: the one in force stays.
    private func nextPlan() -> Plan {
        do {
            let plan = try replan()
            log.notice("configuration reloaded")
            return plan
        } catch {
            log.error("not reloaded, the configuration in force stays: \(error)")
            return plan
        }
    }
}
