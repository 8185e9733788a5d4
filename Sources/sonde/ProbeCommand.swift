import ArgumentParser
import Judging
import Probing
import Reporting
import Vocabulary

struct ProbeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "probe",
        abstract: "Ask once, now: where the time went, the verdict, the cause, the certificate. Nothing is stored.",
        discussion: """
            Examples:
              sonde probe                               every check of the configuration, from every region
              sonde probe shop --region tw
              sonde probe --url https://example.com     without any configuration
              sonde probe --tls example.com:443 --json

            The exit code is that of a monitoring plugin: 0 up, 1 degraded, 2 down, 3 unknown; the worst of the checks.
            """)

    @Argument(help: "Checks; all when none is named and no target is given.") var names: [String] = []
    @Option(help: "A URL to ask by HTTP.") var url: String?
    @Option(help: "HOST:PORT to connect to by TCP.") var tcp: String?
    @Option(help: "HOST:PORT to shake hands with by TLS.") var tls: String?
    @Option(help: "The region to ask from; all of a check's when left out.") var region: String?
    @OptionGroup var common: CommonOptions
    @Flag(help: "Print one JSON object a line.") var json = false

    func run() throws {
        let plan = try chosenPlan()
        var mistakes = Mistakes()
        guard let book = ProbeBook.compile(plan, collectsFindings: true, &mistakes) else {
            throw isAdHoc ? Failure(.usage, mistakes.all.map(\.text).joined(separator: "\n")) : Failure(mistakes)
        }
        let reports = try ProbeRound(plan: plan, book: book).ask().map { sample in
            let check = plan.checks[Int(sample.due.series.check)]
            let region = plan.regions[Int(sample.due.series.region)]
            return ProbeReport(
                check: check.name, kind: check.kind, region: region.name, country: region.country,
                sample: sample, verdict: SampleVerdict(sample, grid: check.grid).verdict)
        }
        Output.figures(
            json
                ? ProbeJSON.render(reports)
                : ProbeText.render(reports, Output.style(noColor: common.noColor)))
        let code = PluginCode.worst(of: reports.map(\.verdict))
        if code != 0 { throw ExitCode(code) }
    }

    private var isAdHoc: Bool { url != nil || tcp != nil || tls != nil }

    private func chosenPlan() throws -> Plan {
        var plan: Plan
        if isAdHoc {
            guard names.isEmpty else { throw Failure(.usage, "name checks or give a target, not both") }
            plan = common.config == nil && region == nil ? Plan.bare : try common.plan()
            let asked = [("http", "url", url), ("tcp", "address", tcp), ("tls", "address", tls)]
            plan.checks = asked.compactMap { kind, _, target in
                target.map {
                    Check(
                        name: kind, kind: kind, settings: .text($0, path: "--\(kind == "http" ? "url" : kind)"),
                        regions: region.map { [$0] } ?? [plan.regions[0].name])
                }
            }
        } else {
            plan = try common.plan()
            plan.checks = try plan.chosen(names)
        }
        if let region {
            guard plan.region(named: region) != nil else {
                let hint = SettingReader.hint(for: region, among: plan.regions.map(\.name))
                throw Failure(.usage, "there is no region \"\(escaped(region))\" in the configuration" + hint)
            }
            for index in plan.checks.indices {
                plan.checks[index].regions = plan.checks[index].regions.filter { $0 == region }
            }
            plan.checks.removeAll { $0.regions.isEmpty }
            guard !plan.checks.isEmpty else { throw Failure(.usage, "none of these checks is asked from \(region)") }
        }
        return plan
    }
}

extension Plan {
    /// What holds without a configuration: this host, nothing stored.
    fileprivate static var bare: Plan {
        Plan(
            store: StorePlan(path: "data"), listen: ListenAddress(host: "127.0.0.1", port: 8787), zone: .utc,
            regions: [Region(name: "local")], checks: [])
    }
}
