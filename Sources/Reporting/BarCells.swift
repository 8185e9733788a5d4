import Accounting
import Vocabulary

/// A bar of time cut into half cells, each showing the worst that touched it, however short: a minute of downtime is
/// never lost to rounding. Half cells where nothing is settled stay blank.
struct BarCells {
    private(set) var halves: [BarState?]

    init(cells: Int) { halves = Array(repeating: nil, count: max(0, cells) * 2) }

    var cells: Int { halves.count / 2 }

    /// Paints `[fromNs, toNs)` of a bar that stands for `[0, wholeNs)`; what lies outside is left out.
    mutating func paint(_ state: BarState, fromNs: Int64, toNs: Int64, wholeNs: Int64) {
        let from = max(fromNs, 0)
        let to = min(toNs, wholeNs)
        guard from < to, !halves.isEmpty else { return }
        for index in first(from, wholeNs)...last(to, wholeNs) {
            if BarCells.weight(state) > halves[index].map(BarCells.weight) ?? -1 { halves[index] = state }
        }
    }

    /// Segments of the linear time `whole`.
    mutating func paint(_ segments: [BarSegment], in whole: Interval) {
        for segment in segments {
            paint(
                segment.state, fromNs: segment.interval.start - whole.start, toNs: segment.interval.end - whole.start,
                wholeNs: whole.durationNs)
        }
    }

    /// Segments of a day at the local time of day.
    mutating func paint(_ day: DayFigures, zone: Zone) {
        for piece in day.localPieces(zone) {
            paint(piece.state, fromNs: piece.fromNs, toNs: piece.toNs, wholeNs: Duration.dayNs)
        }
    }

    /// Neighbouring half cells of one state, in parts of `wholeNs`.
    func runs(wholeNs: Int64) -> [(state: BarState, fromNs: Int64, toNs: Int64)] {
        var runs: [(state: BarState, fromNs: Int64, toNs: Int64)] = []
        let count = Double(halves.count)
        for (index, half) in halves.enumerated() {
            guard let state = half else { continue }
            let fromNs = Int64(Double(index) / count * Double(wholeNs))
            let toNs = Int64(Double(index + 1) / count * Double(wholeNs))
            if let last = runs.last, last.state == state, last.toNs == fromNs {
                runs[runs.count - 1].toNs = toNs
            } else {
                runs.append((state, fromNs, toNs))
            }
        }
        return runs
    }

    /// Neighbouring cells that look alike are written in one.
    var line: TextLine {
        var line = TextLine()
        var run = (glyph: Character(" "), ink: Ink.plain, cells: 0)
        func write() {
            if run.glyph == " " {
                line.move(to: line.columns + run.cells)
            } else {
                line.add(BarCells.repeated(run.glyph, run.cells), run.ink)
            }
        }
        for index in 0..<cells {
            let (glyph, ink) = BarCells.cell(halves[2 * index], halves[2 * index + 1])
            if glyph != run.glyph || ink != run.ink {
                write()
                run = (glyph, ink, 0)
            }
            run.cells += 1
        }
        write()
        return line
    }

    /// At a tenth of the price of `String(repeating:count:)`, which appends one after the other.
    private static func repeated(_ glyph: Character, _ count: Int) -> String {
        let bytes = Array(glyph.utf8)
        return String(unsafeUninitializedCapacity: bytes.count * count) { buffer in
            for place in buffer.indices.prefix(bytes.count * count) { buffer[place] = bytes[place % bytes.count] }
            return bytes.count * count
        }
    }

    /// Which state a cell shows of the two that touched it.
    static func weight(_ state: BarState) -> Int {
        switch state {
        case .up: 0
        case .excluded: 1
        case .unknown: 2
        case .degraded: 3
        case .down: 4
        }
    }

    static func glyph(_ state: BarState) -> Character {
        switch state {
        case .up: "▄"
        case .degraded: "▒"
        case .down: "█"
        case .unknown: "░"
        case .excluded: "╱"
        }
    }

    /// Down keeps its half of the cell; of all else the worse takes the whole.
    private static func cell(_ left: BarState?, _ right: BarState?) -> (Character, Ink) {
        switch (left, right) {
        case (nil, nil): (" ", .plain)
        case (.up, nil): ("▖", .state(.up))
        case (nil, .up): ("▗", .state(.up))
        case (.down, .down): ("█", .state(.down))
        case (.down, .up): ("▙", .state(.down))
        case (.up, .down): ("▟", .state(.down))
        case (.down, _): ("▌", .state(.down))
        case (_, .down): ("▐", .state(.down))
        case (let state?, nil), (nil, let state?): (glyph(state), .state(state))
        case (let left?, let right?):
            weight(left) >= weight(right) ? (glyph(left), .state(left)) : (glyph(right), .state(right))
        }
    }

    /// The half cell that holds the offset.
    private func first(_ offsetNs: Int64, _ wholeNs: Int64) -> Int { halves(offsetNs, wholeNs).whole }

    /// The last half cell that begins before the offset, which may lie between two nanoseconds.
    private func last(_ offsetNs: Int64, _ wholeNs: Int64) -> Int {
        let (whole, isExact) = halves(offsetNs, wholeNs)
        return isExact ? whole - 1 : whole
    }

    /// The offset in half cells, rounded down.
    private func halves(_ offsetNs: Int64, _ wholeNs: Int64) -> (whole: Int, isExact: Bool) {
        let (high, low) = offsetNs.multipliedFullWidth(by: Int64(halves.count))
        let (quotient, remainder) = wholeNs.dividingFullWidth((high, low))
        return (Int(quotient), remainder == 0)
    }
}
