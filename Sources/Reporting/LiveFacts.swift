import Vocabulary

/// What the running program knows beside its store: a copy, for whoever asks for metrics.
package struct LiveFacts: Sendable {
    /// By series: what its last sample was.
    package var series: [SeriesFacts] = []
    package var failures: [Failure: Int] = [:]
    package var regions: [RegionFacts] = []
    package var startLateness = Histogram(boundsNs: Histogram.latenessBoundsNs)
    package var probesInFlight = 0
    package var roundsStarted = 0
    package var roundsDropped = 0
    package var reprobesLapsed = 0
    /// Samples that wait for sentinels now, and that ever did.
    package var samplesWaiting = 0
    package var samplesHeld = 0
    package var storeFaults = 0
    package var store = StoreFacts()

    package init() {}

    package struct StoreFacts: Hashable, Sendable {
        /// Why samples wait in memory; nil while all is well.
        package var fault: String?
        package var waiting = 0
        /// Samples that could not even wait.
        package var lost = 0

        package init() {}

        package var isWell: Bool { fault == nil && waiting == 0 }
    }

    package struct SeriesFacts: Sendable {
        package let check: String
        package let region: String
        /// nil before the first sample.
        package var last: Last?

        package init(check: String, region: String) {
            self.check = check
            self.region = region
        }

        /// Puts `new` in the place of the last sample, and gives that one back.
        package mutating func replaceLast(with new: Last) -> Last? {
            defer { last = new }
            return last
        }
    }

    package struct Last: Sendable {
        package let verdict: Verdict
        package let legs: Legs
        /// End of the certificate's validity; nil without one.
        package let notAfter: Instant?

        package init(verdict: Verdict, legs: Legs, notAfter: Instant?) {
            self.verdict = verdict
            self.legs = legs
            self.notAfter = notAfter
        }
    }

    /// Which samples were not good, counted by place in `series` and cause.
    package struct Failure: Hashable, Sendable {
        package let series: Int
        package let cause: Cause
        package init(series: Int, cause: Cause) {
            self.series = series
            self.cause = cause
        }
    }

    package struct RegionFacts: Hashable, Sendable {
        package let region: String
        package var isInDoubt = false
        package var sentinelsAsked = 0
        package var sentinelsFailed = 0

        package init(region: String) { self.region = region }
    }
}
