import Accounting
import Vocabulary

/// Everything that metrics tell: the checks' figures from the store, and the running program's own.
package struct Metrics: Sendable {
    package let status: Status
    package let live: LiveFacts
    package let version: String

    package init(status: Status, live: LiveFacts, version: String) {
        self.status = status
        self.live = live
        self.version = version
    }

    /// One metric: its name, kind and meaning, and its values.
    struct Family {
        let name: String
        let kind: String
        let help: String
        let values: [Value]
    }

    struct Value {
        /// Follows the family's name: `_bucket`, `_sum`, `_count`.
        var suffix = ""
        var labels: [(String, String)] = []
        let number: String
    }

    var families: [Family] { checks + probes + program }

    private var checks: [Family] {
        let verdicts: [Verdict] = [.up, .degraded, .down, .unknown]
        return [
            gauge(
                "check_verdict", "The check's live verdict: 1 for the one it has, 0 for the others.",
                status.lines.flatMap { line in
                    verdicts.map {
                        Value(
                            labels: [("check", line.check), ("verdict", $0.name)],
                            number: $0 == line.verdict ? "1" : "0")
                    }
                }),
            gauge(
                "check_uptime_ratio", "Uptime of the present month, 0 to 1; absent while nothing is known.",
                status.lines.compactMap { line in
                    number(line.month.uptime.json).map { Value(labels: [("check", line.check)], number: $0) }
                }),
        ]
    }

    private var probes: [Family] {
        let seen = live.series.compactMap { series in series.last.map { (series, $0) } }
        func labels(_ series: LiveFacts.SeriesFacts) -> [(String, String)] {
            [("check", series.check), ("region", series.region)]
        }
        return [
            gauge(
                "probe_good", "Whether the last sample was up or degraded (1) or down (0); absent while it is unknown.",
                seen.filter { $1.verdict.isKnown }.map {
                    Value(labels: labels($0), number: $1.verdict.isGood ? "1" : "0")
                }),
            gauge(
                "probe_duration_seconds", "Response time of the last sample.",
                seen.map { Value(labels: labels($0), number: Metrics.seconds(us: Int64($1.legs.totalUs))) }),
            gauge(
                "probe_leg_duration_seconds", "What each leg of the last sample took.",
                seen.flatMap { series, last in
                    Leg.allCases.map {
                        Value(
                            labels: labels(series) + [("leg", $0.name)],
                            number: Metrics.seconds(us: Int64(last.legs[$0])))
                    }
                }),
            gauge(
                "probe_certificate_not_after_seconds", "End of the certificate's validity, seconds since the epoch.",
                seen.compactMap { series, last in
                    last.notAfter.map { Value(labels: labels(series), number: "\($0.seconds)") }
                }),
            counter(
                "probe_failures_total", "Samples that were not good, by cause.",
                live.failures.sorted { ($0.key.series, $0.key.cause.rawValue) < ($1.key.series, $1.key.cause.rawValue) }
                    .map {
                        Value(
                            labels: labels(live.series[$0.key.series]) + [("cause", $0.key.cause.name)],
                            number: "\($0.value)")
                    }),
        ]
    }

    private var program: [Family] {
        func each(_ number: (LiveFacts.RegionFacts) -> Int) -> [Value] {
            live.regions.map { Value(labels: [("region", $0.region)], number: "\(number($0))") }
        }
        return [
            gauge(
                "sonde_build_info", "Always 1; the version stands in the label.",
                [Value(labels: [("version", version)], number: "1")]),
            gauge("sonde_probes_in_flight", "Probes under way.", live.probesInFlight),
            histogram("sonde_start_lateness_seconds", "How long after it was due a probe started.", live.startLateness),
            counter("sonde_rounds_started_total", "Rounds of quick re-probes.", live.roundsStarted),
            counter("sonde_rounds_dropped_total", "Rounds there was no budget for.", live.roundsDropped),
            counter(
                "sonde_reprobes_lapsed_total", "Re-probes whose slot ended before they could start.",
                live.reprobesLapsed),
            gauge("sonde_samples_waiting", "Samples that wait for sentinels.", live.samplesWaiting),
            counter("sonde_samples_held_total", "Samples that waited for sentinels.", live.samplesHeld),
            gauge(
                "sonde_region_in_doubt", "Whether the region doubts itself: no sentinel answered.",
                each { $0.isInDoubt ? 1 : 0 }),
            counter("sonde_sentinels_asked_total", "Times a region asked its sentinels.", each(\.sentinelsAsked)),
            counter("sonde_sentinels_failed_total", "Times none of them answered.", each(\.sentinelsFailed)),
            counter("sonde_store_faults_total", "Faults of the store.", live.storeFaults),
            gauge(
                "sonde_store_faulty", "Whether the store takes no samples at present.",
                live.store.fault == nil ? 0 : 1),
            gauge(
                "sonde_store_samples_waiting", "Samples that wait in memory while it takes none.", live.store.waiting),
            counter("sonde_store_samples_lost_total", "Samples beyond the bound of those that wait.", live.store.lost),
        ]
    }

    // MARK: Families

    private func gauge(_ name: String, _ help: String, _ values: [Value]) -> Family {
        Family(name: name, kind: "gauge", help: help, values: values)
    }
    private func gauge(_ name: String, _ help: String, _ number: Int) -> Family {
        gauge(name, help, [Value(number: "\(number)")])
    }
    private func counter(_ name: String, _ help: String, _ values: [Value]) -> Family {
        Family(name: name, kind: "counter", help: help, values: values)
    }
    private func counter(_ name: String, _ help: String, _ number: Int) -> Family {
        counter(name, help, [Value(number: "\(number)")])
    }

    private func histogram(_ name: String, _ help: String, _ histogram: Histogram) -> Family {
        var values: [Value] = []
        var below = 0
        for (bound, count) in zip(histogram.boundsNs, histogram.counts) {
            below += count
            values.append(
                Value(
                    suffix: "_bucket", labels: [("le", Metrics.seconds(us: bound / Duration.microsecondNs))],
                    number: "\(below)"))
        }
        let total = "\(histogram.total)"
        values.append(Value(suffix: "_bucket", labels: [("le", "+Inf")], number: total))
        values.append(
            Value(suffix: "_sum", number: Metrics.seconds(us: histogram.sumNs / Duration.microsecondNs)))
        values.append(Value(suffix: "_count", number: total))
        return Family(name: name, kind: "histogram", help: help, values: values)
    }

    private static func seconds(us: Int64) -> String {
        let rest = String(us % 1_000_000)
        return "\(us / 1_000_000)." + String(repeating: "0", count: 6 - rest.count) + rest
    }

    private func number(_ json: JSON) -> String? {
        if case .number(let text) = json { return text }
        return nil
    }
}
