import Accounting
import Foundation
import Testing
import Vocabulary

@testable import Reporting

@Suite struct EscapingTests {
    @Test("HTML keeps words words")
    func html() {
        let rows: [(text: String, html: String)] = [
            ("shop", "shop"), ("<script>", "&lt;script&gt;"), ("a&b", "a&amp;b"), ("\"'`", "&quot;&#39;&#96;"),
            ("\u{1b}[2J", "\\u{1b}[2J"), ("\u{202e}x", "\\u{202e}x"), ("a\nb", "a\\nb"),
            ("<\u{301}b>", "&lt;\u{301}b&gt;"),
            ("結帳", "結帳"),
        ]
        for row in rows { #expect(htmlEscaped(row.text) == row.html) }
    }

    @Test("no hostile word becomes markup of the page")
    func page() {
        let html = StatusPage.render(Fixture.status)
        #expect(!html.contains("<script"))
        #expect(!html.contains("<b>"))
        #expect(!html.contains("\u{1b}"))
        #expect(!html.contains("\u{202e}"))
        #expect(!html.contains("style=\""))
        #expect(!html.contains("http:") && !html.contains("https:") && !html.contains("//"))
    }

    @Test("the page's elements are closed in the order they were opened")
    func nesting() {
        let voids: Set<String> = ["!DOCTYPE", "meta"]
        var open: [String] = []
        let html = StatusPage.render(Fixture.status)
        for match in html.matches(of: /<(\/?)([!A-Za-z0-9]+)((?:"[^"]*"|[^">])*)>/) {
            let (isClosing, name) = (!match.1.isEmpty, String(match.2))
            if isClosing {
                #expect(open.popLast() == name)
            } else if !voids.contains(name), !match.3.hasSuffix("/") {
                open.append(name)
            }
        }
        #expect(open == [])
    }

    @Test("CSV quotes what needs it and defuses formulas in words, not in numbers")
    func csv() {
        let rows: [(field: CSV.Field, text: String)] = [
            (.text("shop"), "shop"), (.text("a,b"), "\"a,b\""), (.text("a\"b"), "\"a\"\"b\""),
            (.text("a\r\nb"), "\"a\r\nb\""),
            (.text("=1+1"), "'=1+1"), (.text("+x"), "'+x"), (.text("-x"), "'-x"), (.text("@x"), "'@x"),
            (.text("\tx"), "'\tx"), (.text("＝x"), "'＝x"), (.text("=\"x\""), "\"'=\"\"x\"\"\""),
            (.value("-12.5"), "-12.5"),
            (.value(nil), ""), (.text(""), ""),
        ]
        for row in rows { #expect(CSV.row([row.field]) == row.text + "\r\n") }
    }

    @Test("Markdown tables keep their columns")
    func markdown() {
        let tables = SLAMarkdown.render(Fixture.sla).split(separator: "\n").filter { $0.hasPrefix("|") }
        for line in tables {
            let bars = line.replacingOccurrences(of: "\\|", with: "").filter { $0 == "|" }.count
            #expect([5, 9].contains(bars), "\(line)")
            #expect(!line.contains("<"))
        }
    }
}
