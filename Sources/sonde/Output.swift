import Glibc
import Reporting
import Vocabulary

/// Figures go to standard output, everything else to standard error.
enum Output {
    static func figures(_ text: String) {
        write(text.hasSuffix("\n") || text.isEmpty ? text : text + "\n", to: STDOUT_FILENO)
    }

    /// Lines that are whole already.
    static func figures(_ lines: [UInt8]) { write(lines[...], to: STDOUT_FILENO) }

    /// Standard error, as it is: for progress bars.
    static func raw(_ text: String) { write(text, to: STDERR_FILENO) }
    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
    static func error(_ text: String) {
        for line in text.split(separator: "\n") { note(line.hasPrefix("sonde: ") ? String(line) : "sonde: \(line)") }
    }

    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// How to lay out for whoever reads: COLUMNS, else the terminal's width, else 100; colour only on a terminal,
    /// and never with NO_COLOR or `--no-color`.
    static func style(noColor: Bool) -> TextStyle {
        let language = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment($0) }.first { !$0.isEmpty } ?? ""
        // A plain "C" says nothing of UTF-8; what says nothing at all (cron, containers) is taken to show it.
        let isUnicode = language != "C" && language != "POSIX"
        let hasColor =
            isTerminal && !noColor && (environment("NO_COLOR") ?? "").isEmpty && environment("TERM") != "dumb"
        return TextStyle(columns: columns, hasColor: hasColor, isUnicode: isUnicode)
    }

    private static var columns: Int {
        if let asked = environment("COLUMNS").flatMap({ Int($0) }), asked >= 40 { return asked }
        var size = winsize()
        if isTerminal, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 { return Int(size.ws_col) }
        return 100
    }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8)[...], to: descriptor)
    }

    private static func write(_ all: ArraySlice<UInt8>, to descriptor: Int32) {
        var bytes = all
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
