import Accounting
import Support
import Testing
import Vocabulary

@testable import Reporting

@Suite struct BarCellsTests {
    private func text(_ cells: BarCells) -> String {
        var page = TextPage(TextStyle(columns: 160, hasColor: false, isUnicode: true))
        page.line(cells.line)
        return String(page.text.dropLast())
    }

    @Test("states show by the worse half, down by its half alone")
    func glyphs() {
        let rows: [(name: String, left: BarState?, right: BarState?, glyph: String)] = [
            ("nothing", nil, nil, ""), ("up", .up, .up, "▄"), ("up until here", .up, nil, "▖"),
            ("up from here", nil, .up, "▗"),
            ("down", .down, .down, "█"), ("down, then up", .down, .up, "▙"), ("up, then down", .up, .down, "▟"),
            ("down, then unknown", .down, .unknown, "▌"), ("excluded, then down", .excluded, .down, "▐"),
            ("degraded in part", .up, .degraded, "▒"), ("unknown in part", .unknown, .up, "░"),
            ("excluded in part", .up, .excluded, "╱"), ("unknown beside excluded", .unknown, .excluded, "░"),
            ("degraded beside nothing", .degraded, nil, "▒"), ("down beside nothing", .down, nil, "▌"),
        ]
        for row in rows {
            var cells = BarCells(cells: 1)
            if let left = row.left { cells.paint(left, fromNs: 0, toNs: 1, wholeNs: 2) }
            if let right = row.right { cells.paint(right, fromNs: 1, toNs: 2, wholeNs: 2) }
            #expect(text(cells) == row.glyph, "\(row.name)")
        }
    }

    @Test("a nanosecond of downtime shows in every width")
    func shortOutage() {
        for cells in 1...100 {
            for at in [Int64(0), 1, 43_200_000_000_000, Duration.dayNs - 1] {
                var bar = BarCells(cells: cells)
                bar.paint(.up, fromNs: 0, toNs: Duration.dayNs, wholeNs: Duration.dayNs)
                bar.paint(.down, fromNs: at, toNs: at + 1, wholeNs: Duration.dayNs)
                #expect(bar.halves.filter { $0 == .down }.count == 1)
            }
        }
    }

    @Test("every half shows the worst that touches it, whatever the order of painting")
    func worstOfEach() {
        let seed = UInt64.random(in: .min ... .max)
        var random = SeededRandom(seed: seed)
        for _ in 0..<200 {
            let wholeNs = Int64.random(in: 1...1_000_000, using: &random)
            var bar = BarCells(cells: Int.random(in: 1...40, using: &random))
            var painted: [(BarState, Range<Int64>)] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let from = Int64.random(in: 0..<wholeNs, using: &random)
                let to = Int64.random(in: from + 1...wholeNs, using: &random)
                let state = BarState.allCases.randomElement(using: &random) ?? .up
                bar.paint(state, fromNs: from, toNs: to, wholeNs: wholeNs)
                painted.append((state, from..<to))
            }
            let count = Int64(bar.halves.count)
            let expected = (0..<count).map { index in
                // Half `index` stands for [index, index + 1) * wholeNs / count.
                painted.filter {
                    $0.1.lowerBound * count < (index + 1) * wholeNs && index * wholeNs < $0.1.upperBound * count
                }
                .map(\.0).max { BarCells.weight($0) < BarCells.weight($1) }
            }
            #expect(bar.halves.map { $0 } == expected, "seed \(seed)")
        }
    }

    @Test("a half that begins inside the last nanosecond is touched by it")
    func edgeInsideANanosecond() {
        var bar = BarCells(cells: 1)
        bar.paint(.down, fromNs: 0, toNs: 2, wholeNs: 3)
        #expect(bar.halves == [.down, .down])
        var narrow = BarCells(cells: 4)
        narrow.paint(.down, fromNs: 0, toNs: 1, wholeNs: 2)
        #expect(narrow.halves == [.down, .down, .down, .down, nil, nil, nil, nil])
    }

    @Test("what lies outside of the bar is left out")
    func outside() {
        var bar = BarCells(cells: 2)
        bar.paint(.down, fromNs: -10, toNs: 0, wholeNs: 4)
        bar.paint(.down, fromNs: 4, toNs: 9, wholeNs: 4)
        bar.paint(.up, fromNs: -5, toNs: 1, wholeNs: 4)
        bar.paint(.down, fromNs: 3, toNs: 3, wholeNs: 4)
        #expect(bar.halves == [.up, nil, nil, nil])
    }

    @Test("runs give back what was painted, where it falls on the cells")
    func runs() {
        var bar = BarCells(cells: 12)
        bar.paint(.up, fromNs: 0, toNs: 12, wholeNs: 24)
        bar.paint(.down, fromNs: 6, toNs: 7, wholeNs: 24)
        let runs = bar.runs(wholeNs: 24)
        #expect(runs.map(\.state) == [.up, .down, .up])
        #expect(runs.map(\.fromNs) == [0, 6, 7])
        #expect(runs.map(\.toNs) == [6, 7, 12])
    }

    @Test("a day of 23 hours leaves the missing hour blank, a day of 25 shows the worse of the hour that comes twice")
    func clockChanges() {
        func bar(_ date: (Int, Int, Int), _ events: [(BarState, Interval)]) -> String {
            guard let date = CivilDate(year: date.0, month: date.1, day: date.2) else { return "" }
            let day = Fixture.berlin.interval(of: date)
            let check = Fixture.month("x", "x", day, Fixture.berlin, settledTo: day.end, events)
            var cells = BarCells(cells: 24)
            cells.paint(check.days[0], zone: Fixture.berlin)
            return text(cells)
        }
        let spring = Fixture.between("2026-03-29T01:30:00", "2026-03-29T03:30:00")
        #expect(spring.durationNs == Duration.hourNs)
        #expect(bar((2026, 3, 29), [(.down, spring)]) == "▄▟ ▙▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄")
        // 02:30 to 03:00 of the second time round.
        let autumn = Interval(
            start: Fixture.at("2026-10-25T01:30:00Z"), end: Fixture.at("2026-10-25T02:00:00Z"))
        #expect(bar((2026, 10, 25), [(.down, autumn)]) == "▄▄▟▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄")
        #expect(bar((2026, 10, 25), []) == "▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄")
    }
}
