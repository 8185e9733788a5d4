import ArgumentParser
import Ledger
import Vocabulary

struct CorrectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "correct",
        abstract: "Give slots of a check another verdict when counting; samples stay as they are.",
        discussion: """
            Examples:
              sonde correct shop --from 2026-11-03T10:00+08:00 --to 2026-11-03T10:20+08:00 --as up \\
                --why "our own firewall dropped the probes"
              sonde correct shop --list
              sonde correct shop --withdraw 3 --why "wrong day"

            Every report lists the corrections that touch it, with the figures as they would be without them.
            """)

    @Argument(help: "The check.") var name: String
    @Option(help: "The start, inclusive: 2026-11-01 or 2026-11-01T08:00:00+08:00.") var from: String?
    @Option(help: "The end, exclusive.") var to: String?
    @Option(name: .customLong("as"), help: "up, down or excluded.") var verdict: String?
    @Option(help: "The reason, for whoever reads the report.") var why: String?
    @Flag(help: "List the corrections that stand.") var list = false
    @Option(help: "The number of a correction to take back.") var withdraw: Int64?
    @Option(help: "The IANA zone of dates and local times (default: the configuration's).") var zone: String?
    @OptionGroup var common: CommonOptions

    /// Longest reason, in characters.
    static let whyMax = 500

    func run() throws {
        let plan = try common.plan()
        let check = try plan.chosen([name])[0].name
        var window = WindowOptions()
        window.zone = zone
        let zone = try window.zone(of: plan)
        let isEntry = from != nil || to != nil || verdict != nil
        guard [list, withdraw != nil, isEntry].count(where: { $0 }) <= 1 else {
            throw Failure(.usage, "give --from, --to and --as, or --list, or --withdraw")
        }
        if list { return try show(check, plan, zone) }
        guard let why, !why.allSatisfy(\.isWhitespace), why.count <= CorrectCommand.whyMax else {
            throw Failure(.usage, "give the reason, up to \(CorrectCommand.whyMax) characters, with --why")
        }
        if let withdraw { return try takeBack(withdraw, why, plan) }
        let correction = Correction(interval: try interval(zone), verdict: try corrected(), why: why)
        let overlapped = try common.writing(plan) { ledger throws(LedgerError) in
            try ledger.correct(check, correction, at: SystemClock.now)
        }
        if let overlapped {
            throw Failure(
                .usage,
                "correction \(overlapped.id) of \(check) holds a part of that time already: "
                    + CorrectCommand.text(overlapped, zone)
                    + "; choose another time, or take it back with --withdraw \(overlapped.id)")
        }
        Output.note("corrected")
    }

    private func interval(_ zone: Zone) throws -> Interval {
        guard let from, let to else { throw Failure(.usage, "a correction needs --from and --to") }
        return try WindowOptions.span(from: from, to: to, in: zone)
    }

    private func corrected() throws -> CorrectedVerdict {
        let known = CorrectedVerdict.allCases.map(\.rawValue)
        guard let verdict else { throw Failure(.usage, "say what the slots were with --as: up, down or excluded") }
        guard let corrected = CorrectedVerdict(rawValue: verdict) else {
            throw Failure(
                .usage,
                "--as must be up, down or excluded, not \"\(escaped(verdict))\""
                    + SettingReader.hint(for: verdict, among: known))
        }
        return corrected
    }

    private func takeBack(_ id: Int64, _ why: String, _ plan: Plan) throws {
        let isDone = try common.writing(plan) { ledger throws(LedgerError) in
            try ledger.withdraw(correction: id, why: why, at: SystemClock.now)
        }
        guard isDone else { throw Failure(.usage, "there is no correction \(id) that stands; see --list") }
        Output.note("correction \(id) is taken back")
    }

    private func show(_ check: String, _ plan: Plan, _ zone: Zone) throws {
        for entry in try Amendments(plan: plan).corrections where entry.check == check {
            Output.figures("\(entry.id)  \(CorrectCommand.text(entry, zone))")
        }
    }

    /// `2026-11-03 10:00:00 to 2026-11-03 10:20:00 as up ("our own firewall")`.
    private static func text(_ entry: CorrectionEntry, _ zone: Zone) -> String {
        let correction = entry.correction
        return "\(correction.interval.start.text(in: zone)) to \(correction.interval.end.text(in: zone)) as "
            + "\(correction.verdict.rawValue) (\"\(escaped(correction.why))\")"
    }
}
