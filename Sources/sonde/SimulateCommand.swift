import Accounting
import ArgumentParser
import Reporting
import Vocabulary

struct SimulateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Play a scenario of faults in virtual time, and show what is counted and told beside the truth.",
        discussion: """
            Examples:
              sonde simulate checks/simulation.yaml
              sonde simulate checks/simulation.yaml --json --jobs 2

            Nothing is asked, stored or sent: the network, the clock and the disk are simulated. The same scenario gives
            the same bytes. With --jobs the checks are shared out, and each job plays its own as a plan of its own.
            """)

    @Argument(help: "The scenario, a YAML file.") var scenario: String
    @Option(help: "Play so many parts of the checks at once, 1 to 64.") var jobs = 1
    @Option(help: "Wake the simulated program up at multiples of this, such as 200ms: faster, and less exact.")
    var wake: String?
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        guard (1...64).contains(jobs) else { throw Failure(.usage, "--jobs must be from 1 to 64") }
        guard common.config == nil else {
            throw Failure(.usage, "the scenario names its configuration; take --config out")
        }
        var played = try SimulationScenario(path: scenario, environment: CommonOptions.environment) { path in
            var options = common
            options.config = path
            return try options.plan()
        }
        if let wake {
            guard let ns = Duration.parse(wake), ns >= 0, ns <= 10 * Duration.secondNs else {
                throw Failure(.usage, "--wake: \"\(escaped(wake))\" is not a duration up to 10s")
            }
            played.script.wakeEveryNs = ns
        }
        let begun = SystemClock.monotonicNs
        let plan = played.script.plans[0].plan
        let outcomes = try await SimulateCommand.play(played, jobs: min(jobs, plan.checks.count), zone: plan.zone)
        let now = played.script.wall(played.script.span.end)
        let figures = SimulationFigures(
            seed: played.seed, samples: outcomes.reduce(0) { $0 + $1.samples },
            counted: Figures(
                window: Interval(start: played.script.span.start, end: now), zone: plan.zone, now: now,
                checks: outcomes.flatMap(\.figures)),
            truths: outcomes.flatMap(\.truths))
        let took = Duration.text((SystemClock.monotonicNs - begun) / Duration.millisecondNs * Duration.millisecondNs)
        Output.note("played \(Duration.text(played.script.span.durationNs)) in \(took)")
        Output.figures(
            json
                ? SimulationJSON.render(figures)
                : SimulationText.render(figures, Output.style(noColor: common.noColor)))
    }

    /// So many checks are played at a time, so that their slots fit into memory.
    private static let checksAtOnce = 10

    private static func play(
        _ scenario: SimulationScenario, jobs: Int, zone: Zone
    ) async throws -> [SimulationPart.Outcome] {
        let count = scenario.script.plans[0].plan.checks.count
        guard jobs > 1 else { return [try SimulationPart(scenario: scenario, checks: 0..<count).play(zone: zone)] }
        let size = min(checksAtOnce, (count + jobs - 1) / jobs)
        let parts = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
        return try await withThrowingTaskGroup(of: (Int, SimulationPart.Outcome).self) { group in
            var outcomes = [SimulationPart.Outcome?](repeating: nil, count: parts.count)
            var next = 0
            func add() {
                guard next < parts.count else { return }
                let (index, part) = (next, SimulationPart(scenario: scenario, checks: parts[next]))
                group.addTask { (index, try part.play(zone: zone)) }
                next += 1
            }
            for _ in 0..<jobs { add() }
            while let (index, outcome) = try await group.next() {
                outcomes[index] = outcome
                add()
            }
            return outcomes.compactMap { $0 }
        }
    }
}
