import ArgumentParser
import Storage
import Vocabulary

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take samples from elsewhere into the store.",
        subcommands: [Samples.self])

    struct Samples: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "samples",
            abstract: "Import samples from CSV or JSON lines, in any order, as often as you like.",
            discussion: """
                Example:
                  sonde import samples november.csv

                CSV has the header time,check,region,verdict,cause,status,total_ms (the last three may be left out);
                JSON lines have the same keys. Rows older than the retention or in the future are counted and refused.
                A check or region that the configuration does not have: exit code 64, and nothing is stored.
                """)

        @Argument(help: "The file, .csv, .jsonl or .ndjson.") var file: String
        @OptionGroup var common: CommonOptions

        func run() throws {
            let plan = try common.plan()
            let summary = try SampleImport(plan: plan, now: SystemClock.now).run(file: file)
            Output.note(summary.text)
        }
    }
}
