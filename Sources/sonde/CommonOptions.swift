import Alerting
import ArgumentParser
import Config
import Glibc
import Judging
import Ledger
import Probing
import Storage
import Vocabulary

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "The configuration (default: sonde.yaml here, else /etc/sonde/sonde.yaml).")
    var config: String?

    @Option(help: "The store's folder, instead of the configuration's.")
    var store: String?

    @Flag(help: "No colours (also: NO_COLOR, or output that is no terminal).")
    var noColor = false

    /// The checked configuration. Throws `Failure` with every mistake at once.
    func plan() throws -> Plan { try reading().plan }

    struct Reading {
        let plan: Plan
        let files: [String]
        let warnings: [String]
    }

    func reading() throws -> Reading {
        let path = try configPath()
        let reading = CommonOptions.reader.read(path: path)
        // What other stages own, they check: all mistakes are told at once, and nothing starts half.
        var found = Mistakes()
        if let draft = reading.draft {
            _ = ProbeBook.compile(draft.withSentinels, readsSystem: false, &found)
            _ = ChannelBook.compile(draft, &found)
        }
        let mistakes = reading.mistakes(with: found)
        guard mistakes.isEmpty, var plan = reading.plan else { throw Failure(mistakes) }
        if let store { plan.store.path = store }
        return Reading(plan: plan, files: reading.files, warnings: reading.warnings)
    }

    static var reader: ConfigReader {
        ConfigReader(
            kinds: ProbeKinds.all.map { KindName(name: $0.name, shortKey: $0.shortKey) },
            channelKinds: ChannelKinds.all.map { $0.kind }, environment: environment)
    }

    /// The store for reading. Throws `Failure`, code 74.
    func reader(of plan: Plan) throws -> StoreReader {
        do { return try StoreReader(path: plan.store.path) } catch { throw Failure(.store, "\(error)") }
    }

    private func configPath() throws -> String {
        if let config { return config }
        for path in ["sonde.yaml", "/etc/sonde/sonde.yaml"] where access(path, F_OK) == 0 { return path }
        throw Failure(
            .configuration,
            "no configuration: neither sonde.yaml here nor /etc/sonde/sonde.yaml; write one with `sonde init`, "
                + "or name one with --config"
        )
    }

    static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let equals = text.firstIndex(of: "=") {
                variables[String(text[..<equals])] = String(text[text.index(after: equals)...])
            }
            entry += 1
        }
        return variables
    }
}
