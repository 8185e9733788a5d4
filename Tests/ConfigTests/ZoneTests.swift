import Support
import Testing
import Vocabulary

@testable import Config

/// A local time, and the instant it stands for.
struct LocalTime: CustomTestStringConvertible, Sendable {
    let name: String
    let zone: String
    let local: String
    let instant: String
    var testDescription: String { name }
}

@Suite("Zones")
struct ZoneTests {
    @Test(
        "local times become the right instants",
        arguments: [
            LocalTime(
                name: "no summer time", zone: "Asia/Taipei", local: "2026-07-01T00:00", instant: "2026-06-30T16:00Z"),
            LocalTime(name: "winter", zone: "Europe/Paris", local: "2026-01-01T00:00", instant: "2025-12-31T23:00Z"),
            LocalTime(
                name: "before the gap", zone: "Europe/Paris", local: "2026-03-29T01:59", instant: "2026-03-29T00:59Z"),
            LocalTime(
                name: "in the gap", zone: "Europe/Paris", local: "2026-03-29T02:30", instant: "2026-03-29T01:30Z"),
            LocalTime(
                name: "after the gap", zone: "Europe/Paris", local: "2026-03-29T03:00", instant: "2026-03-29T01:00Z"),
            LocalTime(
                name: "twice: the first", zone: "Europe/Paris", local: "2026-10-25T02:30",
                instant: "2026-10-25T00:30Z"),
            LocalTime(
                name: "after both", zone: "Europe/Paris", local: "2026-10-25T03:00", instant: "2026-10-25T02:00Z"),
            LocalTime(
                name: "half an hour of gap", zone: "Australia/Lord_Howe", local: "2026-10-04T02:15",
                instant: "2026-10-03T15:45Z"),
            LocalTime(
                name: "half an hour twice", zone: "Australia/Lord_Howe", local: "2026-04-05T01:45",
                instant: "2026-04-04T14:45Z"),
            LocalTime(
                name: "45 minutes", zone: "Asia/Kathmandu", local: "2026-01-01T00:00", instant: "2025-12-31T18:15Z"),
            LocalTime(
                name: "a day that is not", zone: "Pacific/Apia", local: "2011-12-30T12:00", instant: "2011-12-30T22:00Z"
            ),
            LocalTime(
                name: "negative summer time", zone: "Europe/Dublin", local: "2026-07-01T00:00",
                instant: "2026-06-30T23:00Z"),
            LocalTime(
                name: "beyond the table", zone: "Europe/Paris", local: "2090-07-01T00:00",
                instant: "2090-06-30T22:00Z"),
            LocalTime(
                name: "long ago", zone: "Europe/Paris", local: "1900-01-01T00:00", instant: "1899-12-31T23:50:39Z"),
        ])
    func localTime(_ row: LocalTime) throws {
        let zone = try #require(Zone.load(row.zone))
        let date = try #require(CivilDate(text: row.local.prefix(10)))
        let clock = row.local.dropFirst(11).split(separator: ":").compactMap { Int($0) }
        let civil = CivilTime(date: date, secondOfDay: clock[0] * 3600 + clock[1] * 60)
        #expect(zone.instant(civil) == Instant(rfc3339: row.instant))
    }

    @Test(
        "days of a change have 23 and 25 hours, or half an hour more and less",
        arguments: [
            ("Europe/Paris", "2026-03-29", "23h"), ("Europe/Paris", "2026-10-25", "1d1h"),
            ("Australia/Lord_Howe", "2026-10-04", "23h30m"), ("Australia/Lord_Howe", "2026-04-05", "1d30m"),
            ("Asia/Taipei", "2026-03-29", "1d"), ("America/New_York", "2099-03-08", "23h"),
        ])
    func days(zone: String, date: String, length: String) throws {
        let interval = try #require(Zone.load(zone)).interval(of: try #require(CivilDate(text: date)))
        #expect(Duration.text(interval.durationNs) == length)
    }

    @Test("the rule behind the table agrees with the table where both speak")
    func ruleAgreesWithTable() throws {
        for name in ["Europe/Paris", "America/New_York", "Australia/Lord_Howe", "Europe/Dublin", "America/Nuuk"] {
            let zone = try #require(Zone.load(name))
            // Tables end in 2037 or earlier; the Gregorian calendar repeats after 28 years within a century.
            let year = 2036 - 28
            let now = zone.transitions.filter { Zone.utc.date(Instant(seconds: $0.at)).year == 2036 }
            let later = zone.transitions.filter { Zone.utc.date(Instant(seconds: $0.at)).year == 2036 + 28 }
            let shift =
                Int64(CivilDate(year: 2064, month: 1, day: 1)!.daysSinceEpoch)
                - Int64(CivilDate(year: 2036, month: 1, day: 1)!.daysSinceEpoch)
            #expect(year > 0 && now.count == 2)
            #expect(later == now.map { Zone.Transition(at: $0.at + shift * 86_400, offset: $0.offset) }, "\(name)")
        }
    }

    @Test(
        "each form of a rule gives its changes of a year",
        arguments: [
            ("UTC0", "2026", []),
            (
                "CET-1CEST,M3.5.0,M10.5.0/3", "2026",
                ["2026-03-29T01:00:00.000Z +7200", "2026-10-25T01:00:00.000Z +3600"]
            ),
            (
                "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2026",
                ["2026-04-04T15:00:00.000Z +37800", "2026-10-03T15:30:00.000Z +39600"]
            ),
            (
                "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2026",
                ["2026-03-29T01:00:00.000Z -3600", "2026-10-25T01:00:00.000Z -7200"]
            ),
            (
                "EST5EDT,J60,J300/1:30:15", "2028",
                ["2028-03-01T07:00:00.000Z -14400", "2028-10-27T05:30:15.000Z -18000"]
            ),
            ("EST5EDT,59/0,300/0", "2028", ["2028-02-29T05:00:00.000Z -14400", "2028-10-27T04:00:00.000Z -18000"]),
        ])
    func rules(text: String, year: String, expected: [String]) throws {
        let rule = try #require(ZoneRule(text: text))
        let changes = rule.transitions(year: try #require(Int(year))).map { change in
            Instant(seconds: change.at).rfc3339 + (change.offset < 0 ? " " : " +") + "\(change.offset)"
        }
        #expect(changes == expected)
    }

    @Test(
        "what is no rule gives none",
        arguments: [
            "", "CET", "C-1", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0", "<CET-1",
            "CET-1CEST,J0,J300", "CET-1CEST,366,1", "CET-1CEST,M3.5.0/,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0,",
        ])
    func noRule(text: String) { #expect(ZoneRule(text: text) == nil) }

    @Test(
        "what is no zone gives none",
        arguments: [
            "", "Europe", "Europe/Atlantis", "/etc/passwd", "../zoneinfo/UTC", "Europe/../UTC", "Europe//Paris",
            "zone.tab",
            "tzdata.zi", "Europe/Paris/", "UTC\0", "Europe/Pariš", String(repeating: "a", count: 65),
        ])
    func noZone(name: String) { #expect(Zone.load(name) == nil) }

    @Test("UTC needs no table")
    func utc() { #expect(Zone.load("UTC") == .utc) }

    @Test("the machine's zone is TZ where that names one, and always some zone")
    func machine() {
        #expect(Zone.machine(environment: ["TZ": "Asia/Taipei"]) == Zone.load("Asia/Taipei"))
        #expect(Zone.machine(environment: ["TZ": ":Europe/Paris"]).name == "Europe/Paris")
        #expect(Zone.machine(environment: ["TZ": "no/such"]) == .utc)
        #expect(Zone.load(Zone.machine().name) == Zone.machine())
    }

    @Test("every zone of the machine is read, with offsets of a day at most and transitions in order")
    func everyZone() {
        let names = Zone.knownNames()
        #expect(names.count > 300)
        for name in names {
            guard let zone = Zone.load(name) else {
                Issue.record("\(name) is not read")
                continue
            }
            let isOrdered = zip(zone.transitions, zone.transitions.dropFirst()).allSatisfy { $0.at < $1.at }
            #expect(isOrdered && zone.transitions.allSatisfy { abs($0.offset) <= 86_400 }, "\(name)")
        }
    }

    @Test("damaged tables give no zone or some zone, and never crash")
    func damaged() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let whole = try FileText.bytes(of: "/usr/share/zoneinfo/Europe/Paris", bytesMax: 1 << 20)
        #expect(ZoneFile.zone(name: "Europe/Paris", bytes: whole) == Zone.load("Europe/Paris"))
        for _ in 0..<2000 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<4 where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if let zone = ZoneFile.zone(name: "x", bytes: bytes) { #expect(zone.name == "x", "seed \(seed)") }
        }
    }
}
