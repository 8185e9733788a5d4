import Judging
import Testing
import Vocabulary

@Suite("Self-suspicion")
struct SuspicionTests {
    static let origin = Instant(rfc3339: "2026-11-22T10:00:00Z")!
    static let names = ["a", "b", "c", "d", "e", "f", "g", "h"]

    /// The course, a line an event: `1 a down` (a sample that starts and comes back then, in seconds),
    /// `2 first fails` / `2 second answers` (a sentinel), `4 look`, `5 stop`.
    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        var checks = 5
        var sentinels = 2
        let course: [String]
        /// What became of the samples, in order, `a unknown`; and `asked 3`, `nobody to ask 3`.
        let happens: [String]
    }

    static func plan(checks: Int, sentinels: Int) -> Plan {
        let region = Region(
            name: "tw", sentinels: (0..<sentinels).map { Setting.text("192.0.2.\($0):1") })
        return Plan(
            store: StorePlan(path: ""), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
            regions: [region],
            checks: names.prefix(checks).map {
                Check(name: $0, kind: "tcp", settings: .text("127.0.0.1:1"), regions: ["tw"])
            })
    }

    static func run(_ row: Row) -> [String] {
        let plan = plan(checks: row.checks, sentinels: row.sentinels)
        let grid = SlotGrid(periodNs: Duration.minuteNs)
        var suspicion = Suspicion(plan: plan)
        var happened: [String] = []
        var sentinels: [Due] = []
        func note(_ sample: Sample) {
            happened.append(
                "\(names[Int(sample.due.series.check)]) \(SampleVerdict(sample, grid: grid).verdict.name)")
        }
        func carry(_ actions: [Suspicion.RegionAction]) {
            for (_, action) in actions {
                switch action {
                case .ask(let due, let bad):
                    sentinels = due
                    happened.append("asked \(bad)")
                case .unasked(let bad, let sample):
                    happened.append("nobody to ask \(bad)")
                    note(sample)
                case .decided(_, let samples): samples.forEach(note)
                }
            }
        }
        for line in row.course {
            let words = line.split(separator: " ")
            let now = origin + Int64(Double(words[0])! * Double(Duration.secondNs))
            switch (words[1], words.last) {
            case ("look", _): carry(suspicion.advance(to: now))
            case ("stop", _): carry(suspicion.stop(at: now))
            case ("first", let said), ("second", let said):
                guard let due = sentinels.dropFirst(words[1] == "first" ? 0 : 1).first else { continue }
                let isGood = said == "answers"
                carry(
                    suspicion.answered(
                        Sample(due: due, start: now, cause: isGood ? .ok : .refused, unmet: isGood ? nil : .fail),
                        at: now))
            case (let check, let said):
                let due = Due(
                    series: SeriesIndex(check: names.firstIndex { $0 == check }!, region: 0), slot: grid.slot(at: now),
                    at: now)
                let sample = Sample(
                    due: due, start: now, cause: said == "up" ? .ok : said == "down" ? .refused : .noMemory,
                    unmet: said == "up" ? nil : .fail)
                let verdict = SampleVerdict(sample, grid: grid).verdict
                if let actions = suspicion.take(sample, verdict, at: now) { carry(actions) } else { note(sample) }
            }
        }
        return happened
    }

    static let rows = [
        Row(
            testDescription: "all sentinels fail: what waits is unknown, what stood stands",
            course: ["1 a down", "2 b down", "3 c down", "3.1 d down", "3.2 first fails", "3.3 second fails"],
            happens: ["a down", "b down", "asked 3", "c unknown", "d unknown"]),
        Row(
            testDescription: "one of two answers: it stands at once",
            course: ["1 a down", "2 b down", "3 c down", "3.1 first fails", "3.2 second answers"],
            happens: ["a down", "b down", "asked 3", "c down"]),
        Row(
            testDescription: "no answer within 2 s is none",
            course: ["1 a down", "2 b down", "3 c down", "4.9 look", "5 look"],
            happens: ["a down", "b down", "asked 3", "c unknown"]),
        Row(
            testDescription: "without sentinels the samples stand, and it is said once", sentinels: 0,
            course: ["1 a down", "2 b down", "3 c down", "4 d down", "5 e down"],
            happens: ["a down", "b down", "nobody to ask 3", "c down", "d down", "e down"]),
        Row(
            testDescription: "half of eight is four", checks: 8,
            course: ["1 a down", "2 b down", "3 c down", "4 d down", "4.1 first answers"],
            happens: ["a down", "b down", "c down", "asked 4", "d down"]),
        Row(
            testDescription: "two checks are never enough", checks: 2, course: ["1 a down", "2 b down"],
            happens: ["a down", "b down"]),
        Row(
            testDescription: "what turned bad longer than a period ago does not count",
            course: ["1 a down", "2 b down", "61.5 c down"], happens: ["a down", "b down", "c down"]),
        Row(
            testDescription: "what stays bad has not turned bad again",
            course: ["1 a down", "2 b down", "61 a down", "62 b down", "63 c down"],
            happens: ["a down", "b down", "a down", "b down", "c down"]),
        Row(
            testDescription: "unknown samples neither wait nor count",
            course: ["1 a unknown", "2 b unknown", "3 c unknown"], happens: ["a unknown", "b unknown", "c unknown"]),
        Row(
            testDescription: "good samples pass, but not before a bad one of their own series",
            course: ["1 a down", "2 b down", "3 c down", "3.1 d up", "3.2 c up", "3.3 first answers"],
            happens: ["a down", "b down", "asked 3", "d up", "c down", "c up"]),
        Row(
            testDescription: "good ones that waited stay good when all sentinels fail",
            course: ["1 a down", "2 b down", "3 c down", "3.2 c up", "3.3 first fails", "3.4 second fails"],
            happens: ["a down", "b down", "asked 3", "c unknown", "c up"]),
        Row(
            testDescription: "an answer is as good as a new one for a second",
            course: [
                "1 a down", "2 b down", "3 c down", "3.1 first answers", "3.9 d down", "4.2 e down",
                "4.3 first answers",
            ],
            happens: ["a down", "b down", "asked 3", "c down", "d down", "asked 4", "e down"]),
        Row(
            testDescription: "in doubt, every bad sample asks again, until a sentinel answers",
            course: [
                "1 a down", "2 b down", "3 c down", "3.1 first fails", "3.2 second fails", "20 a down",
                "20.1 first fails", "20.2 second fails", "30 b down", "30.1 second answers", "40 c down",
            ],
            happens: [
                "a down", "b down", "asked 3", "c unknown", "asked 0", "a unknown", "asked 0", "b down", "c down",
            ]),
        Row(
            testDescription: "in doubt, it looks again after ten seconds without anything bad",
            course: [
                "1 a down", "2 b down", "3 c down", "3.1 first fails", "3.2 second fails", "12.9 look", "13 look",
                "13.1 first answers", "23.2 look",
            ],
            happens: ["a down", "b down", "asked 3", "c unknown", "asked 0"]),
        Row(
            testDescription: "a stop judges what waits as it stands",
            course: ["1 a down", "2 b down", "3 c down", "3.5 stop"],
            happens: ["a down", "b down", "asked 3", "c down"]),
        Row(
            testDescription: "a clock that steps back ends the waiting, and in doubt it asks anew",
            course: ["1 a down", "2 b down", "3 c down", "1 look"],
            happens: ["a down", "b down", "asked 3", "c unknown", "asked 0"]),
    ]

    @Test("asks, waits and decides", arguments: rows)
    func decides(row: Row) {
        #expect(Self.run(row) == row.happens)
    }

    @Test("holds so many samples and no more: at one more they stand")
    func bound() {
        let plan = Self.plan(checks: 5, sentinels: 1)
        var suspicion = Suspicion(plan: plan, heldMax: 2)
        var released: [Int] = []
        for check in 0..<5 {
            let due = Due(series: SeriesIndex(check: check, region: 0), slot: 1, at: Self.origin)
            let sample = Sample(due: due, start: Self.origin, cause: .refused, unmet: .fail)
            for (_, action) in suspicion.take(sample, .down, at: Self.origin) ?? [] {
                if case .decided(.overfull, let samples) = action { released.append(samples.count) }
            }
            #expect(suspicion.heldCount <= 2)
        }
        #expect(released == [3])
        #expect(suspicion.heldCount == 0)
    }

    @Test("sentinels follow the checks, region by region, and are asked from their region")
    func plans() {
        let tw = Region(name: "tw", sentinels: [.text("192.0.2.1:443"), .text("https://example.com/")])
        let jp = Region(name: "jp")
        let us = Region(name: "us", sentinels: [.text("192.0.2.9:53")])
        var plan = Self.plan(checks: 3, sentinels: 0)
        plan.regions = [tw, jp, us]
        let added = plan.withSentinels.checks.dropFirst(3)
        #expect(added.map(\.kind) == ["tcp", "http", "tcp"])
        #expect(added.map(\.regions) == [["tw"], ["tw"], ["us"]])
        #expect(added.allSatisfy { $0.timeoutNs == 2 * Duration.secondNs })
    }
}
