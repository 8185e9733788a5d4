import Testing
import Vocabulary

@testable import Accounting
@testable import Config

/// A history and what it counts as, written down as text: the worked examples of docs/uptime.md and the table of
/// Scenarios.md are such texts, and are run as they stand.
///
///     A name
///     tw@7s: uu3 d2 .
///     = up 4m down 2m unknown 1m
///
/// A region's line has its samples' offset in the slot and a letter for each slot (see `Letters`), with a count behind
/// it where there are more. Other lines set something; those that begin with `=` say what must come out. Times are
/// offsets from the start.
struct WorkedScenario: CustomTestStringConvertible, Sendable {
    let name: String
    /// With their numbers in the file.
    let lines: [(number: Int, text: String)]
    var testDescription: String { name }

    struct Wrong: Error, CustomStringConvertible {
        let description: String
    }

    /// The blocks between ```scenario and ``` of a Markdown text.
    static func all(in markdown: String) -> [WorkedScenario] {
        var found: [WorkedScenario] = []
        var block: [(Int, String)]?
        for (index, line) in markdown.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line == "```scenario" {
                block = []
            } else if line == "```", let lines = block {
                found.append(WorkedScenario(name: lines.first?.1 ?? "?", lines: Array(lines.dropFirst())))
                block = nil
            } else if block != nil {
                block?.append((index + 1, String(line)))
            }
        }
        return found
    }

    /// What does not come out as it says, a sentence each.
    func differences() throws -> [String] {
        var reading = Reading()
        var wishes: [(Int, [Substring])] = []
        for (number, text) in lines {
            do {
                if text.hasPrefix("= ") {
                    wishes.append((number, text.dropFirst(2).split(separator: " ")))
                } else {
                    try reading.take(text)
                }
            } catch let error as Wrong {
                throw Wrong(description: "line \(number): \(error.description)")
            }
        }
        let outcome = try Outcome(reading)
        var comparison = Comparison(outcome)
        for (number, words) in wishes { try comparison.compare(words, line: number) }
        return comparison.finish()
    }

    /// Nanoseconds of `1m30s`, also with a minus.
    static func duration(_ text: some StringProtocol) throws -> Int64 {
        let isNegative = text.hasPrefix("-")
        guard let ns = Duration.parse(String(isNegative ? text.dropFirst() : text[...])) else {
            throw Wrong(description: "\"\(text)\" is no duration")
        }
        return isNegative ? -ns : ns
    }

    // MARK: What is given

    struct Reading {
        var start = Story.start
        var zone = Zone.utc
        var timeoutNs = 10 * Duration.secondNs
        var eras = [EraText()]
        var born: Int64?
        var exclusions: [(String, Exclusion.Source)] = []
        var every: [MaintenanceWindow] = []
        var corrections: [(String, CorrectedVerdict)] = []
        var window: String?
        var now: Int64?
        var apdexNs: Int64?
        var contract: Contract?

        struct EraText {
            var periodNs = Duration.minuteNs
            var vote = Vote.majority
            var regions: [(name: String, offsetNs: Int64, letters: [Character])] = []
            var milliseconds: [String: [UInt32]] = [:]
        }

        mutating func take(_ line: String) throws {
            guard let colon = line.firstIndex(of: ":") else { throw Wrong(description: "no key in \"\(line)\"") }
            let key = String(line[..<colon])
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            if key.contains("@") { return try takeRegion(key, value) }
            switch key {
            case "start": start = try instant(value)
            case "zone": zone = try zone(value)
            case "period": eras[eras.count - 1].periodNs = try duration(value)
            case "vote": eras[eras.count - 1].vote = try vote(value)
            case "timeout": timeoutNs = try duration(value)
            case "era": eras.append(EraText(periodNs: eras[eras.count - 1].periodNs, vote: eras[eras.count - 1].vote))
            case "born": born = try duration(value)
            case "maintenance": exclusions.append((String(value), .maintenance("work")))
            case "pause": exclusions.append((String(value), .pause))
            case "every": every.append(try recurring(.hours(try HoursText.parse(String(value)))))
            case "cron":
                let halves = value.split(separator: "|")
                every.append(
                    try recurring(
                        .cron(
                            try CronText.parse(String(halves[0])), forNs: try duration(halves[1].filter { $0 != " " })))
                )
            case "correct":
                let words = value.split(separator: " ")
                guard words.count == 3, let verdict = CorrectedVerdict(rawValue: String(words[2])) else {
                    throw Wrong(description: "write FROM-TO as VERDICT")
                }
                corrections.append((String(words[0]), verdict))
            case "window": window = String(value)
            case "now": now = try duration(value)
            case "apdex": apdexNs = try duration(value)
            case "ms":
                let words = value.split(separator: " ")
                eras[eras.count - 1].milliseconds[String(words[0])] = words.dropFirst().compactMap { UInt32($0) }
            case "contract": contract = try contract(value)
            default: throw Wrong(description: "unknown key \"\(key)\"")
            }
        }

        private mutating func takeRegion(_ key: String, _ value: Substring) throws {
            let halves = key.split(separator: "@")
            var letters: [Character] = []
            var rest = value
            while let letter = rest.first {
                rest = rest.dropFirst()
                if letter == " " { continue }
                let digits = rest.prefix(while: \.isNumber)
                rest = rest.dropFirst(digits.count)
                letters += Array(repeating: letter, count: digits.isEmpty ? 1 : Int(digits)!)
            }
            eras[eras.count - 1].regions.append((String(halves[0]), try duration(halves[1]), letters))
        }

        private func recurring(_ recurrence: Recurrence) throws -> MaintenanceWindow {
            MaintenanceWindow(
                name: "work", checks: ["shop"],
                rule: .recurring(recurrence, zone: zone, since: nil, until: nil))
        }

        private func instant(_ text: Substring) throws -> Instant {
            guard let instant = Instant(rfc3339: text, zone: zone) else {
                throw Wrong(description: "\"\(text)\" is no time")
            }
            return instant
        }

        private func zone(_ text: Substring) throws -> Zone {
            guard let zone = Zone.load(String(text)) else { throw Wrong(description: "\"\(text)\" is no zone") }
            return zone
        }

        private func vote(_ text: Substring) throws -> Vote {
            guard let vote = Vote(name: String(text)) else { throw Wrong(description: "\"\(text)\" is no vote") }
            return vote
        }

        private func percentage(_ text: Substring) throws -> Percentage {
            guard let percentage = Percentage(text: String(text)) else {
                throw Wrong(description: "\"\(text)\" is no percentage")
            }
            return percentage
        }

        /// `objective 99.9, unknown count-as-down, min_outage 2m, credit 10 below 99.9`
        private func contract(_ text: Substring) throws -> Contract {
            var contract = Contract(
                name: "gold", checks: ["shop"], objective: Percentage(billionths: 999_000_000), zone: zone)
            for part in text.split(separator: ",") {
                let words = part.split(separator: " ")
                switch words[0] {
                case "objective": contract.objective = try percentage(words[1])
                case "unknown": contract.unknown = Contract.UnknownRule(rawValue: String(words[1])) ?? .exclude
                case "maintenance":
                    contract.maintenance = Contract.MaintenanceRule(rawValue: String(words[1])) ?? .exclude
                case "min_outage": contract.minOutageNs = try duration(words[1])
                case "min_coverage": contract.minCoverage = try percentage(words[1])
                case "business_hours":
                    contract.businessHours = try HoursText.parse(words.dropFirst().joined(separator: " "))
                case "credit":
                    contract.credits.append(
                        Contract.CreditStep(below: try percentage(words[3]), credit: try percentage(words[1])))
                default: throw Wrong(description: "unknown term \"\(words[0])\"")
                }
            }
            contract.credits.sort { $0.below > $1.below }
            return contract
        }
    }
}

/// Free, so that the readers above can say it shortly.
private func duration(_ text: some StringProtocol) throws -> Int64 { try WorkedScenario.duration(text) }
