/// How far long work has come, on standard error when that is a terminal; silent elsewhere.
struct ProgressBar {
    private let label: String
    private let total: Int
    private let isShown = Output.errorIsTerminal
    private var done = 0
    private var shownPercent = -1

    init(label: String, total: Int) {
        self.label = label
        self.total = total
    }

    /// `isShownNow`: each step is long.
    mutating func step(isShownNow: Bool = false) {
        done += 1
        // Looked at now and then: the bar must not cost more than the work.
        guard isShown, total > 0, isShownNow || done & 1023 == 0 else { return }
        show()
    }

    mutating func finish() {
        guard isShown, total > 0 else { return }
        show()
        Output.raw("\n")
    }

    private mutating func show() {
        let percent = min(100, done * 100 / total)
        guard percent != shownPercent else { return }
        shownPercent = percent
        let cells = percent * 30 / 100
        let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: 30 - cells)
        Output.raw("\r\(label) \(bar) \(percent) %")
    }
}
