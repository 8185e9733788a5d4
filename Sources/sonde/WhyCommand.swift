import Accounting
import ArgumentParser
import Reporting
import Vocabulary

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain one slot: each region's sample, the vote, windows and corrections, the verdict.",
        discussion: """
            Examples:
              sonde why shop --at 2026-11-03T10:01:30+08:00
              sonde why shop --at "2026-11-03 10:01" --zone Europe/Paris --json
            """)

    @Argument(help: "The check.") var name: String
    @Option(help: "An instant in the slot: 2026-11-03T10:01:30+08:00, or local time in the zone.") var at: String
    @Option(help: "The IANA zone of local times (default: the configuration's).") var zone: String?
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let plan = try common.plan()
        var window = WindowOptions()
        window.zone = zone
        let zone = try window.zone(of: plan)
        let check = try plan.chosen([name])[0]
        let now = SystemClock.now
        let instant = try WindowOptions.instant("--at", at, zone)
        guard instant <= now else { throw Failure(.usage, "--at: \(instant.text(in: zone)) is still to come") }
        let desk = try FiguresDesk(plan: plan, store: common.reader(of: plan))
        let explanation = try desk.explanation(of: check, at: instant, zone: zone, now: now)
        Output.figures(
            json
                ? WhyJSON.render(explanation)
                : WhyText.render(explanation, zone: zone, Output.style(noColor: common.noColor)))
    }
}

extension FiguresDesk {
    func explanation(of check: Check, at instant: Instant, zone: Zone, now: Instant) throws -> Explanation {
        // No slot is longer than a day: the slot that holds the instant begins in this window.
        let day = Interval(start: instant - Duration.dayNs, end: instant + 1)
        let near = try count(check, window: day, zone: zone, now: now)
        guard let slot = near.explanation(at: instant)?.slot,
            let found = try count(check, window: slot, zone: zone, now: now).explanation(at: instant)
        else { throw Failure(.failed, "the store has no slot of \(check.name) at \(instant.rfc3339)") }
        return found
    }
}
