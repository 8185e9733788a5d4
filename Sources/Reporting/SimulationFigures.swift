import Accounting
import Vocabulary

/// A simulated stretch: what was counted, beside what really happened.
package struct SimulationFigures: Sendable {
    package var seed: UInt64
    package var samples: Int
    package var counted: Figures
    /// In the order of the checks.
    package var truths: [Truth]

    package init(seed: UInt64, samples: Int, counted: Figures, truths: [Truth]) {
        self.seed = seed
        self.samples = samples
        self.counted = counted
        self.truths = truths
    }

    /// What one check's target really did, by the check's vote over all its regions at every instant.
    package struct Truth: Sendable {
        package var downNs: Int64 = 0
        package var outages = 0
        /// Of these, how many the count has.
        package var found = 0
        /// Incidents told.
        package var told = 0
        /// From a true outage's start to the message, nanoseconds; the median of those told, nil for none.
        package var detectionNs: Int64?

        package init() {}
    }
}

/// A simulation on a terminal: the truth beside the count, then the report.
package enum SimulationText: SimulationFormat {
    package static let name = "text"
    package static let contentType = ContentType.text

    package static func render(_ simulation: SimulationFigures, _ style: TextStyle) -> String {
        var page = TextPage(style)
        var title = TextLine(indent: 1)
        title.add("Simulation", .strong)
        title.add("  seed \(simulation.seed), \(Words.grouped(Int64(simulation.samples))) samples")
        page.line(title)
        page.line()
        var table = TextTable([
            .init(title: "check", canShrink: true), .init(title: "truly down", isRight: true),
            .init(title: "counted down", isRight: true), .init(title: "unknown", isRight: true),
            .init(title: "true outages", isRight: true), .init(title: "found", isRight: true),
            .init(title: "told", isRight: true), .init(title: "told after", isRight: true),
        ])
        for (check, truth) in zip(simulation.counted.checks, simulation.truths) {
            table.add([
                .text(escaped(check.check), .strong), .text(Words.duration(truth.downNs)),
                .text(Words.duration(check.sums.down)), .text(Words.duration(check.sums.unknown)),
                .text("\(truth.outages)"), .text("\(truth.found)"), .text("\(truth.told)"),
                .text(truth.detectionNs.map { Words.duration($0) } ?? "–"),
            ])
        }
        table.write(to: &page, indent: 1)
        page.line()
        return page.text + ReportText.render(simulation.counted, style)
    }
}

/// A simulation as one JSON object.
package enum SimulationJSON: SimulationFormat {
    package static let name = "json"
    package static let contentType = ContentType.json

    package static func render(_ simulation: SimulationFigures, _ style: TextStyle) -> String { render(simulation) }

    package static func render(_ simulation: SimulationFigures) -> String {
        let figures = simulation.counted
        return JSON.object([
            "seed": .number("\(simulation.seed)"), "samples": .int(Int64(simulation.samples)),
            "window": .window(figures.window, figures.zone),
            "checks": .array(
                zip(figures.checks, simulation.truths).map { check, truth in
                    .object([
                        "check": .string(check.check), "truly_down_s": .seconds(truth.downNs),
                        "uptime": check.sums.uptime.json, "coverage": check.sums.coverage.json,
                        "seconds": check.sums.secondsJSON, "true_outages": .int(Int64(truth.outages)),
                        "found": .int(Int64(truth.found)), "told": .int(Int64(truth.told)),
                        "told_after_s": truth.detectionNs.map { .seconds($0) } ?? .null,
                        "outages": .array(check.outages.map(\.json)),
                    ])
                }),
        ]).prettyText + "\n"
    }
}
