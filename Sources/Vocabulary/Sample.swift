/// Which check seen from which region: indices into the plan's checks and regions.
@usableFromInline package struct SeriesIndex: Hashable, Comparable, Sendable {
    @usableFromInline package let check: Int32
    @usableFromInline package let region: Int32

    @inlinable package init(check: Int, region: Int) {
        self.check = Int32(check)
        self.region = Int32(region)
    }

    @inlinable package static func < (left: SeriesIndex, right: SeriesIndex) -> Bool {
        (left.check, left.region) < (right.check, right.region)
    }
}

/// A probe that is to start: what Scheduling gives and Probing takes.
@usableFromInline package struct Due: Hashable, Sendable {
    @usableFromInline package let series: SeriesIndex
    /// Cell of the check's period that the probe belongs to.
    @usableFromInline package let slot: Int64
    /// When it should start.
    @usableFromInline package let at: Instant
    @usableFromInline package let isReprobe: Bool

    @inlinable package init(series: SeriesIndex, slot: Int64, at: Instant, isReprobe: Bool = false) {
        self.series = series
        self.slot = slot
        self.at = at
        self.isReprobe = isReprobe
    }
}

/// The facts one probe brought back: what Probing gives and Judging takes.
@usableFromInline package struct Sample: Sendable {
    @usableFromInline package var due: Due
    /// Wall time at which the probe really started.
    @usableFromInline package var start: Instant
    @usableFromInline package var legs: Legs
    @usableFromInline package var cause: Cause
    /// The worst severity among the expectations not met; `fail` for a probe that did not get through; nil when all is
    /// well.
    @usableFromInline package var unmet: Severity?
    /// HTTP status or TLS alert, 0 for none.
    @usableFromInline package var status: UInt16
    /// End of the certificate's validity; nil where none was seen, or the probe did not get through.
    @usableFromInline package var notAfter: Instant?
    /// What a person would ask next; nil when the probe was good and nobody asked for it.
    @usableFromInline package var findings: Findings?

    /// How long after its due instant it started, in nanoseconds; 0 for one that a stepped clock makes early.
    @inlinable package var latenessNs: Int64 { max(0, start - due.at) }

    @inlinable package init(
        due: Due, start: Instant, legs: Legs = Legs(), cause: Cause, unmet: Severity? = nil, status: UInt16 = 0,
        findings: Findings? = nil
    ) {
        self.due = due
        self.start = start
        self.legs = legs
        self.cause = cause
        self.unmet = unmet
        self.status = status
        self.findings = findings
    }
}

/// What was seen beside the verdict. All text from a target is raw here; whoever prints it escapes it (`EscapedText`).
@usableFromInline package final class Findings: Sendable {
    /// The cause in a line of words: `connection refused by 192.0.2.1:443`.
    package let detail: String
    /// The address connected to, `192.0.2.1:443`; nil when it never came to that.
    package let address: String?
    package let http: HTTPFacts?
    package let tls: TLSFacts?
    package let answers: [Answer]
    package let evidence: Evidence?

    package init(
        detail: String, address: String? = nil, http: HTTPFacts? = nil, tls: TLSFacts? = nil, answers: [Answer] = [],
        evidence: Evidence? = nil
    ) {
        self.detail = detail
        self.address = address
        self.http = http
        self.tls = tls
        self.answers = answers
        self.evidence = evidence
    }
}

package struct HTTPFacts: Hashable, Sendable {
    package let status: Int
    /// `1.0`, `1.1`, `2`.
    package let version: String
    package let redirects: Int
    /// Body bytes received.
    package let bytes: Int64

    package init(status: Int, version: String, redirects: Int, bytes: Int64) {
        self.status = status
        self.version = version
        self.redirects = redirects
        self.bytes = bytes
    }
}

package struct TLSFacts: Hashable, Sendable {
    /// `1.2`, `1.3`.
    package let version: String
    package let cipher: String
    package let notAfter: Instant?
    package let issuer: String
    package let subject: String
    /// From leaf to root, as the server sent them.
    package let chain: [CertificateFacts]

    package init(
        version: String, cipher: String, notAfter: Instant?, issuer: String, subject: String, chain: [CertificateFacts]
    ) {
        self.version = version
        self.cipher = cipher
        self.notAfter = notAfter
        self.issuer = issuer
        self.subject = subject
        self.chain = chain
    }
}

/// One certificate of a chain.
package struct CertificateFacts: Hashable, Sendable {
    package let subject: String
    package let issuer: String
    package let notBefore: Instant?
    package let notAfter: Instant?
    /// SHA-256 of the whole certificate, in small hexadecimal digits.
    package let fingerprint: String

    package init(subject: String, issuer: String, notBefore: Instant?, notAfter: Instant?, fingerprint: String) {
        self.subject = subject
        self.issuer = issuer
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.fingerprint = fingerprint
    }
}

/// How one expectation was answered.
package struct Answer: Hashable, Sendable {
    /// `status`, `body contains "pong"`, `total under 800ms`.
    package let name: String
    package let isMet: Bool
    package let severity: Severity
    /// What was seen instead, or as well: `503`, `1243 ms`.
    package let seen: String

    package init(name: String, isMet: Bool, severity: Severity, seen: String) {
        self.name = name
        self.isMet = isMet
        self.severity = severity
        self.seen = seen
    }
}

/// What was seen at a failure, bounded in size by Probing.
package struct Evidence: Hashable, Sendable {
    /// The answers of the resolver, in its order.
    package let resolver: [String]
    /// The addresses tried, in order.
    package let addresses: [String]
    /// The answers that led on to the one seen, in order.
    package let hops: [Hop]
    package let statusLine: String?
    package let headers: [String]
    /// The first bytes of the body or banner.
    package let body: String?

    /// An answer that was followed.
    package struct Hop: Hashable, Sendable {
        package let url: String
        package let status: Int

        package init(url: String, status: Int) {
            self.url = url
            self.status = status
        }
    }

    package init(
        resolver: [String], addresses: [String], hops: [Hop] = [], statusLine: String?, headers: [String],
        body: String?
    ) {
        self.resolver = resolver
        self.addresses = addresses
        self.hops = hops
        self.statusLine = statusLine
        self.headers = headers
        self.body = body
    }
}
