import ArgumentParser
import Reporting
import Vocabulary

struct OutagesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outages",
        abstract: "Every outage with exact times, bounds, cause and regions.",
        discussion: """
            Examples:
              sonde outages --last 7d
              sonde outages shop --month 2026-11 --all      partials and blips too
              sonde outages --csv > outages.csv
            """)

    @Argument(help: "Checks; all when none is named.") var names: [String] = []
    @OptionGroup var window: WindowOptions
    @OptionGroup var common: CommonOptions
    @Flag(help: "Partials and blips too.") var all = false
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print CSV.") var csv = false

    func run() throws {
        guard !(json && csv) else { throw Failure(.usage, "give --json or --csv, not both") }
        let plan = try common.plan()
        let now = SystemClock.now
        let zone = try window.zone(of: plan)
        let interval = try window.window(in: zone, now: now)
        _ = try plan.chosen(names)
        let desk = try FiguresDesk(plan: plan, store: common.reader(of: plan))
        let figures = try desk.figures(of: names, window: interval, zone: zone, now: now)
        if json {
            Output.figures(OutagesJSON.render(figures, withAll: all))
        } else if csv {
            Output.figures(OutagesCSV.render(figures, withAll: all))
        } else {
            Output.figures(OutagesText.render(figures, withAll: all, Output.style(noColor: common.noColor)))
        }
    }
}
