import Accounting
import Foundation
import Support
import Testing
import Vocabulary

@testable import Reporting

@Suite struct LayoutTests {
    /// A name of a row, so that a failure says which output it was.
    struct Output: CustomTestStringConvertible {
        let testDescription: String
        let render: @Sendable (TextStyle) -> String
    }

    static let outputs: [Output] = [
        Output(testDescription: "report") { ReportText.render(Fixture.several, $0) },
        Output(testDescription: "report of a spring day") { ReportText.render(Fixture.spring, $0) },
        Output(testDescription: "report of a year") { ReportText.render(Fixture.year, $0) },
        Output(testDescription: "report of nothing") {
            ReportText.render(Figures(window: Fixture.october, zone: .utc, now: Fixture.now, checks: []), $0)
        },
        Output(testDescription: "outages") { OutagesText.render(Fixture.several, withAll: true, $0) },
        Output(testDescription: "status") { StatusText.render(Fixture.status, $0) },
        Output(testDescription: "probe") { ProbeText.render(Fixture.probes, $0) },
        Output(testDescription: "validate") { ValidateText.render(Fixture.plan, bytes: [Int64.max / 4, 0, 1], $0) },
    ]

    @Test("no line is wider than the terminal", arguments: outputs)
    func width(output: Output) {
        for columns in [1, 60, 80, 81, 100, 132, 1000] {
            for isUnicode in [true, false] {
                let style = TextStyle(columns: columns, hasColor: true, isUnicode: isUnicode)
                for line in withoutColor(output.render(style)).split(separator: "\n") {
                    #expect(displayWidth(line) <= style.columns, "at \(columns): \(line)")
                }
            }
        }
    }

    @Test("colour adds nothing but colour", arguments: outputs)
    func color(output: Output) {
        let colored = output.render(TextStyle(columns: 100, hasColor: true, isUnicode: true))
        let plain = output.render(TextStyle(columns: 100, hasColor: false, isUnicode: true))
        #expect(withoutColor(colored) == plain)
    }

    @Test("without colour no control character but the line end reaches the terminal", arguments: outputs)
    func control(output: Output) {
        let text = output.render(TextStyle(columns: 100, hasColor: false, isUnicode: true))
        let control = text.unicodeScalars.filter {
            $0 != "\n" && [.control, .format].contains($0.properties.generalCategory)
        }
        #expect(Array(control) == [])
    }

    @Test("without Unicode every character is ASCII", arguments: outputs)
    func ascii(output: Output) {
        let text = output.render(TextStyle(columns: 100, hasColor: false, isUnicode: false))
        #expect(text.unicodeScalars.filter { !$0.isASCII }.isEmpty)
    }

    @Test("no line ends in a space", arguments: outputs)
    func trailing(output: Output) {
        let text = output.render(TextStyle(columns: 100, hasColor: false, isUnicode: true))
        #expect(text.split(separator: "\n").filter { $0.hasSuffix(" ") } == [])
    }

    @Test("wide characters take two columns, marks none")
    func displayWidths() {
        let rows: [(text: String, columns: Int)] = [
            ("", 0), ("shop", 4), ("são", 3), ("sa\u{303}o", 3), ("結帳", 4), ("한국", 4), ("ｆ", 2), ("🚀", 2), ("▄·–…", 4),
        ]
        for row in rows { #expect(displayWidth(row.text) == row.columns, "\(row.text)") }
    }

    @Test("text is cut by columns and says so")
    func cutting() {
        let rows: [(text: String, columns: Int, cut: String)] = [
            ("shop", 4, "shop"), ("shops", 4, "sho…"), ("結帳頁", 5, "結帳…"), ("結帳頁", 4, "結…"), ("a", 0, ""),
            ("ab", 1, "…"),
        ]
        for row in rows { #expect(fitted(row.text, row.columns) == row.cut) }
    }

    @Test("an inner table gives way and keeps its bar")
    func table() {
        var table = TextTable([
            .init(title: "name", canShrink: true), .init(title: "n", isRight: true),
            .init(title: "", fillMax: 9, fillMin: 4),
        ])
        table.add([
            .text(String(repeating: "x", count: 99)), .text("12"),
            .drawn { TextLine(String(repeating: "=", count: $0)) },
        ])
        table.add([.text("short"), .text("3"), .drawn { _ in TextLine() }])
        var page = TextPage(TextStyle(columns: 60, hasColor: false, isUnicode: true))
        table.write(to: &page, indent: 1)
        let name = String(repeating: "x", count: 48) + "…"
        #expect(
            page.text == """
                 name\(String(repeating: " ", count: 47)) n
                 \(name)  12  ====
                 short\(String(repeating: " ", count: 46)) 3

                """)
    }
}

/// The text as it stands on the screen.
func withoutColor(_ text: String) -> String {
    text.replacingOccurrences(of: "\u{1b}\\[[0-9;]*m", with: "", options: .regularExpression)
}
