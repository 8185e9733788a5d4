import Vocabulary

/// A probe as a person reads it: the verdict and its cause, a waterfall of legs, what was seen.
package enum ProbeText: ProbeFormat {
    package static let name = "text"
    package static let contentType = ContentType.text

    private static let labelColumns = 11
    private static let indent = 3
    /// Lines of one text, of one list and of a body that are shown; Probing bounds their bytes.
    private static let wrappedMax = 4
    private static let bodyLinesMax = 40

    package static func render(_ reports: [ProbeReport], _ style: TextStyle) -> String {
        var page = TextPage(style)
        for (index, report) in reports.enumerated() {
            if index > 0 { page.line() }
            write(report, to: &page)
        }
        return page.text
    }

    private static func write(_ report: ProbeReport, to page: inout TextPage) {
        writeHead(report, to: &page)
        let findings = report.sample.findings
        if let detail = findings?.detail, !detail.isEmpty {
            page.wrapped(
                escaped(detail).split(separator: " ").map { String($0) }, separator: " ", .plain, indent: indent)
        }
        if let reply = reply(report) { page.line(reply, .faint, indent: indent) }
        writeLegs(report, to: &page)
        if let tls = findings?.tls { writeCertificate(tls, report, to: &page) }
        writeAnswers(findings?.answers ?? [], to: &page)
        if let evidence = findings?.evidence, report.verdict != .up { write(evidence, to: &page) }
    }

    private static func writeHead(_ report: ProbeReport, to page: inout TextPage) {
        let state = report.verdict.barState
        let cause = report.sample.cause == .ok ? "" : "  \(report.sample.cause.name)"
        let region =
            "  \(report.kind) from \(escaped(report.region))" + (report.country.map { " (\(escaped($0)))" } ?? "")
        let right = report.verdict.name + cause
        var line = TextLine(indent: 1)
        line.add("\(BarCells.glyph(state)) ", .state(state))
        let room = page.columns - displayWidth(right) - 6
        let title = fitted(escaped(report.check), max(room - displayWidth(region), room / 2))
        line.add(title, .strong)
        line.add(fitted(region, room - displayWidth(title)), .faint)
        line.add(right, .state(state), endingAt: page.columns - 1)
        page.line(line)
    }

    /// `192.0.2.1:443 · HTTP/2 200 · 5,123 bytes · 1 redirect`; nil when there was nothing.
    private static func reply(_ report: ProbeReport) -> String? {
        var words: [String] = []
        if let address = report.sample.findings?.address { words.append(escaped(address)) }
        if let http = report.sample.findings?.http {
            words.append("HTTP/\(escaped(http.version)) \(http.status)")
            words.append("\(Words.grouped(http.bytes)) bytes")
            if http.redirects > 0 { words.append(Words.count(http.redirects, "redirect")) }
        } else if report.sample.status > 0 {
            words.append("status \(report.sample.status)")
        }
        return words.isEmpty ? nil : words.joined(separator: " · ")
    }

    private static func writeLegs(_ report: ProbeReport, to page: inout TextPage) {
        let legs = report.sample.legs
        let whole = Int64(legs.totalUs)
        guard whole > 0 else { return }
        let barStart = indent + labelColumns
        let barColumns = min(60, page.columns - barStart - 14)
        var before: Int64 = 0
        for leg in Leg.allCases where legs[leg] > 0 {
            var line = TextLine(indent: indent)
            line.add(leg.name)
            line.move(to: barStart)
            line.add(Waterfall.line(before, Int64(legs[leg]), of: whole, columns: barColumns))
            line.add(Words.milliseconds(us: Int64(legs[leg])), endingAt: barStart + barColumns + 12)
            page.line(line)
            before += Int64(legs[leg])
        }
        var total = TextLine(indent: indent)
        total.add("total", .strong)
        total.add(Words.milliseconds(us: whole), .strong, endingAt: barStart + barColumns + 12)
        page.line(total)
    }

    private static func writeCertificate(_ tls: TLSFacts, _ report: ProbeReport, to page: inout TextPage) {
        var words: [String] = []
        if !tls.version.isEmpty { words.append("TLS \(escaped(tls.version))") }
        if !tls.cipher.isEmpty { words.append(escaped(tls.cipher)) }
        row("tls", words.joined(separator: " · "), to: &page)
        if !tls.subject.isEmpty { row("certificate", escaped(tls.subject), to: &page) }
        if !tls.issuer.isEmpty { row("issuer", escaped(tls.issuer), to: &page) }
        if let notAfter = tls.notAfter, let days = report.daysLeft {
            let left =
                days < 0 ? "expired \(Words.count(Int(-days), "day")) ago" : "\(Words.count(Int(days), "day")) left"
            row("not after", "\(notAfter.text(in: .utc)) UTC, \(left)", to: &page)
        }
        if report.verdict != .up {
            for (depth, certificate) in tls.chain.enumerated() {
                row(depth == 0 ? "chain" : "", escaped(certificate.subject), to: &page)
            }
        }
    }

    private static func writeAnswers(_ answers: [Answer], to page: inout TextPage) {
        for (index, answer) in answers.enumerated() {
            var line = TextLine(indent: indent)
            line.add(index == 0 ? "expected" : "", .faint)
            line.move(to: indent + labelColumns + 2)
            let ink: Ink = answer.isMet ? .state(.up) : .state(answer.severity == .fail ? .down : .degraded)
            line.add(answer.isMet ? "✓" : "✗", ink)
            line.add(" \(escaped(answer.name))")
            if !answer.isMet { line.add("  \(answer.severity.name)", ink) }
            let seen = answer.seen.isEmpty ? "" : "  \(answer.isMet ? "" : "saw ")\(escaped(answer.seen))"
            if line.columns + displayWidth(seen) > page.columns {
                page.line(line)
                line = TextLine(indent: indent + labelColumns + 2)
            }
            line.add(seen, .faint)
            page.line(line)
        }
    }

    private static func write(_ evidence: Evidence, to page: inout TextPage) {
        if !evidence.resolver.isEmpty { row("resolver", list(evidence.resolver), to: &page) }
        if evidence.addresses.count > 1 { row("tried", list(evidence.addresses), to: &page) }
        if let statusLine = evidence.statusLine { row("reply", escaped(statusLine), to: &page) }
        for (index, header) in evidence.headers.enumerated() {
            row(index == 0 ? "headers" : "", escaped(header), to: &page)
        }
        if let body = evidence.body, !body.isEmpty { write(body: body, to: &page) }
    }

    /// Line by line, as a person would see it.
    private static func write(body: String, to page: inout TextPage) {
        var lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap {
            pieces(escaped(String($0), limit: .max), columns: page.columns - indent - labelColumns - 2)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        let more = lines.count - bodyLinesMax
        for (index, line) in lines.prefix(bodyLinesMax).enumerated() {
            row(index == 0 ? "body" : "", line.isEmpty ? " " : line, to: &page)
        }
        if more > 0 { row("", "… \(Words.count(more, "more line"))", to: &page) }
    }

    /// Without the spaces at its end.
    private static func trimmedEnd(_ text: String) -> String {
        var kept = text[...]
        while kept.last == " " { kept.removeLast() }
        return String(kept)
    }

    /// The text cut into what fits on a line each; one at least.
    private static func pieces(_ text: String, columns: Int) -> [String] {
        var pieces: [String] = []
        var rest = text
        repeat {
            let piece = prefix(of: rest, columns: max(columns, 2))
            pieces.append(piece)
            rest.unicodeScalars.removeFirst(piece.unicodeScalars.count)
        } while !rest.isEmpty && pieces.last != ""
        return pieces
    }

    private static func list(_ texts: [String]) -> String { texts.map { escaped($0) }.joined(separator: ", ") }

    private static func row(_ label: String, _ text: String, to page: inout TextPage) {
        guard !text.isEmpty else { return }
        let pieces = pieces(text, columns: page.columns - indent - labelColumns - 2)
        for (index, piece) in pieces.prefix(wrappedMax).enumerated() {
            var line = TextLine(indent: indent)
            if index == 0 { line.add(label, .faint) }
            line.move(to: indent + labelColumns + 2)
            line.add(trimmedEnd(piece))
            if index == wrappedMax - 1, pieces.count > wrappedMax { line.add("…", .faint) }
            page.line(line)
        }
    }
}
