import Judging
import Testing
import Vocabulary

@Suite("Rounds of quick re-probes")
struct RoundTests {
    static let grid = SlotGrid(periodNs: Duration.minuteNs)
    static let origin = grid.start(of: grid.slot(at: Instant(rfc3339: "2026-11-22T10:00:00Z")!))
    static let names = ["tw", "jp", "us"]

    /// One line of a course: `10 tw down`, `10 jp up again` (a re-probe), `40 look` (time passes), `20 jp lapsed`.
    /// The first word is when, in seconds; a sample starts and comes back then.
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var regions = 3
        var vote = Vote.majority
        var confirm = 1
        var recover = 1
        var periodNs = Duration.minuteNs
        var hasBudget = true
        let course: [String]
        /// `10 ask jp@10 us@10 tw@15`, `15 opened since 10`, `70 closed, down until 70`, `10 dropped 3`.
        let happens: [String]
    }

    static func instant(_ seconds: Substring) -> Instant {
        origin + Int64(Double(seconds)! * Double(Duration.secondNs))
    }
    static func text(_ instant: Instant?) -> String {
        guard let instant else { return "now" }
        let tenths = (instant - origin) / (Duration.secondNs / 10)
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
    }

    static func run(_ row: Row) -> [String] {
        let check = Check(
            name: "shop", kind: "tcp", settings: .text("127.0.0.1:1"), periodNs: row.periodNs,
            regions: Array(names.prefix(row.regions)), vote: row.vote, confirm: row.confirm, recover: row.recover)
        var judge = LiveJudge(check: check)
        var budget = RoundBudget(checks: row.hasBudget ? [check] : [], now: origin)
        var happened: [String] = []
        for line in row.course {
            let words = line.split(separator: " ")
            let now = instant(words[0])
            let region = names.firstIndex { $0 == words[1] } ?? 0
            let slot = check.grid.slot(at: now)
            var actions: [LiveJudge.Action]
            switch words.dropFirst().last {
            case "look": actions = judge.expire(at: now, &budget)
            case "lapsed": actions = judge.lapsed(region: region, slot: slot, at: now, &budget)
            default:
                let due = Due(
                    series: SeriesIndex(check: 0, region: region), slot: slot, at: now, isReprobe: words.last == "again"
                )
                let isDown = words[2] == "down"
                let sample = Sample(
                    due: due, start: now, cause: isDown ? .refused : words[2] == "up" ? .ok : .noMemory,
                    unmet: words[2] == "up" ? nil : .fail)
                let said = SampleVerdict(sample, grid: check.grid)
                actions = judge.take(LiveJudge.Word(region: region, slot: slot, said: said), at: now, &budget)
            }
            happened += actions.map { "\(words[0]) " + Self.text($0) }
        }
        return happened
    }

    static func text(_ action: LiveJudge.Action) -> String {
        switch action {
        case .opened(let incident, let at):
            "opened at \(text(at)) since \(text(incident.outages.last?.start))"
        case .closed(let incident, let at):
            "closed at \(text(at)), down until \(text(incident.outages.last?.end))"
        case .round(let members, _):
            "ask " + members.map { "\(names[$0.region])@\(text($0.at))" }.joined(separator: " ")
        case .dropped(let reprobes): "dropped \(reprobes)"
        }
    }

    static let rows = [
        Row(
            testDescription: "all confirm: the change counts when the last is in, since the first bad sample",
            course: [
                "1 tw up", "2 jp up", "3 us up", "61 tw down", "61.1 jp down again", "61.2 us down again",
                "66 tw down again",
            ],
            happens: ["61 ask jp@61 us@61 tw@66", "66 opened at 66 since 61"]),
        Row(
            testDescription: "the series itself is good again: nothing opens", regions: 1,
            course: ["1 tw up", "61 tw down", "66 tw up again", "121 tw up"], happens: ["61 ask tw@66"]),
        Row(
            testDescription: "the other regions see it up: nothing opens",
            course: [
                "1 tw up", "2 jp up", "3 us up", "61 tw down", "61.1 jp up again", "61.2 us up again",
                "66 tw down again", "122 jp up", "123 us up",
            ],
            happens: ["61 ask jp@61 us@61 tw@66"]),
        Row(
            testDescription: "one round a slot, whoever else changes in it",
            course: [
                "1 tw up", "2 jp up", "3 us up", "61 tw down", "62 jp down", "62.1 jp down again", "62.2 us down again",
                "66 tw down again",
            ],
            happens: ["61 ask jp@61 us@61 tw@66", "66 opened at 66 since 61"]),
        Row(
            testDescription: "a re-probe that differs starts none", regions: 1,
            course: ["1 tw up", "61 tw down", "66 tw up again", "121 tw down", "126 tw down again"],
            happens: ["61 ask tw@66", "121 ask tw@126", "126 opened at 126 since 121"]),
        Row(
            testDescription: "good again has its round too; the outage ends with the first good sample", regions: 1,
            course: ["1 tw up", "61 tw down", "66 tw down again", "121 tw up", "126 tw up again"],
            happens: [
                "61 ask tw@66", "66 opened at 66 since 61", "121 ask tw@126", "126 closed at 126, down until 121",
            ]),
        Row(
            testDescription: "no round for a first sample, nor after unknown ones that change nothing", regions: 1,
            course: ["1 tw down", "61 tw unknown", "121 tw down", "181 tw unknown", "241 tw down"],
            happens: ["1 opened at 1 since 1"]),
        Row(
            testDescription: "no round for a period under 30 s", regions: 1, periodNs: 29 * Duration.secondNs,
            course: ["1 tw up", "30 tw down"], happens: ["30 opened at 30 since 30"]),
        Row(
            testDescription: "a round for a period of 30 s", regions: 1, periodNs: 30 * Duration.secondNs,
            course: ["1 tw up", "31 tw down"], happens: ["31 ask tw@36"]),
        Row(
            testDescription: "no budget: dropped, and the change counts at once", regions: 1, hasBudget: false,
            course: ["1 tw up", "61 tw down"], happens: ["61 dropped 1", "61 opened at 61 since 61"]),
        Row(
            testDescription: "members that could not start in the slot are left out",
            course: ["1 tw up", "2 jp up", "3 us up", "116 tw down", "116.1 jp down again", "116.2 us up again"],
            happens: ["116 ask jp@116 us@116", "116.2 opened at 116.2 since 116"]),
        Row(
            testDescription: "none could: no round, and the change counts at once", regions: 1,
            course: ["1 tw up", "116 tw down"], happens: ["116 opened at 116 since 116"]),
        Row(
            testDescription: "a member that lapsed is not waited for", regions: 1,
            course: ["1 tw up", "61 tw down", "67 tw lapsed"],
            happens: ["61 ask tw@66", "67 opened at 67 since 61"]),
        Row(
            testDescription: "a member that never comes back is waited for until its timeout and 3 s more", regions: 1,
            course: ["1 tw up", "61 tw down", "78.9 tw look", "79 tw look"],
            happens: ["61 ask tw@66", "79 opened at 79 since 61"]),
        Row(
            testDescription: "confirm 2: the round's slot is one, the next slot's sample the second", regions: 1,
            confirm: 2,
            course: ["1 tw up", "61 tw down", "66 tw down again", "121 tw down"],
            happens: ["61 ask tw@66", "121 opened at 121 since 61"]),
        Row(
            testDescription: "words of the next slot wait for the round, and count one by one", regions: 1,
            confirm: 2,
            course: ["1 tw up", "114 tw down", "121 tw down", "132 tw look"],
            happens: ["114 ask tw@119", "132 opened at 121 since 114"]),
        Row(
            testDescription: "a region that was down before did not fall with the others",
            course: [
                "1 tw down", "2 jp up", "3 us up", "61 tw down", "62 jp down", "62.1 tw down again",
                "62.2 us up again", "67 jp down again",
            ],
            happens: [
                "1 opened at 1 since 1", "2 closed at 2, down until 2", "62 ask tw@62 us@62 jp@67",
                "67 opened at 67 since 62",
            ]),
    ]

    @Test("start, wait and count as rules 7 and 12 say", arguments: rows)
    func rounds(row: Row) {
        #expect(Self.run(row) == row.happens)
    }

    @Test("a budget is a quarter of the plan's probes a minute, and holds at least two rounds of the widest check")
    func budget() {
        func check(_ name: String, regions: Int, periodNs: Int64, isPaused: Bool = false) -> Check {
            Check(
                name: name, kind: "tcp", settings: .text("127.0.0.1:1"), periodNs: periodNs,
                regions: (0..<regions).map { "r\($0)" }, isPaused: isPaused)
        }
        let small = RoundBudget(checks: [check("a", regions: 3, periodNs: 5 * Duration.minuteNs)], now: Self.origin)
        #expect(small.perMinute == 0.15 && small.capacity == 6)
        let checks =
            (0..<100).map { check("c\($0)", regions: 2, periodNs: Duration.minuteNs) }
            + [check("paused", regions: 9, periodNs: Duration.secondNs, isPaused: true)]
        var large = RoundBudget(checks: checks, now: Self.origin)
        #expect(large.perMinute == 50 && large.capacity == 50)
        let asked: [(count: Int, at: Instant, isTaken: Bool)] =
            (0..<25).map { _ in (2, Self.origin, true) } + [
                (1, Self.origin + Duration.secondNs, false),
                (2, Self.origin + 3 * Duration.secondNs, true),
                // A round over the capacity is never sent.
                (51, Self.origin + Duration.hourNs, false),
                (50, Self.origin + Duration.hourNs, true),
                // A clock that steps back fills nothing.
                (1, Self.origin, false),
            ]
        let taken = asked.map { large.take($0.count, at: $0.at) }
        #expect(taken == asked.map(\.isTaken))
    }

    @Test("at one word over the bound the round ends, and the words that waited count")
    func waitingBound() {
        let check = Check(name: "shop", kind: "tcp", settings: .text("127.0.0.1:1"), regions: ["tw"], confirm: 3)
        var judge = LiveJudge(check: check)
        var budget = RoundBudget(checks: [check], now: Self.origin)
        var actions: [[LiveJudge.Action]] = []
        for (slot, isDown) in [false, true, true, true, true, true, true].enumerated() {
            let at = Self.origin + Int64(slot) * Duration.minuteNs + Duration.secondNs
            let due = Due(series: SeriesIndex(check: 0, region: 0), slot: Self.grid.slot(at: at), at: at)
            let sample = Sample(due: due, start: at, cause: isDown ? .refused : .ok, unmet: isDown ? .fail : nil)
            let said = SampleVerdict(sample, grid: Self.grid)
            actions.append(
                judge.take(LiveJudge.Word(region: 0, slot: due.slot, said: said), at: at, &budget))
        }
        #expect(actions.map(\.count) == [0, 1, 0, 0, 0, 0, 1])
        #expect(judge.incident?.opened == Self.origin + 3 * Duration.minuteNs + Duration.secondNs)
        #expect(!judge.awaitsRound)
    }
}
