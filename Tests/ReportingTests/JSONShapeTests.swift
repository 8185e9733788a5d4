import Accounting
import Foundation
import Testing
import Vocabulary

@testable import Reporting

/// The keys of the command contract, held against what is written: each there, in order, none too many.
@Suite struct JSONShapeTests {
    private static let outage = [
        "start", "start_earliest", "end", "end_earliest", "seconds", "unknown_s", "cause", "regions",
    ]
    private static let sums = ["up", "degraded", "down", "unknown", "excluded"]
    private static let response = ["mean", "p50", "p95", "p99", "max"]
    private static let spell = ["start", "end", "seconds", "cause", "regions"]
    private static let correction = ["from", "to", "as", "why", "seconds"]

    @Test("the report has the agreed keys")
    func report() throws {
        let root = try parse(ReportJSON.render(Fixture.several))
        expectKeys(root, ["window", "checks"])
        expectKeys(root["window"], ["from", "to", "zone"])
        let checks = try #require(root["checks"] as? [[String: Any]])
        #expect(checks.count == 4)
        for check in checks {
            expectKeys(
                check,
                [
                    "check", "title", "kind", "period_s", "uptime", "uptime_worst", "uptime_best", "coverage",
                    "seconds",
                    "slots", "response_ms", "legs_ms", "failures", "apdex", "apdex_counts", "regions",
                    "days", "outages", "partials", "regional", "blips", "exclusions", "corrections", "uncorrected",
                    "generated", "samples_from",
                ])
            expectKeys(check["seconds"], Self.sums)
            expectKeys(check["slots"], Self.sums)
            expectKeys(check["response_ms"], Self.response)
            expectKeys(check["legs_ms"], Leg.allCases.map(\.name))
            expectKeys(of: check["regions"], ["region", "country", "uptime", "coverage", "seconds", "response_ms"])
            expectKeys(of: check["days"], ["date", "seconds", "uptime", "outages"])
            expectKeys(of: check["outages"], Self.outage)
            expectKeys(of: check["partials"], Self.spell)
            expectKeys(of: check["blips"], Self.spell)
            expectKeys(of: check["exclusions"], ["from", "to", "source", "seconds"])
            expectKeys(of: check["corrections"], Self.correction)
            expectKeys(check["uncorrected"], ["uptime", "seconds"])
            #expect((check["days"] as? [Any])?.count == 31)
        }
        // What is not known is null and never left out; ratios are floored.
        #expect(checks[1]["uptime"] is NSNull && checks[1]["response_ms"] is NSNull && checks[0]["apdex"] is NSNull)
        #expect(ReportJSON.render(Fixture.one).contains("\"uptime\": 0.997553,"))
        let shopDays = try #require(checks[0]["days"] as? [[String: Any]])
        #expect(shopDays.map { ($0["outages"] as? [Any])?.count ?? 0 }.filter { $0 > 0 } == [1, 1, 1, 1, 1])
    }

    @Test("the outages have the agreed keys")
    func outages() throws {
        let some = try parse(OutagesJSON.render(Fixture.several, withAll: false))
        expectKeys(some, ["window", "outages"])
        expectKeys(of: some["outages"], ["check"] + Self.outage)
        let all = try parse(OutagesJSON.render(Fixture.several, withAll: true))
        expectKeys(all, ["window", "outages", "partials", "blips"])
        expectKeys(of: all["blips"], ["check"] + Self.spell)
    }

    @Test("the status has the agreed keys")
    func status() throws {
        let root = try parse(StatusJSON.render(Fixture.status))
        expectKeys(root, ["checks", "doubting", "store_fault"])
        expectKeys(
            of: root["checks"],
            [
                "check", "verdict", "since", "response_ms", "uptime_today", "uptime_month", "regions", "generated",
                "paused",
            ])
    }

    @Test("the SLA has the agreed keys")
    func sla() throws {
        let root = try parse(SLAJSON.render(Fixture.sla))
        expectKeys(root, ["contract", "hash", "window", "objective", "options", "checks"])
        expectKeys(
            root["options"],
            ["unknown", "maintenance", "min_outage_s", "min_coverage", "business_hours", "combine", "rule"])
        let checks = try #require(root["checks"] as? [[String: Any]])
        for check in checks {
            expectKeys(
                check,
                [
                    "check", "seconds", "uptime", "uptime_worst", "uptime_best", "coverage", "budget_s", "spent_s",
                    "left_s", "until_breach_s", "burn_rates", "outcome", "credit", "outages", "short_outages",
                    "exclusions", "corrections",
                ])
            expectKeys(of: check["outages"], Self.outage)
            expectKeys(of: check["short_outages"], Self.outage)
            expectKeys(of: check["exclusions"], ["from", "to", "source", "after_the_fact"])
            expectKeys(of: check["corrections"], Self.correction)
        }
    }

    @Test("a probe has the agreed keys")
    func probe() throws {
        for line in ProbeJSON.render(Fixture.probes).split(separator: "\n") {
            let root = try parse(String(line))
            expectKeys(
                root,
                [
                    "check", "region", "time", "verdict", "cause", "detail", "total_ms", "legs_ms", "address", "http",
                    "tls", "expectations", "evidence",
                ])
            expectKeys(root["legs_ms"], Leg.allCases.map(\.name))
            expectKeys(root["http"], ["status", "version", "redirects", "bytes"])
            expectKeys(
                root["tls"], ["version", "cipher", "not_after", "days_left", "issuer", "subject", "chain"])
            expectKeys(of: root["expectations"], ["name", "ok", "severity", "seen"])
            expectKeys(root["evidence"], ["resolver", "addresses", "status_line", "headers", "body"])
        }
    }

    private func parse(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    /// Null is allowed: what does not apply.
    private func expectKeys(_ value: Any?, _ keys: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        if value is NSNull { return }
        let found = (value as? [String: Any]).map { $0.keys.sorted() }
        #expect(found == keys.sorted(), sourceLocation: sourceLocation)
    }

    private func expectKeys(of list: Any?, _ keys: [String], sourceLocation: SourceLocation = #_sourceLocation) {
        guard let items = list as? [Any] else {
            Issue.record("not a list", sourceLocation: sourceLocation)
            return
        }
        for item in items { expectKeys(item, keys, sourceLocation: sourceLocation) }
    }
}
