import Accounting
import Vocabulary

/// The status page: one HTML file that needs nothing else, no script, and a policy of `style-src 'unsafe-inline'` only.
/// What a pointer shows, a key shows too: bars take the focus and say their exact times.
package enum StatusPage: StatusFormat {
    package static let name = "html"
    package static let contentType = ContentType.html

    /// With more checks than this, the day-by-day rows begin folded.
    private static let unfoldedChecksMax = 3

    package static func render(_ status: Status, _ style: TextStyle) -> String { render(status) }

    package static func render(_ status: Status) -> String {
        let isUnfolded = status.lines.count <= unfoldedChecksMax
        let months = Dictionary((status.month?.checks ?? []).map { ($0.check, $0) }) { first, _ in first }
        let cards = status.lines.map { line in
            StatusCard(line: line, month: months[line.check], status: status, isUnfolded: isUnfolded).html
        }
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>\(htmlEscaped(StatusText.summary(status)))</title>
            <style>
            \(StatusPageStyle.css)
            </style>
            </head>
            <body>
            \(patterns)
            <main>
            \(banner(status))
            \(cards.joined(separator: "\n"))
            \(footer)
            </main>
            </body>
            </html>

            """
    }

    private static func banner(_ status: Status) -> String {
        """
        <header class="banner \(status.worst.name)">
        <span class="dot" aria-hidden="true"></span>
        <div><h1>\(headline(status))</h1>\(doubts(status))
        <p>\(htmlEscaped(StatusText.summary(status))) · as of <time datetime="\(status.now.rfc3339)">\
        \(Words.time(status.now, status.zone))</time> \(htmlEscaped(status.zone.name))</p></div>
        </header>
        """
    }

    private static func doubts(_ status: Status) -> String {
        let fault = status.storeFault.map(StatusText.storeFault)
        let words = status.doubting.map(StatusText.doubt) + [fault].compactMap(\.self)
        return words.map { "\n<p>\(htmlEscaped($0))</p>" }.joined()
    }

    private static func headline(_ status: Status) -> String {
        guard !status.lines.isEmpty else { return "No checks" }
        return switch status.worst {
        case .up: "Everything is up"
        case .degraded: "Up, some of it degraded"
        case .unknown: "Some checks are unknown"
        case .down: status.lines.allSatisfy { $0.verdict == .down } ? "Everything is down" : "Something is down"
        }
    }

    /// What tells degraded, unknown and excluded apart without colour.
    private static let patterns = """
        <svg width="0" height="0" aria-hidden="true"><defs>
        <pattern id="hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">\
        <rect width="2" height="5" class="excluded"/></pattern>
        <pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">\
        <rect width="2" height="2" class="unknown"/></pattern>
        <pattern id="weave" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">\
        <rect width="4" height="6" class="degraded"/></pattern>
        </defs></svg>
        """

    private static let footer = """
        <footer>Uptime is up / (up + down) of the known time; coverage says how much of the time is known. Degraded \
        counts as up. Percentages are never rounded up.</footer>
        """
}
