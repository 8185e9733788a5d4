import Accounting
import ArgumentParser
import Reporting
import Vocabulary

struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Judge stored samples again under other rules, and show what would be different.",
        discussion: """
            Examples:
              sonde replay --from 2026-11-01 --to 2026-12-01 --vote any
              sonde replay shop --from 2026-11-01 --to 2026-12-01 --vote 2 --confirm 3 --json
              sonde replay --from 2026-11-01 --to 2026-12-01 --vote all --contract gold

            Nothing is stored and nobody is told. Rounds are not sent again: a slot counts as it was stored.
            """)

    @Argument(help: "Checks; all when none is named, or the contract's.") var names: [String] = []
    @Option(help: "The start, inclusive: 2026-11-01 or 2026-11-01T08:00:00+08:00.") var from: String
    @Option(help: "The end, exclusive.") var to: String
    @Option(help: "any, majority, all or a number; the eras' own when left out.") var vote: String?
    @Option(help: "Down slots in a row that open an incident; the check's own when left out.") var confirm: Int?
    @Option(help: "A contract to count the window by, under both rules.") var contract: String?
    @Option(help: "The IANA zone of dates and local times (default: the configuration's).") var zone: String?
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let plan = try common.plan()
        let now = SystemClock.now
        var options = WindowOptions()
        options.zone = zone
        let zone = try options.zone(of: plan)
        let window = try WindowOptions.span(from: from, to: to, in: zone)
        let contract = try contract.map { try plan.contract(named: $0) }
        let checks = try plan.chosen(names.isEmpty ? contract?.checks ?? [] : names)
        let rules = ReplayFigures.Rules(
            vote: try newVote(checks), confirm: try newConfirm(), contract: contract?.name)
        let desk = try FiguresDesk(plan: plan, store: common.reader(of: plan))
        let replayed = try checks.map { check in
            try desk.replay(check, rules, contract, window: window, zone: zone, now: now)
        }
        let figures = ReplayFigures(window: window, zone: zone, now: now, rules: rules, checks: replayed)
        Output.figures(
            json ? ReplayJSON.render(figures) : ReplayText.render(figures, Output.style(noColor: common.noColor)))
    }

    private func newVote(_ checks: [Check]) throws -> Vote? {
        guard let vote else { return nil }
        guard let parsed = Vote(name: vote) else {
            throw Failure(.usage, "--vote must be any, majority, all or a number from 1, not \"\(escaped(vote))\"")
        }
        if case .atLeast(let count) = parsed, let few = checks.first(where: { $0.regions.count < count }) {
            throw Failure(
                .usage,
                "--vote \(count): \(few.name) has \(few.regions.count) region\(few.regions.count == 1 ? "" : "s")")
        }
        return parsed
    }

    private func newConfirm() throws -> Int? {
        guard let confirm else { return nil }
        guard (1...1000).contains(confirm) else { throw Failure(.usage, "--confirm must be from 1 to 1000") }
        return confirm
    }
}

extension FiguresDesk {
    func replay(
        _ check: Check, _ rules: ReplayFigures.Rules, _ contract: Contract?, window: Interval, zone: Zone, now: Instant
    ) throws -> ReplayFigures.Check {
        let input = try count(check, window: window, zone: zone, now: now).input
        if input.history.stretches.contains(where: { $0.verdicts != nil && $0.interval.overlaps(window) }) {
            let from = input.history.slotsFrom.map { "before \($0.rfc3339)" } ?? "of this window"
            Output.note("sonde: \(check.name): the samples \(from) are gone; their slots stay as they were judged")
        }
        var changed = input
        if let vote = rules.vote {
            changed.history = input.history.judged(by: vote)
            changed.check.vote = vote
        }
        changed.check.confirm = rules.confirm ?? check.confirm
        let quiet = input.exclusions.filter { if case .maintenance = $0.source { true } else { false } }
            .map(\.interval)
        func side(_ input: CountingInput) -> ReplayFigures.Side {
            ReplayFigures.Side(
                figures: Count.figures(input),
                notifications: Replay(check: input.check, quiet: quiet)
                    .notifications(input.history, in: window, until: now),
                contract: contract.flatMap { contract in
                    var single = contract
                    single.combine = .each
                    return SLACount.figures(single, window: window, now: now, inputs: [input]).checks.first
                })
        }
        return ReplayFigures.Check(before: side(input), after: side(changed))
    }
}

extension Plan {
    /// Throws `Failure`, code 64, for a name that is not there.
    func contract(named name: String) throws -> Contract {
        guard let found = contracts.first(where: { $0.name == name }) else {
            let hint = SettingReader.hint(for: name, among: contracts.map(\.name))
            throw Failure(.usage, "there is no contract \"\(escaped(name))\" in the configuration" + hint)
        }
        return found
    }
}
