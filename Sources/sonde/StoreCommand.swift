import ArgumentParser
import Foundation
import Reporting
import Storage
import Vocabulary

struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Look at the store, check it, repair it.",
        subcommands: [Info.self, Verify.self, Repair.self, Forget.self])

    struct Info: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "info", abstract: "Geometry, bytes, fill, oldest and newest slot of every check.",
            discussion: """
                Examples:
                  sonde store info
                  sonde store info --store /var/lib/sonde --json
                """)

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let plan = try common.plan()
            let info = try StoreCommand.asked {
                let reader = try StoreReader(path: plan.store.path)
                var progress = ProgressBar(label: "reading", total: try reader.checks().count)
                defer { progress.finish() }
                return try reader.info { progress.step(isShownNow: true) }
            }
            let configured = Set(plan.checks.map(\.name))
            Output.figures(
                json
                    ? StoreJSON.info(info, configured: configured)
                    : StoreText.info(info, configured: configured, Output.style(noColor: common.noColor)))
            if !info.faults.isEmpty { throw Failure(.store, info.faults.joined(separator: "\n")) }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Read every record; exit code 0 only when all of them are whole.",
            discussion: """
                Example:
                  sonde store verify

                May run beside `sonde run`. A damaged record is named with its file and byte, and the exit code is 74.
                """)

        @OptionGroup var common: CommonOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let plan = try common.plan()
            let findings = try StoreCommand.asked {
                let reader = try StoreReader(path: plan.store.path)
                var progress = ProgressBar(label: "verifying", total: try reader.checks().count)
                defer { progress.finish() }
                return try reader.verify { progress.step(isShownNow: true) }
            }
            Output.figures(
                json
                    ? StoreJSON.findings(findings)
                    : StoreText.findings(findings, Output.style(noColor: common.noColor)))
            guard findings.isWhole else {
                throw Failure(
                    .store, "\(plan.store.path): not whole; `sonde store repair` makes a copy with what is")
            }
        }
    }

    struct Repair: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "repair", abstract: "Make a copy that keeps what is whole, and say what was lost.",
            discussion: """
                Example:
                  sonde store repair --to /var/lib/sonde.repaired

                The store itself is left as it is; no process may write it meanwhile.
                """)

        @Option(help: "The folder of the copy, not there yet (default: the store's with .repaired behind it).")
        var to: String?
        @OptionGroup var common: CommonOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let plan = try common.plan()
            let path = plan.store.path
            let copy = to ?? path + ".repaired"
            let outcome = try StoreCommand.asked {
                var progress = ProgressBar(label: "repairing", total: 2 * (try StoreReader(path: path).checks().count))
                defer { progress.finish() }
                return try StoreRepair.run(path: path, copy: copy, now: SystemClock.now) {
                    progress.step(isShownNow: true)
                }
            }
            try copyLedger(from: path, to: copy)
            if json {
                Output.figures(StoreJSON.repair(lost: outcome.lost, kept: outcome.keptCount, copy: copy))
            } else {
                let style = Output.style(noColor: common.noColor)
                Output.figures(StoreText.findings(outcome.lost, style))
                Output.figures("kept \(outcome.keptCount) records in \(copy); to use it, move it to \(path)\n")
            }
        }

        /// The ledger is SQLite's, which keeps itself whole.
        private func copyLedger(from path: String, to copy: String) throws {
            for name in ["ledger.sqlite", "ledger.sqlite-wal"]
            where FileManager.default.fileExists(atPath: "\(path)/\(name)") {
                do {
                    try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(copy)/\(name)")
                } catch {
                    throw Failure(.store, "\(copy)/\(name): cannot write it: \(error.localizedDescription)")
                }
            }
        }
    }

    struct Forget: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "forget", abstract: "Remove the file of a check that the configuration no longer has.",
            discussion: """
                Example:
                  sonde store forget old-shop
                """)

        @Argument(help: "The check's name.") var name: String
        @OptionGroup var common: CommonOptions
        @Flag(help: "Print JSON.") var json = false

        func run() throws {
            let plan = try common.plan()
            guard plan.check(named: name) == nil else {
                throw Failure(
                    .usage,
                    "the check \"\(escaped(name))\" is in the configuration; take it out first, then forget it")
            }
            try StoreCommand.asked {
                let known = try StoreReader(path: plan.store.path).checks()
                guard known.contains(name) else {
                    let hint = SettingReader.hint(for: name, among: known)
                    throw Failure(.usage, "the store holds no check \"\(escaped(name))\"" + hint)
                }
                let writer = try StoreWriter(path: plan.store.path)
                _ = try writer.forget(name)
                try writer.close(at: SystemClock.now)
            }
            if json { Output.figures(StoreJSON.forget(name)) } else { Output.note("forgotten: \(name)") }
        }
    }

    /// The store's errors become the command's.
    private static func asked<Answer>(_ body: () throws -> Answer) throws -> Answer {
        do { return try body() } catch let error as StoreError { throw Failure(.store, "\(error)") }
    }
}
