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
}
