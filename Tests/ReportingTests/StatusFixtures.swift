import Reporting
import Vocabulary

@testable import Accounting

extension Fixture {
    static var statusLines: [StatusLine] {
        [
            line(
                shop, .up, since: "2026-10-25T02:44:07", responseUs: 483_120,
                lastHours: [
                    (.up, 0, 700), (.down, 700, 701), (.up, 701, 1100), (.degraded, 1100, 1200), (.up, 1200, 1440),
                ]),
            line(empty, .unknown, since: nil, responseUs: nil, lastHours: []),
            line(
                hostile, .down, since: "2026-10-29T14:20:00", responseUs: 12_300_000,
                lastHours: [
                    (.unknown, 0, 200), (.up, 200, 1400), (.excluded, 1400, 1437), (.down, 1437, 1440),
                ]),
            line(wide, .degraded, since: "2026-10-29T09:00:00", responseUs: 940, lastHours: [(.up, 0, 1440)]),
        ]
    }

    static var status: Status {
        Status(lines: statusLines, now: now, zone: berlin, month: several)
    }

    /// `lastHours`: minutes of the last day before `now`.
    private static func line(
        _ check: CheckFigures, _ verdict: Verdict, since: String?, responseUs: Int64?,
        lastHours: [(BarState, Int64, Int64)]
    ) -> StatusLine {
        let dayAgo = now - Duration.dayNs
        return StatusLine(
            check: check.check, title: check.title, kind: check.kind, verdict: verdict, since: since.map { at($0) },
            responseUs: responseUs, today: check.days.first { $0.date == berlin.date(now) }?.sums ?? Sums(),
            month: check.sums,
            regions: check.regions.enumerated().map { index, region in
                .init(region: region.region, verdict: index == 1 ? .unknown : verdict)
            },
            bar: lastHours.map {
                segment(dayAgo + $0.1 * Duration.minuteNs, dayAgo + $0.2 * Duration.minuteNs, $0.0)
            }, hasGenerated: check.hasGenerated)
    }
}
