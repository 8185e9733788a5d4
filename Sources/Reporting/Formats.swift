import Accounting
import Vocabulary

// In: figures, probe reports, a plan. Out: text, JSON, CSV, Markdown, HTML.
// Pure: no clock, no files, no network. Must never count: every number shown was made by Accounting.

/// Every output by name: a new one is a file and a line here.
package enum Formats {
    package static let reports: [any ReportFormat.Type] = [ReportText.self, ReportJSON.self]
    package static let outages: [any OutageFormat.Type] = [OutagesText.self, OutagesJSON.self, OutagesCSV.self]
    package static let statuses: [any StatusFormat.Type] = [StatusText.self, StatusJSON.self, StatusPage.self]
    package static let slas: [any SLAFormat.Type] = [SLAJSON.self, SLACSV.self, SLAMarkdown.self]
    package static let whys: [any WhyFormat.Type] = [WhyText.self, WhyJSON.self]
    package static let replays: [any ReplayFormat.Type] = [ReplayText.self, ReplayJSON.self]
    package static let simulations: [any SimulationFormat.Type] = [SimulationText.self, SimulationJSON.self]
    package static let metrics: [any MetricsFormat.Type] = [MetricsText.self]
    package static let probes: [any ProbeFormat.Type] = [ProbeText.self, ProbeJSON.self]
}

/// What every output says of itself.
package protocol OutputFormat: Sendable {
    /// As a person asks for it: `text`, `json`, `csv`, `md`, `html`.
    static var name: String { get }
    /// As HTTP says it.
    static var contentType: String { get }
}

package protocol ReportFormat: OutputFormat {
    static func render(_ figures: Figures, _ style: TextStyle) -> String
}

package protocol OutageFormat: OutputFormat {
    /// `withAll`: partials and blips too.
    static func render(_ figures: Figures, withAll: Bool, _ style: TextStyle) -> String
}

package protocol StatusFormat: OutputFormat {
    static func render(_ status: Status, _ style: TextStyle) -> String
}

package protocol SLAFormat: OutputFormat {
    static func render(_ figures: SLAFigures) -> String
}

package protocol WhyFormat: OutputFormat {
    static func render(_ why: Explanation, zone: Zone, _ style: TextStyle) -> String
}

package protocol ReplayFormat: OutputFormat {
    static func render(_ replay: ReplayFigures, _ style: TextStyle) -> String
}

package protocol SimulationFormat: OutputFormat {
    static func render(_ simulation: SimulationFigures, _ style: TextStyle) -> String
}

package protocol MetricsFormat: OutputFormat {
    static func render(_ metrics: Metrics) -> String
}

package protocol ProbeFormat: OutputFormat {
    static func render(_ reports: [ProbeReport], _ style: TextStyle) -> String
}

extension OutputFormat {
    package static func document(_ body: String) -> Document { Document(contentType: contentType, body: body) }
}

/// The content types of our outputs.
enum ContentType {
    static let text = "text/plain; charset=utf-8"
    static let json = "application/json; charset=utf-8"
    static let csv = "text/csv; charset=utf-8"
    static let markdown = "text/markdown; charset=utf-8"
    static let html = "text/html; charset=utf-8"
}
