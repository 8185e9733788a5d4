/// Lines of text for one terminal: the only place that knows escape sequences, and that no line gets too wide.
struct TextPage {
    let style: TextStyle
    private(set) var text = ""

    init(_ style: TextStyle) { self.style = style }

    var columns: Int { style.columns }

    mutating func line(_ line: TextLine = TextLine()) {
        if line.written <= columns {
            for run in line.runs { write(run.text, run.ink) }
        } else {
            writeCut(line)
        }
        text += "\n"
    }

    /// A line that is too wide keeps its last column for the mark that says so.
    private mutating func writeCut(_ line: TextLine) {
        var left = columns - 1
        for run in line.runs where left > 0 {
            let shown = prefix(of: run.text, columns: left)
            left -= displayWidth(shown)
            write(shown, run.ink)
        }
        write("…", .faint)
    }

    mutating func line(_ words: String, _ ink: Ink = .plain, indent: Int = 1) {
        var line = TextLine(indent: indent)
        line.add(words, ink)
        self.line(line)
    }

    /// A blank line, then the title of a section with a remark after it.
    mutating func heading(_ title: String, _ remark: String = "") {
        line()
        var line = TextLine(indent: 1)
        line.add(title, .strong)
        if !remark.isEmpty { line.add("  " + remark, .faint) }
        self.line(line)
    }

    /// Words over as many lines as they need, broken at `separator`, which is not shown at the end of a line.
    mutating func wrapped(_ words: [String], separator: String, _ ink: Ink, indent: Int) {
        var line = TextLine(indent: indent)
        var isFirst = true
        for word in words {
            let added = displayWidth(word) + (isFirst ? 0 : displayWidth(separator))
            if !isFirst && line.columns + added > columns {
                self.line(line)
                line = TextLine(indent: indent)
                isFirst = true
            }
            line.add(isFirst ? word : separator + word, ink)
            isFirst = false
        }
        self.line(line)
    }

    private mutating func write(_ words: String, _ ink: Ink) {
        let words = style.isUnicode ? words : ascii(words)
        if style.hasColor, let code = ink.code {
            text += "\u{1b}[\(code)m\(words)\u{1b}[0m"
        } else {
            text += words
        }
    }

    private func ascii(_ words: String) -> String {
        guard !words.utf8.allSatisfy({ $0 < 0x80 }) else { return words }
        var text = ""
        for scalar in words.unicodeScalars {
            if scalar.isASCII {
                text.unicodeScalars.append(scalar)
            } else {
                text += String(repeating: asciiCharacter(scalar), count: displayWidth(scalar))
            }
        }
        return text
    }
}

/// A line being laid out: runs of text, each with its ink. Space before a run is only written once something follows.
struct TextLine {
    private(set) var runs: [Run] = []
    /// Columns taken, with the space asked for by `move`.
    private(set) var columns: Int
    /// Columns up to the end of the last run.
    private(set) var written = 0

    struct Run {
        var text: String
        let ink: Ink
    }

    init(indent: Int = 0) { columns = indent }

    init(_ text: String, _ ink: Ink = .plain) {
        self.init()
        add(text, ink)
    }

    mutating func add(_ text: String, _ ink: Ink = .plain) {
        guard !text.isEmpty else { return }
        let space = columns - written
        if space > 0 { append(String(repeating: " ", count: space), .plain) }
        append(text, ink)
        columns += displayWidth(text)
        written = columns
    }

    mutating func add(_ line: TextLine) {
        let start = columns
        for run in line.runs { add(run.text, run.ink) }
        move(to: start + line.columns)
    }

    /// The next run starts at `column`, or here when the line is already beyond it.
    mutating func move(to column: Int) { columns = max(columns, column) }

    /// Text that ends before `column`.
    mutating func add(_ text: String, _ ink: Ink = .plain, endingAt column: Int) {
        move(to: column - displayWidth(text))
        add(text, ink)
    }

    private mutating func append(_ text: String, _ ink: Ink) {
        if let last = runs.last, last.ink == ink {
            runs[runs.count - 1].text += text
        } else {
            runs.append(Run(text: text, ink: ink))
        }
    }
}
