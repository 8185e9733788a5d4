import ArgumentParser
import Config
import Logging
import Loopback
import Reporting
import ServiceLifecycle
import Serving
import Storage
import Vocabulary

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "See it at work: own targets on loopback, one broken for a while. No network, no configuration.",
        discussion: """
            Examples:
              sonde demo
              sonde demo --for 60s        ends by itself and prints the report

            A month of history is generated and imported first, and labelled as generated wherever it shows. Everything
            lives in a temporary folder that is removed at the end, unless --keep is given.
            """)

    @Option(name: .customLong("for"), help: "How long to run, 60s; until Ctrl-C when left out.")
    var length: String?
    @Option(help: "The seed of the generated history.") var seed: UInt64 = 2026
    @Flag(help: "Leave the folder with configuration and store, and say where it is.") var keep = false
    @Flag(help: "No colours.") var noColor = false

    func run() async throws {
        var lengthNs: Int64?
        if let length {
            guard let parsed = Duration.parse(length), parsed >= Duration.secondNs else {
                throw Failure(.usage, "--for: \"\(escaped(length))\" is not a duration such as 60s")
            }
            lengthNs = parsed
        }
        let site = try DemoSite()
        defer { if keep { Output.note("kept: \(site.folder)") } else { site.remove() } }
        try importHistory(into: site)

        let live = try site.plan(period: "5s", timeout: "2s")
        let log = DemoCommand.quietLogger()
        let daemon = try Daemon(plan: live, log: log) { live }
        Output.note("status page: http://\(live.listen.host):\(live.listen.port)/")
        let show = DemoShow(site: site, plan: live, lengthNs: lengthNs, noColor: noColor)
        try await RunCommand.serve(daemon, log: log, more: [show])
        try report(live)
        Output.note("notifications received by the demonstration's webhook: \(site.notifications)")
    }

    /// A month before now, by the same way as anybody's import.
    private func importHistory(into site: DemoSite) throws {
        let plan = try site.plan(period: "1m", timeout: "10s")
        let now = SystemClock.now
        Output.note("generating a month of history (seed \(seed)) …")
        let file = site.folder + "/generated.csv"
        // Up to the present minute: a stored slot would hold off the live era until its end.
        let grid = plan.checks[0].grid
        try DemoHistory(plan: plan, until: grid.start(of: grid.slot(at: now)), seed: seed).write(to: file)
        let summary = try SampleImport(plan: plan, now: now).run(file: file)
        Output.note("imported by the way of `sonde import samples`: \(summary.text)")
    }

    private func report(_ plan: Plan) throws {
        let now = SystemClock.now
        let desk = try FiguresDesk(plan: plan, store: StoreReader(path: plan.store.path))
        let window = Interval(start: plan.zone.midnight(plan.zone.date(now).adding(days: -29)), end: now)
        let figures = try desk.figures(of: [], window: window, zone: plan.zone, now: now)
        Output.figures(ReportText.render(figures, Output.style(noColor: noColor)))
    }

    /// The live status is the show; the log says only what is wrong.
    private static func quietLogger() -> Logger {
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var log = Logger(label: "sonde")
        log.logLevel = .error
        return log
    }
}
