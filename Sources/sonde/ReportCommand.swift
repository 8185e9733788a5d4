import ArgumentParser
import Reporting
import Vocabulary

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "The uptime report: uptime with coverage and bounds, response times, day bars, outages.",
        discussion: """
            Examples:
              sonde report                              every check, this month
              sonde report shop --month 2026-10
              sonde report --from 2026-11-01 --to 2026-11-08 --zone Asia/Taipei
              sonde report --last 30d --json
            """)

    @Argument(help: "Checks; all when none is named.") var names: [String] = []
    @OptionGroup var window: WindowOptions
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let plan = try common.plan()
        let now = SystemClock.now
        let zone = try window.zone(of: plan)
        let interval = try window.window(in: zone, now: now)
        _ = try plan.chosen(names)
        let desk = try FiguresDesk(plan: plan, store: common.reader(of: plan))
        let figures = try desk.figures(of: names, window: interval, zone: zone, now: now)
        Output.figures(
            json
                ? ReportJSON.render(figures, AllCores())
                : ReportText.render(figures, Output.style(noColor: common.noColor), AllCores()))
    }
}
