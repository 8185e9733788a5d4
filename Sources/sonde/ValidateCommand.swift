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
        for warning in try plan.movedWindows(at: SystemClock.now) { Output.note("warning: \(warning)") }
        let bytes = plan.checks.map { StoreReader.bytes(of: RingSpec(check: $0)) }
        Output.figures(
            json
                ? ValidateJSON.render(plan, files: reading.files, bytes: bytes)
                : ValidateText.render(plan, bytes: bytes, Output.style(noColor: common.noColor)))
    }
}
