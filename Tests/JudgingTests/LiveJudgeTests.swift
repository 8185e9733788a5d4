import Judging
import Testing
import Vocabulary

@Suite("Live verdicts and incidents")
struct LiveJudgeTests {
    static let grid = SlotGrid(periodNs: Duration.minuteNs)
    static let firstSlot = grid.slot(at: Instant(rfc3339: "2026-11-22T10:00:00Z")!)

    static func check(regions: [String] = ["tw"], vote: Vote = .majority, confirm: Int = 1, recover: Int = 1) -> Check {
        Check(
            name: "shop", title: "Shop", kind: "tcp", settings: .text("127.0.0.1:1"), regions: regions, vote: vote,
            confirm: confirm, recover: recover)
    }

    /// Where region `region` of three starts in slot `slot` (from the first).
    static func start(_ slot: Int64, _ region: Int = 0) -> Instant {
        grid.start(of: firstSlot + slot) + Int64(region + 1) * 10 * Duration.secondNs
    }

    /// Feeds one letter a slot (u up, g degraded, d down, x unknown; a space: nothing came) and gives what happened,
    /// as `slot:opened`.
    static func run(_ judge: inout LiveJudge, _ rows: [String], from: Int64 = 0) -> [String] {
        var happened: [String] = []
        // No budget for rounds: a change counts at once.
        var budget = RoundBudget(checks: [], now: start(from))
        for slot in 0..<(rows.map(\.count).max() ?? 0) {
            for (region, row) in rows.enumerated() {
                let letter = Array(row)[slot]
                guard letter != " " else { continue }
                let due = Due(
                    series: SeriesIndex(check: 0, region: region), slot: firstSlot + from + Int64(slot),
                    at: start(from + Int64(slot), region))
                let sample: Sample =
                    switch letter {
                    case "u": Sample(due: due, start: due.at, cause: .ok)
                    case "g": Sample(due: due, start: due.at, cause: .totalOver, unmet: .degrade)
                    case "d": Sample(due: due, start: due.at, cause: .refused, unmet: .fail)
                    default: Sample(due: due, start: due.at, cause: .noDescriptors, unmet: .fail)
                    }
                let word = LiveJudge.Word(
                    region: region, slot: due.slot, said: SampleVerdict(sample, grid: grid))
                for action in judge.take(word, at: due.at, &budget) {
                    switch action {
                    case .opened: happened.append("\(slot):opened")
                    case .closed: happened.append("\(slot):closed")
                    case .round, .dropped: break
                    }
                }
            }
        }
        return happened
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var confirm = 1
        var recover = 1
        var vote = Vote.majority
        let slots: [String]
        let happened: [String]
    }

    @Test(
        "open and close as confirm, recover and the vote say",
        arguments: [
            Row(testDescription: "one down slot", slots: ["uudu"], happened: ["2:opened", "3:closed"]),
            Row(testDescription: "never up before", slots: ["ddu"], happened: ["0:opened", "2:closed"]),
            Row(testDescription: "confirm 2, one down slot: nothing", confirm: 2, slots: ["uudu"], happened: []),
            Row(testDescription: "confirm 2", confirm: 2, slots: ["uddu"], happened: ["2:opened", "3:closed"]),
            Row(
                testDescription: "unknown neither counts nor resets", confirm: 2, slots: ["udxdu"],
                happened: ["3:opened", "4:closed"]),
            Row(testDescription: "recover 2", recover: 2, slots: ["uduuu"], happened: ["1:opened", "3:closed"]),
            Row(
                testDescription: "recover 2, down between: one incident", recover: 2, slots: ["ududuu"],
                happened: ["1:opened", "5:closed"]),
            Row(testDescription: "degraded recovers", slots: ["udg"], happened: ["1:opened", "2:closed"]),
            Row(testDescription: "one of three down: partial, nothing", slots: ["uddu", "uuuu", "uuuu"], happened: []),
            Row(
                testDescription: "two of three down", slots: ["uddu", "uddu", "uuuu"],
                happened: ["1:opened", "3:closed"]),
            Row(
                testDescription: "any: one of three", vote: .any, slots: ["uduu", "uuuu", "uuuu"],
                happened: ["1:opened", "2:closed"]),
            Row(
                testDescription: "a region that fell silent stops voting after two periods", slots: ["u   ", "uddd"],
                happened: ["2:opened"]),
        ])
    func incidents(row: Row) {
        let names = Array(["tw", "jp", "us"].prefix(row.slots.count))
        var judge = LiveJudge(
            check: Self.check(regions: names, vote: row.vote, confirm: row.confirm, recover: row.recover))
        #expect(Self.run(&judge, row.slots) == row.happened)
    }

    @Test("an incident says since when, why and where; its outages begin and end with samples")
    func incidentFacts() {
        var judge = LiveJudge(check: Self.check(regions: ["tw", "jp", "us"], recover: 2))
        _ = Self.run(&judge, ["uduuu", "uduuu", "uuuuu"].map { String($0.prefix(3)) })
        let open = judge.incident
        #expect(
            open
                == Incident(
                    check: "shop", title: "Shop", opened: Self.start(1, 1), cause: .refused, regions: ["tw", "jp"],
                    outages: [Incident.IncidentOutage(start: Self.start(1, 0), end: Self.start(2, 0))]))
        #expect(open?.id == "shop-20261122T100120Z")
    }

    @Test("an incident left open by an earlier run closes when the target is seen up, and is not opened twice")
    func restart() {
        let left = Incident(
            check: "shop", title: "Shop", opened: Self.start(0), cause: .refused, regions: ["tw"],
            outages: [Incident.IncidentOutage(start: Self.start(0))])
        var judge = LiveJudge(check: Self.check(), newest: left)
        #expect(Self.run(&judge, ["du"], from: 5) == ["1:closed"])
    }
}
