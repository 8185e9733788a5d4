import Accounting
import Testing
import Vocabulary

@testable import Reporting

@Suite struct WordsTests {
    @Test("durations are written for people")
    func durations() {
        let rows: [(ns: Int64, text: String)] = [
            (0, "0 s"), (1, "1 ms"), (250_000_000, "250 ms"), (999_999_999, "999 ms"), (Duration.secondNs, "1 s"),
            (180 * Duration.secondNs, "3 min"), (4_325 * Duration.secondNs, "1 h 12 min 5 s"),
            (Duration.dayNs + 7 * Duration.hourNs, "1 d 7 h"), (90_000_500_000_000, "1 d 1 h"), (-5, "0 s"),
        ]
        for row in rows { #expect(Words.duration(row.ns) == row.text) }
        #expect(Words.age(90_061 * Duration.secondNs) == "1 d 1 h")
        #expect(Words.hours(23 * Duration.hourNs + 30 * Duration.minuteNs) == "23 h 30 min")
    }

    @Test("periods are written out")
    func periods() {
        let rows: [(ns: Int64, text: String)] = [
            (Duration.minuteNs, "1 minute"), (30 * Duration.secondNs, "30 seconds"),
            (5 * Duration.minuteNs, "5 minutes"),
            (90 * Duration.minuteNs, "1 hour 30 minutes"), (500_000_000, "500 milliseconds"), (Duration.dayNs, "1 day"),
        ]
        for row in rows { #expect(Words.period(row.ns) == row.text) }
    }

    @Test("milliseconds keep about three digits")
    func milliseconds() {
        let rows: [(us: Int64, text: String)] = [
            (0, "0.00 ms"), (434, "0.43 ms"), (4_305, "4.31 ms"), (9_994, "9.99 ms"), (43_149, "43.1 ms"),
            (546_120, "546 ms"), (1_097_400, "1097 ms"), (12_349_000, "12.3 s"),
        ]
        for row in rows { #expect(Words.milliseconds(us: row.us) == row.text) }
    }

    @Test("windows have the names people give them")
    func windows() {
        let rows: [(from: String, to: String, title: String, phrase: String)] = [
            ("2026-10-01", "2026-11-01", "October 2026", "this month"),
            ("2026-09-01", "2026-10-01", "September 2026", "in September 2026"),
            ("2026-10-29", "2026-10-30", "Thu 2026-10-29", "today"),
            ("2026-10-28", "2026-10-29", "Wed 2026-10-28", "on 2026-10-28"),
            ("2026-10-26", "2026-11-02", "week of 2026-10-26", "this week"),
            ("2026-10-01", "2027-01-01", "Q4 2026", "this quarter"),
            ("2026-01-01", "2026-04-01", "Q1 2026", "in Q1 2026"),
            ("2026-01-01", "2027-01-01", "2026", "this year"), ("2025-01-01", "2026-01-01", "2025", "in 2025"),
            ("2026-10-02", "2026-10-05", "2026-10-02 – 2026-10-04", "in 3 days"),
            ("2026-08-01", "2026-10-01", "2026-08-01 – 2026-09-30", "in 2 months"),
        ]
        for row in rows {
            let window = Fixture.between("\(row.from)T00:00:00", "\(row.to)T00:00:00")
            let name = WindowName(window, zone: Fixture.berlin, now: Fixture.now)
            #expect(name.title == row.title)
            #expect(name.phrase == row.phrase)
        }
        let odd = WindowName(
            Fixture.between("2026-10-29T10:00:00", "2026-10-29T12:30:00"), zone: Fixture.berlin, now: Fixture.now)
        #expect(odd.title == "2026-10-29 10:00:00 – 12:30:00")
        #expect(odd.phrase == "in this window")
    }

    @Test("uptime is floored, and nothing known is no data")
    func percent() {
        #expect(Words.percent(Ratio(999_999, 1_000_000)) == "99.999 %")
        #expect(Words.percent(Ratio(1, 1)) == "100.000 %")
        #expect(Words.percent(Ratio(0, 0)) == "no data")
    }

    @Test("seconds are whole numbers where they are whole")
    func seconds() {
        let rows: [(ns: Int64, text: String)] = [
            (0, "0"), (Duration.minuteNs, "60"), (1_500_000_000, "1.5"), (1_234_567_890, "1.234"),
            (-2_500_000_000, "-2.5"),
            (-1, "0"), (60_000_000, "0.06"),
        ]
        for row in rows { #expect(JSON.seconds(row.ns).text == row.text) }
    }

    @Test("a local time that comes twice says which it is, and no other does")
    func twice() {
        let rows: [(start: String, end: String?, text: String)] = [
            ("2026-10-25T00:30:00Z", "2026-10-25T00:44:00Z", "2026-10-25 02:30:00 – 02:44:00 +02:00"),
            ("2026-10-25T01:30:00Z", "2026-10-25T01:44:00Z", "2026-10-25 02:30:00 – 02:44:00 +01:00"),
            ("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25 02:30:00 +02:00 – 02:30:00 +01:00"),
            ("2026-10-24T23:59:59Z", "2026-10-25T02:00:00Z", "2026-10-25 01:59:59 – 03:00:00"),
            ("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z", "2026-03-29 01:59:59 – 03:00:00"),
            ("2026-10-24T12:00:00Z", "2026-10-25T01:00:00Z", "2026-10-24 14:00:00 – 2026-10-25 02:00:00 +01:00"),
            ("2026-10-25T00:00:00Z", nil, "2026-10-25 02:00:00 +02:00 – still going on"),
        ]
        for row in rows {
            let end = row.end.map { Fixture.at($0) }
            #expect(Words.interval(Fixture.at(row.start), end, zone: Fixture.berlin) == row.text)
        }
        #expect(Words.interval(nil, Fixture.now, zone: Fixture.berlin) == "not known – 2026-10-29 14:22:30")
    }
}
