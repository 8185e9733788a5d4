import Foundation
import Reporting
import Support
import Testing
import Vocabulary

@Suite("docs/metrics.md")
struct MetricsTests {
    static func metrics() -> Metrics {
        var live = LiveFacts()
        live.series = [LiveFacts.SeriesFacts(check: "shop", region: "t\"w\\")]
        live.series[0].last = LiveFacts.Last(
            verdict: .down, legs: Legs(connectUs: 1_500, waitUs: 20), notAfter: Instant(seconds: 1_800_000_000))
        live.failures = [LiveFacts.Failure(series: 0, cause: .refused): 3]
        live.regions = [LiveFacts.RegionFacts(region: "tw")]
        for ms: Int64 in [0, 1, 2, 3, 20_000] { live.startLateness.add(ms * Duration.millisecondNs) }
        let status = Status(lines: [], now: Instant(seconds: 0), zone: .utc)
        return Metrics(status: status, live: live, version: "1")
    }

    @Test("lists every metric that the program emits, and no other")
    func documented() throws {
        let path = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("docs/metrics.md")
        let listed = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").compactMap { line in
            line.hasPrefix("| `")
                ? line.split(separator: "|").prefix(2).map { $0.trimmingCharacters(in: .whitespaces) } : nil
        }
        let emitted = MetricsText.render(Self.metrics()).split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }
            .map { $0.split(separator: " ").dropFirst(2).map(String.init) }
        #expect(listed.map { [$0[0].trimmingCharacters(in: ["`"]), $0[1]] } == emitted)
    }

    @Test("values are what was seen: labels escaped, seconds, buckets that add up")
    func values() {
        let lines = MetricsText.render(Self.metrics()).split(separator: "\n").map(String.init)
        for line in [
            #"probe_good{check="shop",region="t\"w\\"} 0"#,
            #"probe_duration_seconds{check="shop",region="t\"w\\"} 0.001520"#,
            #"probe_leg_duration_seconds{check="shop",region="t\"w\\",leg="connect"} 0.001500"#,
            #"probe_certificate_not_after_seconds{check="shop",region="t\"w\\"} 1800000000"#,
            #"probe_failures_total{check="shop",region="t\"w\\",cause="refused"} 3"#,
            #"sonde_region_in_doubt{region="tw"} 0"#,
            #"sonde_start_lateness_seconds_bucket{le="0.001000"} 2"#,
            #"sonde_start_lateness_seconds_bucket{le="0.005000"} 4"#,
            #"sonde_start_lateness_seconds_bucket{le="10.000000"} 4"#,
            #"sonde_start_lateness_seconds_bucket{le="+Inf"} 5"#,
            "sonde_start_lateness_seconds_sum 20.006000",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
    }
}
