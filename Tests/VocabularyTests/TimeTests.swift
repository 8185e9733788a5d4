import Testing
import Vocabulary

@Suite("Instants, durations, dates and zones")
struct TimeTests {
    @Test(
        "durations are read and written",
        arguments: [
            ("250ms", 250_000_000), ("10s", 10_000_000_000), ("1h30m", 5_400_000_000_000),
            ("100d", 8_640_000_000_000_000),
            ("5y", 158_112_000_000_000_000), ("0s", 0),
        ])
    func durations(text: String, ns: Int64) {
        #expect(Duration.parse(text) == ns)
        #expect(Duration.parse(Duration.text(ns)) == ns)
    }

    @Test(
        "what is no duration is refused",
        arguments: ["", "10", "s", "1m1h", "1h1h", "-1s", "1.5s", "1 s", "99999999999y", "１s"])
    func noDurations(text: String) { #expect(Duration.parse(text) == nil) }

    @Test("RFC 3339 is read with offsets and fractions, and written in UTC")
    func rfc3339() throws {
        let instant = try #require(Instant(rfc3339: "2026-12-01T00:00:00.250+08:00"))
        #expect(instant.rfc3339 == "2026-11-30T16:00:00.250Z")
        #expect(Instant(rfc3339: "2026-11-30T16:00Z")?.rfc3339 == "2026-11-30T16:00:00.000Z")
        #expect(Instant(rfc3339: "1969-12-31T23:59:59.999Z")?.nanoseconds == -1_000_000)
        #expect(Instant(rfc3339: "2026-11-30T16:00:00.123456789Z")?.rfc3339Exact == "2026-11-30T16:00:00.123456789Z")
        for wrong in [
            "2026-11-30", "2026-02-29T00:00:00Z", "2026-11-30T24:00:00Z", "2026-11-30T16:00:00", "2026-11-30T16:60Z",
            "x",
        ] {
            #expect(Instant(rfc3339: wrong) == nil, "\(wrong)")
        }
    }

    @Test("dates and days since the epoch agree over four centuries")
    func dates() {
        var date = CivilDate(year: 1799, month: 12, day: 31)!
        for _ in 0..<150_000 {
            let next = date.adding(days: 1)
            let isNextDay = next.year == date.year && next.month == date.month && next.day == date.day + 1
            let isNextMonth = next.day == 1 && date.day == CivilDate.days(inMonth: date.month, of: date.year)
            #expect(isNextDay || isNextMonth, "\(date) → \(next)")
            #expect(CivilDate(year: next.year, month: next.month, day: next.day) == next)
            date = next
        }
        #expect(CivilDate(text: "2026-11-22")?.weekday == .sunday)
        #expect(CivilDate(text: "2026-02-29") == nil)
    }

    /// Paris in 2026: forward on 29 March at 01:00 UTC, back on 25 October at 01:00 UTC.
    static let paris = Zone(
        name: "Europe/Paris", firstOffset: 3600,
        transitions: [
            Zone.Transition(at: 1_774_746_000, offset: 7200), Zone.Transition(at: 1_792_890_000, offset: 3600),
        ])

    @Test("a local time that does not exist moves forward by the gap; one that exists twice means the first")
    func gapsAndOverlaps() {
        func instant(_ date: String, _ hour: Int, _ minute: Int) -> String {
            Self.paris.instant(CivilTime(date: CivilDate(text: date)!, secondOfDay: hour * 3600 + minute * 60)).rfc3339
        }
        #expect(instant("2026-03-29", 1, 59) == "2026-03-29T00:59:00.000Z")
        #expect(instant("2026-03-29", 2, 30) == "2026-03-29T01:30:00.000Z")
        #expect(instant("2026-03-29", 3, 0) == "2026-03-29T01:00:00.000Z")
        #expect(instant("2026-10-25", 2, 30) == "2026-10-25T00:30:00.000Z")
        #expect(instant("2026-10-25", 3, 0) == "2026-10-25T02:00:00.000Z")
    }

    @Test("days have 23, 24 and 25 hours, and a month is the sum of its days")
    func days() {
        let hours = { (date: String) in Self.paris.interval(of: CivilDate(text: date)!).durationNs / Duration.hourNs }
        #expect(hours("2026-03-28") == 24)
        #expect(hours("2026-03-29") == 23)
        #expect(hours("2026-10-25") == 25)
        let march = Self.paris.interval(year: 2026, month: 3)!
        let days = Self.paris.days(in: march)
        #expect(days.count == 31)
        #expect(days.map { Self.paris.interval(of: $0).durationNs }.reduce(0, +) == march.durationNs)
    }

    @Test("slots are cells anchored at the epoch, before it too")
    func slots() {
        let grid = SlotGrid(periodNs: Duration.minuteNs)
        #expect(grid.slot(at: Instant(nanoseconds: -1)) == -1)
        #expect(grid.slot(at: Instant(nanoseconds: 0)) == 0)
        let hour = Interval(start: Instant(seconds: 30), end: Instant(seconds: 3_600))
        #expect(grid.slots(in: hour) == 1..<60)
    }
}
