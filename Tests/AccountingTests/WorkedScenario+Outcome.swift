import Vocabulary

@testable import Accounting

extension WorkedScenario {
    /// What is counted of a reading.
    struct Outcome {
        let figures: CheckFigures
        let count: Count
        let start: Instant
        let contract: SLACheckFigures?

        init(_ reading: Reading) throws {
            start = reading.start
            var stretches: [History.Stretch] = []
            var from = reading.start
            for text in reading.eras {
                let grid = SlotGrid(periodNs: text.periodNs)
                let slot = grid.firstSlot(from: from)
                let count = text.regions.map(\.letters.count).max() ?? 0
                let era = Era(
                    from: grid.start(of: slot), periodNs: text.periodNs, vote: text.vote,
                    regions: text.regions.map(\.name), firstSequence: 0)
                let lists = text.regions.map { region in
                    (0..<count).map { place -> Slot in
                        let letter = place < region.letters.count ? region.letters[place] : "."
                        let times = text.milliseconds[region.name] ?? []
                        let us = place < times.count ? times[place] * 1_000 : 10_000
                        return Letters.slot(
                            letter, startMs: region.offsetNs / Duration.millisecondNs, legs: Legs(waitUs: us))
                    }
                }
                stretches.append(History.Stretch(era: era, firstSlot: slot, slots: lists))
                from = grid.start(of: slot + Int64(count))
            }
            let end = from
            let start = self.start
            func offset(_ text: some StringProtocol) throws -> Instant { start + (try WorkedScenario.duration(text)) }
            func interval(_ text: String) throws -> Interval {
                // A start before the story's begins with a minus of its own.
                guard let dash = text.dropFirst().firstIndex(of: "-") else {
                    throw Wrong(description: "\"\(text)\" is not FROM-TO")
                }
                let end = text[text.index(after: dash)...]
                return Interval(
                    start: try offset(text[..<dash]),
                    end: end.isEmpty ? Instant(nanoseconds: .max) : try offset(end))
            }
            var window = Interval(start: start, end: end)
            if let text = reading.window {
                window = try CalendarWindow(text: text)?.interval(in: reading.zone) ?? interval(text)
            }
            let birth = stretches.lazy.compactMap { stretch in
                (0..<stretch.count).first { place in stretch.slots.contains { $0[place].verdict.isKnown } }
                    .map { stretch.era.grid.start(of: stretch.firstSlot + Int64($0)) }
            }.first
            let wide = Interval(start: min(start, window.start), end: max(end, window.end))
            var exclusions = Windows.exclusions(for: "shop", in: wide, windows: reading.every)
            for (text, source) in reading.exclusions {
                exclusions.append(Exclusion(interval: try interval(text), source: source))
            }
            let last = reading.eras[reading.eras.count - 1]
            var input = Fixtures.input(
                History(check: "shop", birth: reading.born.map { start + $0 } ?? birth, stretches: stretches),
                periodNs: last.periodNs, vote: last.vote, regions: last.regions.map(\.name), window: window,
                zone: reading.zone, now: reading.now.map { start + $0 },
                exclusions: exclusions.sorted { $0.interval.start < $1.interval.start },
                corrections: try reading.corrections.map {
                    Correction(interval: try interval($0.0), verdict: $0.1, why: "seen otherwise")
                })
            input.check.timeoutNs = reading.timeoutNs
            input.check.apdexNs = reading.apdexNs
            count = Count(input)
            figures = count.figures()
            contract = reading.contract.map {
                SLACount.figures($0, window: window, now: input.now, inputs: [input]).checks[0]
            }
        }
    }

    /// What was wished for against what came out.
    struct Comparison {
        let outcome: Outcome
        private var differences: [String] = []
        private var outagesSeen = 0
        private var hasOutages = false

        init(_ outcome: Outcome) { self.outcome = outcome }

        /// A list of outages is whole.
        func finish() -> [String] {
            let count = outcome.figures.outages.count
            guard hasOutages, outagesSeen != count else { return differences }
            return differences + ["\(outagesSeen) outages are told of \(count)"]
        }

        mutating func compare(_ words: [Substring], line: Int) throws {
            let words = words[...]
            let figures = outcome.figures
            let found: [String]
            func after(_ count: Int) -> [(String, String)] {
                let rest = Array(words.dropFirst(count))
                return stride(from: 0, to: rest.count - 1, by: 2).map { (String(rest[$0]), String(rest[$0 + 1])) }
            }
            switch words.first {
            case "day":
                let day = figures.days.first { "\($0.date)" == words.dropFirst().first ?? "" }
                found = Comparison.differences(after(2), line) { key in day.flatMap { sum($0.sums, key) } }
            case "region":
                let region = figures.regions.first { $0.region == words.dropFirst().first ?? "" }
                found = Comparison.differences(after(2), line) { key in region.flatMap { sum($0.sums, key) } }
            case "uncorrected":
                found = Comparison.differences(after(1), line) { key in figures.uncorrected.flatMap { sum($0, key) } }
            case "days":
                found = Comparison.differences([("days", String(words.dropFirst().first ?? ""))], line) { _ in
                    "\(figures.days.count)"
                }
            case "no":
                hasOutages = true
                found = []
            case "outage":
                hasOutages = true
                let outage = outagesSeen < figures.outages.count ? figures.outages[outagesSeen] : nil
                outagesSeen += 1
                let slots = String(words.dropFirst().first ?? "")
                found = Comparison.differences([("slots", slots)] + after(2), line) { key in
                    outage.flatMap { told($0, key) }
                }
            case "slot":
                let at = outcome.start + (try WorkedScenario.duration(words.dropFirst().first ?? ""))
                let why = outcome.count.explanation(at: at)
                found = Comparison.differences(after(2), line) { key in
                    switch key {
                    case "verdict": why?.verdict.name
                    case "counted": why?.counted.map { "\($0)" } ?? why?.standing.rawValue
                    default: nil
                    }
                }
            case "live":
                let live = LiveCourse(outcome.count.input)
                found = Comparison.differences([("live", String(words.dropFirst().first ?? ""))] + after(2), line) {
                    key in
                    key == "since" ? offset(live.since) : live.verdict.name
                }
            case "contract":
                found = Comparison.differences([("outcome", String(words.dropFirst().first ?? ""))] + after(2), line) {
                    key in
                    outcome.contract.flatMap { told($0, key) }
                }
            default:
                found = Comparison.differences(after(0), line) { key in told(figures, key) }
            }
            differences += found
        }

        private static func differences(
            _ pairs: [(String, String)], _ line: Int, _ actual: (String) -> String?
        ) -> [String] {
            pairs.compactMap { key, wanted in
                let found = actual(key) ?? "nothing of that name"
                return found == wanted ? nil : "line \(line): \(key) is \(found), not \(wanted)"
            }
        }

        private func text(_ ns: Int64) -> String { ns < 0 ? "-" + text(-ns) : Duration.text(ns) }
        private func offset(_ instant: Instant?) -> String { instant.map { text($0 - outcome.start) } ?? "?" }

        private func sum(_ sums: Sums, _ key: String) -> String? {
            switch key {
            case "up": text(sums.up)
            case "degraded": text(sums.degraded)
            case "down": text(sums.down)
            case "unknown": text(sums.unknown)
            case "excluded": text(sums.excluded)
            case "uptime": sums.uptime.percentText ?? "no-data"
            case "coverage": sums.coverage.percentText ?? "no-data"
            case "worst": sums.worst.percentText ?? "no-data"
            case "best": sums.best.percentText ?? "no-data"
            case "json": sums.uptime.json.text
            default: nil
            }
        }

        private func told(_ figures: CheckFigures, _ key: String) -> String? {
            func length(_ spells: [Spell]) -> String { text(spells.reduce(0) { $0 + $1.interval.durationNs }) }
            switch key {
            case "partial": return length(figures.partials)
            case "blip": return length(figures.blips)
            case "alone": return length(figures.regional)
            case "outages": return "\(figures.outages.count)"
            case "apdex": return figures.apdex?.score.decimalText ?? "no-data"
            case "samples": return "\(figures.response?.count ?? 0)"
            case "mean": return figures.response.map { text($0.meanUs * 1_000) }
            case "p50": return figures.response.map { text($0.p50Us * 1_000) }
            case "p95": return figures.response.map { text($0.p95Us * 1_000) }
            case "p99": return figures.response.map { text($0.p99Us * 1_000) }
            case "max": return figures.response.map { text($0.maxUs * 1_000) }
            case "failures": return "\(figures.failures.reduce(0) { $0 + $1.count })"
            default: return sum(figures.sums, key)
            }
        }

        private func told(_ outage: Outage, _ key: String) -> String? {
            switch key {
            case "slots": "\(offset(outage.slots.start))-\(offset(outage.slots.end))"
            case "start": offset(outage.start)
            case "after": offset(outage.startEarliest)
            case "end": offset(outage.end)
            case "last-bad": offset(outage.endEarliest)
            case "down": text(outage.downNs)
            case "unknown": text(outage.unknownNs)
            case "regions": outage.regions.joined(separator: ",")
            case "cause": outage.cause.name
            default: nil
            }
        }

        private func told(_ check: SLACheckFigures, _ key: String) -> String? {
            switch key {
            case "outcome": check.outcome.rawValue.split(separator: " ").joined(separator: "-")
            case "budget": text(check.budgetNs)
            case "spent": text(check.spentNs)
            case "left": text(check.leftNs)
            case "until-breach": check.untilBreachNs.map { text($0) } ?? "never"
            case "credit": check.credit?.text ?? "none"
            case "outages": "\(check.outages.count)"
            case "short": "\(check.shortOutages.count)"
            default: sum(check.sums, key)
            }
        }
    }
}
