import Reporting
import Vocabulary

@testable import Accounting

extension Fixture {
    static var contract: Contract {
        Contract(
            name: "gold", checks: ["shop", "mail"], objective: Percentage(billionths: 999_000_000), zone: berlin,
            unknown: .countAsDown, minOutageNs: 5 * Duration.minuteNs,
            businessHours: LocalHours(
                days: [.monday, .friday], startMinute: 540, endMinute: 1080, text: "Mon,Fri 09:00-18:00"),
            credits: [
                .init(below: Percentage(billionths: 999_000_000), credit: Percentage(billionths: 100_000_000)),
                .init(below: Percentage(billionths: 950_000_000), credit: Percentage(billionths: 255_000_000)),
            ])
    }

    static var sla: SLAFigures {
        SLAFigures(
            contract: contract, hash: "00d1f2a3b4c5e6f7", window: october, now: october.end,
            checks: [slaCheck(shop, .breached), slaCheck(empty, .undecided), slaCheck(hostile, .metSoFar)])
    }

    private static func slaCheck(_ check: CheckFigures, _ outcome: SLACheckFigures.Outcome) -> SLACheckFigures {
        let isShort = { (outage: Outage) in outage.downNs > 0 && outage.downNs < 5 * Duration.minuteNs }
        var counted = check.sums
        counted.down += counted.unknown
        counted.unknown = 0
        return SLACheckFigures(
            check: check.check == "hostile" ? "=cmd|' /C calc'!A0 \"x\",y" : check.check, sums: counted,
            raw: check.sums,
            budgetNs: check.sums.all / 1000, spentNs: counted.down, outcome: outcome,
            credit: outcome == .breached ? Percentage(billionths: 100_000_000) : nil,
            outages: check.outages.filter { !isShort($0) }, shortOutages: check.outages.filter(isShort),
            exclusions: check.exclusions, corrections: check.corrections)
    }
}

extension Fixture {
    static var probes: [ProbeReport] {
        [
            ProbeReport(
                check: "shop", kind: "http", region: "frankfurt", country: "DE",
                sample: sample(
                    .ok,
                    Findings(
                        detail: "", address: "192.0.2.1:443",
                        http: HTTPFacts(status: 200, version: "2", redirects: 1, bytes: 51_234), tls: tls,
                        answers: [
                            Answer(name: "status 200", isMet: true, severity: .fail, seen: "200"),
                            Answer(name: "total under 400ms", isMet: false, severity: .warn, seen: "486.507 ms"),
                        ])), verdict: .up),
            ProbeReport(
                check: "shop", kind: "http", region: "tokyo", country: "JP",
                sample: sample(
                    .status5xx, unmet: .fail, status: 503,
                    Findings(
                        detail: "HTTP status 503", address: "192.0.2.1:443",
                        http: HTTPFacts(status: 503, version: "1.1", redirects: 0, bytes: 20), tls: expired,
                        answers: [Answer(name: "status 200", isMet: false, severity: .fail, seen: "503")],
                        evidence: evidence)), verdict: .down),
            ProbeReport(
                check: String(repeating: "very-long-check-name-", count: 8), kind: "tcp", region: "local",
                sample: Sample(
                    due: due, start: now, cause: .refused, unmet: .fail,
                    findings: Findings(
                        detail: "connection refused by 127.0.0.1:1 \u{1b}[2J", address: nil)), verdict: .down),
            ProbeReport(
                check: "late", kind: "tls", region: "local", sample: Sample(due: due, start: now, cause: .late),
                verdict: .unknown),
        ]
    }

    private static let due = Due(series: SeriesIndex(check: 0, region: 0), slot: 0, at: now)

    private static func sample(
        _ cause: Cause, unmet: Severity? = nil, status: UInt16 = 200, _ findings: Findings
    ) -> Sample {
        Sample(
            due: due, start: now + 123 * Duration.millisecondNs,
            legs: Legs(resolveUs: 8_120, connectUs: 61_004, handshakeUs: 122_850, waitUs: 271_400, transferUs: 23_133),
            cause: cause, unmet: unmet, status: status, findings: findings)
    }

    private static let tls = TLSFacts(
        version: "1.3", cipher: "TLS_AES_256_GCM_SHA384", notAfter: at("2026-12-07T08:00:00"),
        issuer: "CN=Example Issuing CA,O=Example", subject: "CN=shop.example",
        chain: [
            CertificateFacts(
                subject: "CN=shop.example", issuer: "CN=Example Issuing CA,O=Example",
                notBefore: at("2026-09-08T08:00:00"), notAfter: at("2026-12-07T08:00:00"),
                fingerprint: String(repeating: "0a", count: 32)),
            CertificateFacts(
                subject: "CN=Example Issuing CA,O=Example", issuer: "CN=Example Root,O=Example",
                notBefore: at("2024-01-01T00:00:00"), notAfter: at("2034-01-01T00:00:00"),
                fingerprint: String(repeating: "1b", count: 32)),
        ])

    private static let expired = TLSFacts(
        version: "1.2", cipher: "ECDHE-RSA-AES128-GCM-SHA256", notAfter: at("2026-10-28T14:22:30"),
        issuer: "CN=\u{202e}AC",
        subject: "CN=shop.example\u{0}.evil",
        chain: [
            CertificateFacts(
                subject: "CN=shop.example\u{0}.evil", issuer: "CN=\u{202e}AC", notBefore: nil,
                notAfter: at("2026-10-28T14:22:30"), fingerprint: String(repeating: "2c", count: 32))
        ])

    private static let evidence = Evidence(
        resolver: ["192.0.2.1", "2001:db8::1"], addresses: ["[2001:db8::1]:443", "192.0.2.1:443"],
        statusLine: "HTTP/1.1 503 Service Unavailable", headers: ["Server: \u{1b}]0;owned\u{7}", "Retry-After: 30"],
        body: "<h1>503</h1>\r\n" + String(repeating: "down for maintenance ", count: 60))

    static var plan: Plan {
        let settings = Setting.text("example.test")
        var paused = Check(name: "mail", kind: "tcp", settings: settings, periodNs: 90 * Duration.secondNs)
        paused.isPaused = true
        return Plan(
            store: StorePlan(path: "store"), listen: ListenAddress(host: "127.0.0.1", port: 8080), zone: berlin,
            regions: [
                Region(name: "frankfurt", country: "DE", route: Route(source: IPAddress("192.0.2.10"))),
                Region(name: "tokyo", country: "JP"),
                Region(name: "local"),
            ],
            checks: [
                Check(
                    name: "shop", title: "Shop front", kind: "http", settings: settings, periodNs: Duration.minuteNs,
                    regions: ["frankfurt", "tokyo", "local"]),
                paused,
                Check(
                    name: "certificate-of-the-long-name-that-nobody-types", kind: "tls", settings: settings,
                    periodNs: 5 * Duration.minuteNs, timeoutNs: 30 * Duration.secondNs, regions: ["tokyo"], vote: .any),
            ])
    }
}
