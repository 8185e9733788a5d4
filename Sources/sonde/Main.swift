import ArgumentParser
import Glibc
import Serving
import Vocabulary

/// The version that `--version`, the user agent and the status page show.
let version = "0.1.0"

@main
struct Sonde: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sonde",
        abstract: "A black-box uptime prober: asks from outside, counts by written rules, says how sure it is.",
        discussion: """
            Start here:
              sonde demo                  see it at work: own targets, no network, no configuration
              sonde init                  write a starter configuration
              sonde validate              read it, report every mistake at once
              sonde probe                 ask every check once, now
              sonde run                   probe, store, alert, serve the status page
              sonde report --month 2026-11

            Exit codes: 0 done, 1 failed, 64 usage, 74 store, 78 configuration.
            """,
        version: "sonde \(version)",
        subcommands: [
            InitCommand.self, ValidateCommand.self, ProbeCommand.self, RunCommand.self, StatusCommand.self,
            ReportCommand.self, OutagesCommand.self, WhyCommand.self, PauseCommand.self, ResumeCommand.self,
            CorrectCommand.self, ReplayCommand.self, SimulateCommand.self, ImportCommand.self, ExportCommand.self,
            AlertCommand.self,
            DemoCommand.self,
        ])

    static func main() async {
        // A reader that went away (`sonde report | head`) is an error of a write, not a signal.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Output.error(failure.description)
            Glibc.exit(failure.code.rawValue)
        } catch let error as ServingError {
            Output.error("\(error)")
            Glibc.exit(Failure.Code.failed.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}
