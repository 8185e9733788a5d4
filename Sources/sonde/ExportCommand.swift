import ArgumentParser
import Reporting
import Storage
import Vocabulary

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Give figures and samples to others.", subcommands: [SLA.self, Samples.self])

    struct SLA: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sla",
            abstract: "The SLA summary of a month, by the terms of each contract.",
            discussion: """
                Examples:
                  sonde export sla --month 2026-11
                  sonde export sla --contract gold --month 2026-11 --format csv -o november.csv
                """)

        @Option(help: "The contract; may be left out when there is only one.") var contract: String?
        @Option(help: "The month, 2026-11.") var month: String
        @Option(help: "One of \(SLA.formats.joined(separator: ", ")).") var format = "json"
        @Option(name: [.customShort("o"), .long], help: "The file to write; standard output when left out.")
        var output: String?
        @OptionGroup var common: CommonOptions

        func run() throws {
            guard let chosen = Formats.slas.first(where: { $0.name == format }) else {
                let hint = SettingReader.hint(for: format, among: SLA.formats)
                throw Failure(
                    .usage,
                    "--format: there is no \"\(escaped(format))\"; there are "
                        + SLA.formats.joined(separator: ", ") + hint
                )
            }
            let plan = try common.plan()
            let contract = try contract(of: plan)
            let desk = try FiguresDesk(plan: plan, store: common.reader(of: plan))
            let now = SystemClock.now
            let window = try WindowOptions.named(.month, month, in: contract.zone)
            let text = chosen.render(try desk.sla(contract, month: window, now: now))
            if let output { try Folder.write(text, to: output, mode: 0o644) } else { Output.figures(text) }
        }

        static let formats = Formats.slas.map { $0.name }

        private func contract(of plan: Plan) throws -> Contract {
            guard !plan.contracts.isEmpty else {
                throw Failure(.usage, "the configuration has no contracts; declare one under `contracts:`")
            }
            guard let name = contract else {
                guard plan.contracts.count == 1 else {
                    let names = plan.contracts.map(\.name).joined(separator: ", ")
                    throw Failure(.usage, "there are several contracts (\(names)); name one with --contract")
                }
                return plan.contracts[0]
            }
            return try plan.contract(named: name)
        }
    }

    struct Samples: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "samples",
            abstract: "Raw samples; importing them again gives the same slots, bit for bit.",
            discussion: """
                Examples:
                  sonde export samples --last 1d > samples.csv
                  sonde export samples shop --month 2026-11 --format jsonl
                """)

        @Argument(help: "Checks; all when none is named.") var names: [String] = []
        @OptionGroup var window: WindowOptions
        @Option(help: "csv or jsonl.") var format: SampleFormat = .csv
        @OptionGroup var common: CommonOptions

        func run() throws {
            let plan = try common.plan()
            let zone = try window.zone(of: plan)
            let interval = try window.window(in: zone, now: SystemClock.now)
            let checks = try plan.chosen(names)
            let store = try common.reader(of: plan)
            if let header = format.header { Output.figures(header) }
            for check in checks {
                let history: History?
                do { history = try store.history(store.name(of: check), in: interval)?.content } catch {
                    throw Failure(.store, "\(error)")
                }
                for stretch in history?.stretches ?? [] { write(stretch, of: check.name) }
            }
        }

        /// Slot by slot, regions side by side, some thousand lines a write.
        private func write(_ stretch: History.Stretch, of check: String) {
            var text: [UInt8] = []
            for index in 0..<stretch.count {
                for (region, slots) in zip(stretch.era.regions, stretch.slots) where slots[index].isWritten {
                    let row = SampleRow(
                        slots[index], number: stretch.firstSlot + Int64(index), grid: stretch.era.grid, check: check,
                        region: region)
                    format.write(row, to: &text)
                }
                if text.count > 1 << 18 {
                    Output.figures(text)
                    text.removeAll(keepingCapacity: true)
                }
            }
            Output.figures(text)
        }
    }
}

extension SampleFormat: ExpressibleByArgument {}
