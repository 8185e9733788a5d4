import Foundation
import Support
import Testing
import Vocabulary

@testable import Accounting
@testable import Reporting

/// Whatever figures come, every format writes something that fits and parses.
@Suite struct RandomFiguresTests {
    @Test("any figures can be shown in every format")
    func anyFigures() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<30 {
            let figures = Self.figures(&random)
            let style = TextStyle(
                columns: Int.random(in: 50...170, using: &random), hasColor: false,
                isUnicode: Bool.random(using: &random))
            for format in Formats.reports {
                expectFits(format.render(figures, style), style, format.name, seed)
            }
            for format in Formats.outages {
                expectFits(format.render(figures, withAll: true, style), style, format.name, seed)
            }
            let json = Data(ReportJSON.render(figures).utf8)
            #expect(throws: Never.self, "seed \(seed)") { try JSONSerialization.jsonObject(with: json) }
        }
    }

    private func expectFits(_ text: String, _ style: TextStyle, _ format: String, _ seed: UInt64) {
        #expect(!text.isEmpty, "seed \(seed)")
        guard format == "text" else { return }
        for line in text.split(separator: "\n") {
            #expect(displayWidth(line) <= style.columns, "seed \(seed), \(style.columns) columns: \(line)")
        }
    }

    private static func figures(_ random: inout SeededRandom) -> Figures {
        let start = Instant(seconds: Int64.random(in: 1_700_000_000...1_900_000_000, using: &random))
        let window = Interval(
            start: start, end: start + Int64.random(in: 1...60 * Duration.dayNs, using: &random))
        var checks: [CheckFigures] = []
        for index in 0..<Int.random(in: 0...3, using: &random) {
            var events: [(BarState, Interval)] = []
            var cursor = window.start
            while cursor < window.end, events.count < 200 {
                let from = cursor + Int64.random(in: 0...window.durationNs / 4, using: &random)
                let to = min(from + Int64.random(in: 1...window.durationNs / 9 + 1, using: &random), window.end)
                guard from < to else { break }
                events.append((BarState.allCases.randomElement(using: &random) ?? .up, Interval(start: from, end: to)))
                cursor = to
            }
            var check = Fixture.month(
                "check\(index)", text(&random), window, Fixture.berlin, settledTo: window.end, events)
            check.outages = events.filter { $0.0 == .down }.map { outage($0.1, &random) }
            check.regions = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                RegionFigures(
                    region: text(&random), country: Bool.random(using: &random) ? text(&random) : nil, sums: check.sums,
                    response: Bool.random(using: &random) ? check.response : nil)
            }
            check.blips = check.outages.map { Spell(interval: $0.slots, cause: $0.cause, regions: $0.regions) }
            if Bool.random(using: &random) { check.response = nil }
            checks.append(check)
        }
        let now = window.start + Int64.random(in: 0...2 * window.durationNs, using: &random)
        return Figures(window: window, zone: Fixture.berlin, now: now, checks: checks)
    }

    private static func outage(_ slots: Interval, _ random: inout SeededRandom) -> Outage {
        Outage(
            start: Bool.random(using: &random) ? slots.start : nil,
            startEarliest: Bool.random(using: &random) ? slots.start - 1 : nil,
            end: Bool.random(using: &random) ? slots.end : nil,
            endEarliest: Bool.random(using: &random) ? slots.end - 1 : nil, slots: slots,
            downNs: Bool.random(using: &random) ? slots.durationNs : 0,
            unknownNs: Bool.random(using: &random) ? 1 : 0, cause: Cause.allCases.randomElement(using: &random) ?? .ok,
            regions: [text(&random), text(&random)])
    }

    private static func text(_ random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            let value = UInt32.random(in: 0...(Bool.random(using: &random) ? 0x7f : 0x2ffff), using: &random)
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
