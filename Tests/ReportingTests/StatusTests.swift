import Accounting
import Foundation
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

    @Test("every output says which region doubts itself")
    func doubt() throws {
        var line = Fixture.statusLines[0]
        line.regions = [
            .init(region: "tw", verdict: .unknown, cause: .sentinelsFailed), .init(region: "jp", verdict: .up),
        ]
        let status = Status(lines: [line, line], now: Fixture.now, zone: Fixture.berlin)
        let words = "Region tw doubts itself: none of its sentinels answers"
        #expect(status.doubting == ["tw"])
        #expect(StatusText.render(status, TextStyle(columns: 100, hasColor: false, isUnicode: true)).contains(words))
        #expect(StatusPage.render(status).contains("<p>\(words)</p>"))
        let json = try JSONSerialization.jsonObject(with: Data(StatusJSON.render(status).utf8)) as? [String: Any]
        #expect(json?["doubting"] as? [String] == ["tw"])
    }

    @Test("every output says why the store takes no samples")
    func storeFault() throws {
        let fault = "data/journal/7.seg: no space left on <this> device\u{1b}"
        let status = Status(
            lines: [Fixture.statusLines[0]], now: Fixture.now, zone: Fixture.berlin, storeFault: fault)
        let words =
            "The store takes no samples, they wait in memory: data/journal/7.seg: no space left on <this> device\\u{1b}"
        let text = StatusText.render(status, TextStyle(columns: 80, hasColor: false, isUnicode: true))
        #expect(text.split { $0 == "\n" || $0 == " " }.joined(separator: " ").contains(words))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        let page = StatusPage.render(status)
        #expect(page.contains(words.replacingOccurrences(of: "<this>", with: "&lt;this&gt;")))
        let json = try JSONSerialization.jsonObject(with: Data(StatusJSON.render(status).utf8)) as? [String: Any]
        #expect(json?["store_fault"] as? String == fault)
    }

    @Test("a pause that goes on has no end on the page")
    func openPause() {
        var month = Fixture.one
        let pause = Interval(start: Fixture.now - Duration.hourNs, end: Instant(nanoseconds: .max))
        month.checks[0].exclusions[1].interval = pause
        month.checks[0].exclusions[1].excludedNs = Duration.hourNs
        let status = Status(
            lines: [Fixture.statusLines[0]], now: Fixture.now, zone: Fixture.berlin, month: month)
        let start = pause.start.text(in: Fixture.berlin)
        let words = "<span class=\"when\">\(start) – still going on</span> <strong>1 h</strong> excluded: pause"
        #expect(StatusPage.render(status).contains(words))
    }
}
