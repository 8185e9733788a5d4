import Accounting
import Reporting
import Support
import Testing
import Vocabulary

@Suite struct StatusTests {
    @Test("the status of several checks looks as agreed", arguments: ReportTextTests.styles)
    func text(name: String, style: TextStyle) throws {
        try expectGolden(StatusText.render(Fixture.status, style), "status-\(name).txt")
    }

    @Test("the status page looks as agreed")
    func page() throws {
        try expectGolden(StatusPage.render(Fixture.status), "status.html")
        let single = Status(
            lines: [Fixture.statusLines[0]], now: Fixture.now, zone: Fixture.berlin, month: Fixture.one)
        try expectGolden(StatusPage.render(single), "status-one.html")
    }

    @Test("the status as JSON has the agreed shape")
    func json() throws {
        try expectGolden(StatusJSON.render(Fixture.status), "status.json")
    }
}
