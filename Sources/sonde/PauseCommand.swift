import ArgumentParser
import Ledger
import Vocabulary

struct PauseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Stop probing a check on purpose; its slots are excluded until `sonde resume`.",
        discussion: """
            Examples:
              sonde pause shop
              sonde pause shop --for 2h

            A daemon that runs sees it within a second, and still probes the slot that has begun.
            """)

    @Argument(help: "The check.") var name: String
    @Option(name: .customLong("for"), help: "How long, 2h or 30m; until `sonde resume` when left out.")
    var length: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        let plan = try common.plan()
        let check = try plan.chosen([name])[0]
        let now = SystemClock.now
        var end: Instant?
        if let length {
            guard let lengthNs = Duration.parse(length), lengthNs > 0, lengthNs <= Duration.yearNs else {
                throw Failure(.usage, "--for: \"\(escaped(length))\" is not a duration such as 30m or 2h, up to 1y")
            }
            end = now + lengthNs
        }
        if check.isPaused {
            throw Failure(.usage, "\(check.name) is paused already, by `paused: true` at \(check.place)")
        }
        let held = try common.writing(plan) { ledger throws(LedgerError) in
            try ledger.pause(check.name, from: now, until: end)
        }
        if let held {
            throw Failure(.usage, "\(check.name) is paused already, since \(held.start.text(in: plan.zone))")
        }
        Output.note("\(check.name) is paused" + (end.map { " until \($0.text(in: plan.zone))" } ?? ""))
    }
}

struct ResumeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Probe a paused check again, from its next slot on.",
        discussion: """
            Example:
              sonde resume shop
            """)

    @Argument(help: "The check.") var name: String
    @OptionGroup var common: CommonOptions

    func run() throws {
        let plan = try common.plan()
        let check = try plan.chosen([name])[0]
        let byConfiguration = Failure(
            .usage, "\(check.name) is paused by the configuration; take `paused: true` out, and reload the daemon")
        if check.isPaused { throw byConfiguration }
        let held = try common.writing(plan) { ledger throws(LedgerError) in
            try ledger.resume(check.name, at: SystemClock.now)
        }
        if held?.origin == .configuration { throw byConfiguration }
        guard held != nil else { throw Failure(.usage, "\(check.name) is not paused") }
        Output.note("\(check.name) is probed again")
    }
}

extension CommonOptions {
    /// Does something to the ledger beside the plan's store; a running daemon is not in the way.
    /// Throws `Failure`, code 74.
    func writing<Value>(_ plan: Plan, _ body: (Ledger) throws(LedgerError) -> Value) throws -> Value {
        try Folder.make(parentOf: plan.ledgerPath)
        do {
            return try body(try Ledger(path: plan.ledgerPath))
        } catch {
            throw Failure(.store, "\(error)")
        }
    }
}
