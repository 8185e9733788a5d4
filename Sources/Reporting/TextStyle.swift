import Accounting

/// What a terminal can show: how text is laid out and inked.
package struct TextStyle: Hashable, Sendable {
    /// No line is wider than this.
    package let columns: Int
    package let hasColor: Bool
    /// False: every character that is not ASCII is replaced by one that is, of the same width.
    package let isUnicode: Bool

    /// Layouts do not fit into less.
    package static let columnsMin = 60
    /// Lines do not get easier to read beyond this.
    package static let columnsMax = 160

    /// `columns` outside of `columnsMin...columnsMax` become the nearer of the two.
    package init(columns: Int, hasColor: Bool, isUnicode: Bool) {
        self.columns = min(max(columns, TextStyle.columnsMin), TextStyle.columnsMax)
        self.hasColor = hasColor
        self.isUnicode = isUnicode
    }
}

/// What a run of text means; the terminal's colour follows from it. Nothing is said by colour alone.
enum Ink: Hashable {
    case plain, strong, faint, bar
    case state(BarState)
    /// A headline figure.
    case loud(BarState)

    /// Parameters of the terminal's "select graphic rendition"; colours of the 256 that read on dark and on light.
    var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "38;5;244"
        case .bar: "38;5;67"
        case .state(let state): "38;5;\(Ink.color(state))"
        case .loud(let state): "1;38;5;\(Ink.color(state))"
        }
    }

    private static func color(_ state: BarState) -> Int {
        switch state {
        case .up: 71
        case .degraded: 172
        case .down: 196
        case .unknown: 244
        case .excluded: 67
        }
    }
}

/// The ASCII character that stands for one of ours; one column each, so that layouts keep.
func asciiCharacter(_ scalar: Unicode.Scalar) -> Character {
    switch scalar {
    case "━", "–", "▄", "▃", "▖", "▗": "-"
    case "·": "|"
    case "█", "▇", "▙", "▟", "▌", "▐", "▉", "▊", "▋": "#"
    case "▒": "~"
    case "░": ":"
    case "╱": "/"
    case "▅", "▆": "="
    case "▂", "…", "∙": "."
    case "▁": "_"
    case "▍", "▎", "▏": "|"
    case "●": "o"
    case "✓": "+"
    case "✗": "x"
    default: "?"
    }
}
