import ArgumentParser
import Reporting
import Storage
import Vocabulary

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Read the configuration, report every mistake at once, say what it will cost.",
        discussion: """
            Examples:
              sonde validate
              sonde validate --config checks/sonde.yaml --json
            """)

    @OptionGroup var common: CommonOptions
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let reading = try common.reading()
        for warning in reading.warnings { Output.note("warning: \(warning)") }
        let plan = reading.plan
        let summary = PlanSummary(
            files: reading.files,
            checks: plan.checks.map { check in
                PlanSummary.CheckLine(
                    check: check.name, kind: check.kind, target: Target.text(of: check), periodNs: check.periodNs,
                    timeoutNs: check.timeoutNs, regions: check.regions, vote: check.vote,
                    bytes: StoreReader.bytes(of: RingSpec(check: check)))
            },
            regions: plan.regions, channels: plan.channels.map(\.name), contracts: plan.contracts.map(\.name))
        Output.figures(json ? ValidateJSON.render(summary) : ValidateText.render(summary, Output.style(noColor: common.noColor)))
    }
}
