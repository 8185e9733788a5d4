import Accounting
import Reporting
import Support
import Testing
import Vocabulary

@Suite struct ReportTextTests {
    static let styles: [(name: String, style: TextStyle)] = [
        ("100-color", TextStyle(columns: 100, hasColor: true, isUnicode: true)),
        ("100-plain", TextStyle(columns: 100, hasColor: false, isUnicode: true)),
        ("80-color", TextStyle(columns: 80, hasColor: true, isUnicode: true)),
        ("80-plain", TextStyle(columns: 80, hasColor: false, isUnicode: true)),
        ("80-ascii", TextStyle(columns: 80, hasColor: false, isUnicode: false)),
    ]

    @Test("the report of a month looks as agreed", arguments: styles)
    func month(name: String, style: TextStyle) throws {
        try expectGolden(ReportText.render(Fixture.one, style), "report-month-\(name).txt")
    }

    @Test("the report of several checks looks as agreed", arguments: styles)
    func several(name: String, style: TextStyle) throws {
        try expectGolden(ReportText.render(Fixture.several, style), "report-several-\(name).txt")
    }

    @Test("a day of 23 hours leaves the missing hour blank and says so")
    func spring() throws {
        try expectGolden(ReportText.render(Fixture.spring, Self.styles[1].style), "report-spring.txt")
    }

    @Test("a year folds the days that have nothing to tell")
    func year() throws {
        try expectGolden(ReportText.render(Fixture.year, Self.styles[1].style), "report-year.txt")
    }

    @Test("a check without a settled slot has no data, never 100 %")
    func noData() {
        let figures = Figures(
            window: Fixture.october, zone: Fixture.berlin, now: Fixture.now, checks: [Fixture.empty])
        let text = ReportText.render(figures, Self.styles[1].style)
        #expect(text.contains("no data"))
        #expect(!text.contains("100"))
    }

    @Test("generated history is labelled wherever it shows")
    func generated() {
        var figures = Fixture.one
        figures.checks[0].hasGenerated = true
        let style = Self.styles[1].style
        #expect(ReportText.render(figures, style).contains("generated history"))
        #expect(OutagesText.render(figures, withAll: false, style).contains("generated history"))
        #expect(ReportJSON.render(figures).contains("\"generated\": true"))
        #expect(StatusText.render(Fixture.status, style).contains("generated history"))
        #expect(StatusPage.render(Fixture.status).contains("generated history"))
    }
}
