import Vocabulary

@testable import Accounting

/// Figures built by hand: what Accounting would give, without it.
enum Fixture {
    /// Central European time around 2026, with the changes of 29 March and 25 October.
    static let berlin = Zone(
        name: "Europe/Berlin", firstOffset: 3600,
        transitions: [
            .init(at: 1_774_746_000, offset: 7200), .init(at: 1_792_890_000, offset: 3600),
            .init(at: 1_806_195_600, offset: 7200),
        ])

    static func at(_ text: String, _ zone: Zone = berlin) -> Instant {
        guard let instant = Instant(rfc3339: text, zone: zone) else { preconditionFailure("a fixture's time: \(text)") }
        return instant
    }

    static func between(_ start: String, _ end: String, _ zone: Zone = berlin) -> Interval {
        Interval(start: at(start, zone), end: at(end, zone))
    }

    /// October 2026 in Berlin: 25 hours on the 25th; seen on the 29th.
    static let october = between("2026-10-01T00:00:00", "2026-11-01T00:00:00")
    static let now = at("2026-10-29T14:22:30")

    /// A month with outages (one of a minute), a degraded stretch, a gap, maintenance, a correction.
    static var shop: CheckFigures {
        let outages = [
            outage(
                "2026-10-06T10:00:00", "2026-10-06T10:01:00", .status5xx, ["frankfurt", "tokyo"], offsetMs: 12_340),
            outage("2026-10-14T22:47:00", "2026-10-15T00:12:00", .timeoutConnect, ["frankfurt", "tokyo", "são paulo"]),
            outage("2026-10-25T02:30:00", "2026-10-25T02:44:00", .certificateExpired, ["tokyo", "são paulo"]),
            outage("2026-10-18T02:10:00", "2026-10-18T02:40:00", .refused, ["frankfurt", "tokyo"], downNs: 0),
        ]
        let events: [(BarState, Interval)] = [
            (.down, outages[0].slots), (.down, outages[1].slots), (.down, outages[2].slots),
            (.degraded, between("2026-10-09T13:00:00", "2026-10-09T17:30:00")),
            (.unknown, between("2026-10-12T15:00:00", "2026-10-12T15:30:00")),
            (.excluded, between("2026-10-18T02:00:00", "2026-10-18T06:00:00")),
            (.excluded, between("2026-10-20T09:00:00", "2026-10-20T10:30:00")),
        ]
        var check = month("shop", "Shop front", october, berlin, settledTo: at("2026-10-29T14:20:00"), events)
        check.regions = [
            region("frankfurt", "DE", check.sums, meanUs: 182_400), region("tokyo", "JP", check.sums, meanUs: 546_120),
            region("são paulo", "BR", lessCovered(check.sums), meanUs: 731_000),
        ]
        check.failures = [
            .init(cause: .timeoutConnect, count: 255), .init(cause: .certificateExpired, count: 28),
            .init(cause: .status5xx, count: 2),
        ]
        check.outages = [outages[0], outages[1], outages[3], outages[2]]
        check.partials = [
            Spell(
                interval: between("2026-10-03T04:11:00", "2026-10-03T04:13:00"), cause: .timeoutWait,
                regions: ["são paulo"])
        ]
        check.blips = (0..<12).map {
            Spell(
                interval: Interval(
                    start: at("2026-10-08T08:00:00") + $0 * Duration.hourNs,
                    end: at("2026-10-08T08:01:00") + $0 * Duration.hourNs), cause: .reset, regions: ["frankfurt"])
        }
        check.exclusions = [
            ExclusionFigures(
                interval: between("2026-10-18T02:00:00", "2026-10-18T06:00:00"), source: "maintenance database upgrade",
                excludedNs: 4 * Duration.hourNs, isAfterTheFact: false),
            ExclusionFigures(
                interval: between("2026-10-20T09:00:00", "2026-10-20T10:30:00"), source: "pause",
                excludedNs: 90 * Duration.minuteNs, isAfterTheFact: true),
        ]
        check.corrections = [
            CorrectionFigures(
                interval: between("2026-10-21T11:00:00", "2026-10-21T11:05:00"), verdict: .up,
                why: "our own proxy was broken, ticket 4711", changedNs: 5 * Duration.minuteNs)
        ]
        var uncorrected = check.sums
        uncorrected.up -= 5 * Duration.minuteNs
        uncorrected.down += 5 * Duration.minuteNs
        check.uncorrected = uncorrected
        return check
    }

    /// Known by configuration only.
    static var empty: CheckFigures {
        var check = month("mail", "Mail relay", october, berlin, settledTo: october.start, [])
        check.kind = "tcp"
        check.birth = nil
        check.response = nil
        check.legs = [nil, nil, nil, nil, nil]
        return check
    }

    /// Names and words that want to be something else.
    static var hostile: CheckFigures {
        let evil = "<script>alert('x')</script> \u{1b}[31mred\u{1b}[0m \u{202e}txet\u{202c} \"a\"\n=1+1"
        var check = month(
            "hostile", evil, october, berlin, settledTo: at("2026-10-03T00:00:00"),
            [(.down, between("2026-10-02T23:58:00", "2026-10-03T00:00:00"))])
        check.kind = "<b>"
        check.regions = [region(evil, "\u{1b}]", check.sums, meanUs: 1)]
        var outage = outage("2026-10-02T23:58:00", "2026-10-03T00:00:00", .reset, [evil, "b\r\nc"])
        outage.end = nil
        outage.endEarliest = nil
        check.outages = [outage]
        check.exclusions = [
            ExclusionFigures(
                interval: outage.slots, source: "maintenance " + evil, excludedNs: 0, isAfterTheFact: false)
        ]
        check.corrections = [
            CorrectionFigures(interval: outage.slots, verdict: .excluded, why: evil, changedNs: 0)
        ]
        check.hasGenerated = true
        return check
    }

    /// A title of wide characters, longer than a line.
    static var wide: CheckFigures {
        var check = month(
            "結帳", String(repeating: "線上商店結帳頁面", count: 10), october, berlin, settledTo: at("2026-10-05T00:00:00"), [])
        check.regions = [region("台北機房一號", "TW", check.sums, meanUs: 9_400)]
        return check
    }

    /// March 2026 in Berlin: 23 hours on the 29th, and downtime on both sides of the hour that is not there.
    static var spring: Figures {
        let window = between("2026-03-28T00:00:00", "2026-03-31T00:00:00")
        let check = month(
            "spring", "Spring", window, berlin, settledTo: window.end,
            [(.down, between("2026-03-29T01:30:00", "2026-03-29T03:30:00"))])
        return Figures(window: window, zone: berlin, now: now, checks: [check])
    }

    static var one: Figures { Figures(window: october, zone: berlin, now: now, checks: [shop]) }
    static var several: Figures {
        Figures(window: october, zone: berlin, now: now, checks: [shop, empty, hostile, wide])
    }
}

extension Fixture {
    /// A check that is up from the window's start to `settledTo` but for `events`, which may not overlap.
    static func month(
        _ name: String, _ title: String, _ window: Interval, _ zone: Zone, settledTo: Instant,
        _ events: [(BarState, Interval)]
    ) -> CheckFigures {
        var bar: [BarSegment] = []
        var cursor = window.start
        for (state, interval) in events.sorted(by: { $0.1.start < $1.1.start }) {
            if cursor < interval.start { bar.append(segment(cursor, interval.start, .up)) }
            bar.append(BarSegment(interval: interval, state: state))
            cursor = interval.end
        }
        if cursor < settledTo { bar.append(segment(cursor, settledTo, .up)) }
        let days = zone.days(in: window).enumerated().map { index, date in
            let interval = zone.interval(of: date)
            let cut = bar.filter { $0.interval.overlaps(interval) }.map {
                BarSegment(interval: $0.interval.clamped(to: interval), state: $0.state)
            }
            let mean = cut.contains { $0.state == .up } ? 480_000 + Int64((index * 37_123) % 160_000) : nil
            return DayFigures(date: date, interval: interval, sums: sums(cut), bar: cut, responseMeanUs: mean)
        }
        let total = sums(bar)
        return CheckFigures(
            check: name, title: title, kind: "http", periodNs: Duration.minuteNs, birth: window.start, sums: total,
            slots: total.divided(by: Duration.minuteNs), response: response(meanUs: 486_507), legs: legs, failures: [],
            regions: [], days: days, outages: [], partials: [], blips: [], exclusions: [], corrections: [],
            uncorrected: nil, hasGenerated: false)
    }

    static func segment(_ start: Instant, _ end: Instant, _ state: BarState) -> BarSegment {
        BarSegment(interval: Interval(start: start, end: end), state: state)
    }

    private static func sums(_ bar: [BarSegment]) -> Sums {
        var sums = Sums()
        for segment in bar {
            let ns = segment.interval.durationNs
            switch segment.state {
            case .up: sums.up += ns
            case .degraded:
                sums.up += ns
                sums.degraded += ns
            case .down: sums.down += ns
            case .unknown: sums.unknown += ns
            case .excluded: sums.excluded += ns
            }
        }
        return sums
    }

    static func response(meanUs: Int64) -> ResponseFigures {
        ResponseFigures(
            count: 122_634, meanUs: meanUs, p50Us: meanUs * 9 / 10, p95Us: meanUs * 3 / 2, p99Us: meanUs * 2,
            maxUs: meanUs * 7)
    }

    /// Resolve, connect, handshake, wait, transfer.
    private static let legs: [ResponseFigures?] = [8_120, 61_004, 122_850, 271_400, 23_133].map { response(meanUs: $0) }

    private static func region(_ name: String, _ country: String?, _ sums: Sums, meanUs: Int64) -> RegionFigures {
        RegionFigures(region: name, country: country, sums: sums, response: response(meanUs: meanUs))
    }

    private static func lessCovered(_ sums: Sums) -> Sums {
        var sums = sums
        sums.up -= Duration.hourNs
        sums.unknown += Duration.hourNs
        return sums
    }

    static func outage(
        _ start: String, _ end: String, _ cause: Cause, _ regions: [String], offsetMs: Int64 = 7_250,
        downNs: Int64? = nil
    ) -> Outage {
        let slots = between(start, end)
        let offsetNs = offsetMs * Duration.millisecondNs
        return Outage(
            start: slots.start + offsetNs, startEarliest: slots.start + offsetNs - Duration.minuteNs,
            end: slots.end + offsetNs, endEarliest: slots.end + offsetNs - Duration.minuteNs, slots: slots,
            downNs: downNs ?? slots.durationNs, unknownNs: 0, cause: cause, regions: regions)
    }
}

extension Sums {
    fileprivate func divided(by periodNs: Int64) -> Sums {
        Sums(
            up: up / periodNs, degraded: degraded / periodNs, down: down / periodNs, unknown: unknown / periodNs,
            excluded: excluded / periodNs)
    }
}

extension Fixture {
    /// Long enough that quiet days are folded.
    static var year: Figures {
        let window = between("2026-01-01T00:00:00", "2027-01-01T00:00:00")
        var check = month(
            "year", "A year", window, berlin, settledTo: now,
            [
                (.down, between("2026-02-10T10:00:00", "2026-02-10T10:01:00")),
                (.unknown, between("2026-07-01T00:00:00", "2026-07-03T12:00:00")),
            ])
        check.outages = [outage("2026-02-10T10:00:00", "2026-02-10T10:01:00", .refused, ["local"])]
        return Figures(window: window, zone: berlin, now: now, checks: [check])
    }
}
