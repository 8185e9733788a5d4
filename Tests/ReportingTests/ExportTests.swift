import Foundation
import Reporting
import Support
import Testing
import Vocabulary

@Suite struct ExportTests {
    static let styles = ReportTextTests.styles

    @Test("an SLA looks as agreed in every format")
    func sla() throws {
        for format in Formats.slas {
            try expectGolden(format.render(Fixture.sla), "sla.\(format.name)")
        }
    }

    @Test("the outages look as agreed in every format, with and without the rest")
    func outages() throws {
        let style = TextStyle(columns: 80, hasColor: false, isUnicode: true)
        for format in Formats.outages {
            for withAll in [false, true] {
                let text = format.render(Fixture.several, withAll: withAll, style)
                try expectGolden(text, "outages\(withAll ? "-all" : "").\(format.name)")
            }
        }
    }

    @Test("a report as JSON looks as agreed")
    func report() throws {
        try expectGolden(ReportJSON.render(Fixture.several), "report.json")
    }

    @Test("probes look as agreed", arguments: styles)
    func probe(name: String, style: TextStyle) throws {
        try expectGolden(ProbeText.render(Fixture.probes, style), "probe-\(name).txt")
    }

    @Test("probes as JSON are one object a line")
    func probeJSON() throws {
        let text = ProbeJSON.render(Fixture.probes)
        try expectGolden(text, "probe.json")
        let lines = text.split(separator: "\n")
        #expect(lines.count == Fixture.probes.count)
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }

    @Test("a valid configuration is summed up", arguments: styles)
    func validate(name: String, style: TextStyle) throws {
        let text = ValidateText.render(Fixture.plan, bytes: [28_800_000, 9_600_123, 1_234], style)
        try expectGolden(text, "validate-\(name).txt")
    }
}
