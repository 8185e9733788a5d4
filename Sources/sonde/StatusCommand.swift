import ArgumentParser
import Reporting
import Vocabulary

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "A line for each check: verdict, since when, response time, uptime, the last hours.",
        discussion: """
            Examples:
              sonde status
              sonde status shop api --json

            The exit code is that of a monitoring plugin: 0 up, 1 degraded, 2 down, 3 unknown; the worst of the checks,
            and 3 at least while the daemon says, where `listen` has it, that the store takes no samples.
            """)

    @Argument(help: "Checks; all when none is named.") var names: [String] = []
    @Option(help: "The IANA zone of days and months.") var zone: String?
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let plan = try common.plan()
        let now = SystemClock.now
        var window = WindowOptions()
        window.zone = zone
        let zone = try window.zone(of: plan)
        _ = try plan.chosen(names)
        let store = try common.reader(of: plan)
        let desk = try FiguresDesk(plan: plan, store: store)
        let lines = try desk.statusLines(of: names, zone: zone, now: now)
        let fault = StatusPages.storeFault(sayingOf: plan, store)
        let status = Status(lines: lines, now: now, zone: zone, storeFault: fault)
        Output.figures(
            json ? StatusJSON.render(status) : StatusText.render(status, Output.style(noColor: common.noColor)))
        let code = PluginCode.worst(
            of: status.judged.map(\.verdict) + (fault == nil ? [] : [.unknown]),
            isAllPaused: status.isAllPaused && fault == nil)
        if code != 0 { throw ExitCode(code) }
    }
}

/// The exit codes of monitoring plugins: down before unknown before degraded before up.
enum PluginCode {
    /// `isAllPaused`: there are checks, and all are paused; that is as it should be.
    static func worst(of verdicts: [Verdict], isAllPaused: Bool = false) -> Int32 {
        if isAllPaused { return 0 }
        return switch verdicts.max(by: { $0.badness < $1.badness }) {
        case .up: 0
        case .degraded: 1
        case .down: 2
        case .unknown, nil: 3
        }
    }
}
