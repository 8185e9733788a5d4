import Vocabulary

/// One object a line for each probe.
package enum ProbeJSON: ProbeFormat {
    package static let name = "json"
    package static let contentType = "application/x-ndjson; charset=utf-8"

    package static func render(_ reports: [ProbeReport], _ style: TextStyle) -> String { render(reports) }

    package static func render(_ reports: [ProbeReport]) -> String {
        reports.map { json($0).text + "\n" }.joined()
    }

    package static func json(_ report: ProbeReport) -> JSON {
        let sample = report.sample
        let findings = sample.findings
        let legs = Leg.allCases.map {
            JSON.Member(key: $0.name, value: .milliseconds(us: Int64(sample.legs[$0])))
        }
        return .object([
            "check": .string(report.check), "region": .string(report.region), "time": .instant(sample.start),
            "verdict": .string(report.verdict.name), "cause": .string(sample.cause.name),
            "detail": .optional(findings?.detail), "total_ms": .milliseconds(us: Int64(sample.legs.totalUs)),
            "legs_ms": .object(legs),
            "address": .optional(findings?.address), "http": findings?.http.map { http($0) } ?? .null,
            "tls": findings?.tls.map { tls($0, daysLeft: report.daysLeft) } ?? .null,
            "expectations": .array((findings?.answers ?? []).map { answer($0) }),
            "evidence": findings?.evidence.map { evidence($0) } ?? .null,
        ])
    }

    private static func http(_ http: HTTPFacts) -> JSON {
        .object([
            "status": .int(Int64(http.status)), "version": .string(http.version),
            "redirects": .int(Int64(http.redirects)), "bytes": .int(http.bytes),
        ])
    }

    private static func tls(_ tls: TLSFacts, daysLeft: Int64?) -> JSON {
        .object([
            "version": .string(tls.version), "cipher": .string(tls.cipher), "not_after": .instant(tls.notAfter),
            "days_left": .optional(daysLeft), "issuer": .string(tls.issuer), "subject": .string(tls.subject),
            "chain": .array(tls.chain.map { certificate($0) }),
        ])
    }

    private static func certificate(_ certificate: CertificateFacts) -> JSON {
        .object([
            "subject": .string(certificate.subject), "issuer": .string(certificate.issuer),
            "not_before": .instant(certificate.notBefore), "not_after": .instant(certificate.notAfter),
            "sha256": .string(certificate.fingerprint),
        ])
    }

    private static func answer(_ answer: Answer) -> JSON {
        .object([
            "name": .string(answer.name), "ok": .bool(answer.isMet), "severity": .string(answer.severity.name),
            "seen": .string(answer.seen),
        ])
    }

    private static func evidence(_ evidence: Evidence) -> JSON {
        .object([
            "resolver": .strings(evidence.resolver), "addresses": .strings(evidence.addresses),
            "status_line": .optional(evidence.statusLine), "headers": .strings(evidence.headers),
            "body": .optional(evidence.body),
        ])
    }
}
