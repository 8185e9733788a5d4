import Vocabulary

/// One probe that somebody asked for: what it was, what it brought back and what that means.
package struct ProbeReport: Sendable {
    package let check: String
    package let kind: String
    package let region: String
    package let country: String?
    package let sample: Sample
    package let verdict: Verdict

    package init(
        check: String, kind: String, region: String, country: String? = nil, sample: Sample, verdict: Verdict
    ) {
        self.check = check
        self.kind = kind
        self.region = region
        self.country = country
        self.sample = sample
        self.verdict = verdict
    }

    /// Whole days from the probe to the end of the certificate, rounded towards the past; nil without one.
    var daysLeft: Int64? {
        sample.findings?.tls?.notAfter.map { floorDivide($0 - sample.start, Duration.dayNs) }
    }
}
