import ArgumentParser
import Logging
import Probing
import ServiceLifecycle
import Serving
import UnixSignals
import Vocabulary

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "The daemon: schedule, probe, judge, store, alert, serve.",
        discussion: """
            Examples:
              sonde run
              sonde run --config /etc/sonde/sonde.yaml

            SIGHUP reads the configuration again (with a mistake in it, nothing changes); SIGTERM stops within 5 s.
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Believe the wall clock even where it is more than a day off what it was or should be.")
    var trustClock = false

    func run() async throws {
        guard Heap.serveTransfers() else { throw Failure(.failed, "libcurl cannot be set up: out of memory?") }
        let plan = try common.plan()
        let log = RunCommand.logger()
        let options = common
        let daemon = try Daemon(plan: plan, log: log, isClockTrusted: trustClock) { try options.plan() }
        try await RunCommand.serve(daemon, log: log, more: [])
    }

    static func logger() -> Logger {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        return Logger(label: "sonde")
    }

    /// Runs the daemon and its status page until a signal, or until one of `more` ends.
    static func serve(_ daemon: Daemon, log: Logger, more: [any Service]) async throws {
        let pages = StatusPages(board: daemon.board) { daemon.plan }
        let server = StatusServer(listen: daemon.plan.listen, pages: { pages.document($0) }, logger: log)
        var quiet = log
        quiet.logLevel = .error
        // The last one is the first to be shut down.
        let services: [any Service] = [daemon, server, Reloader(daemon: daemon)] + more + [pages]
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: services.map {
                    .init(
                        service: $0, successTerminationBehavior: .gracefullyShutdownGroup,
                        failureTerminationBehavior: .gracefullyShutdownGroup)
                },
                gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet))
        try await group.run()
    }

    /// SIGHUP to the daemon.
    private struct Reloader: Service {
        let daemon: Daemon

        func run() async throws {
            for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() { daemon.reload() }
        }
    }
}
