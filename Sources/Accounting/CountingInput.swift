import Vocabulary

/// Everything that the figures of one check over one window are made of.
package struct CountingInput: Sendable {
    package var check: Check
    /// ISO 3166 codes by region name.
    package var countries: [String: String]
    /// At least the window; as much around it as `Count.reachesBeyond()` asks for.
    package var history: History
    package var window: Interval
    /// Whose days the figures are told by.
    package var zone: Zone
    package var now: Instant
    /// Those of the whole history and of the window, to come included.
    package var exclusions: [Exclusion]
    /// In the order of the ledger: of two that hold a slot the later one wins.
    package var corrections: [Correction]

    package init(
        check: Check, countries: [String: String] = [:], history: History, window: Interval, zone: Zone, now: Instant,
        exclusions: [Exclusion] = [], corrections: [Correction] = []
    ) {
        self.check = check
        self.countries = countries
        self.history = history
        self.window = window
        self.zone = zone
        self.now = now
        self.exclusions = exclusions
        self.corrections = corrections
    }
}

/// An interval whose slots are left out of the sums. Source: docs/uptime.md, rule 3.
package struct Exclusion: Hashable, Sendable {
    package let interval: Interval
    package let source: Source
    /// Entered when the interval had begun already.
    package let isAfterTheFact: Bool

    package init(interval: Interval, source: Source, isAfterTheFact: Bool = false) {
        self.interval = interval
        self.source = source
        self.isAfterTheFact = isAfterTheFact
    }

    package enum Source: Hashable, Sendable {
        /// The window's name.
        case maintenance(String)
        case pause
        case outsideBusinessHours

        /// `maintenance weekly`, as reports show it.
        package var text: String {
            switch self {
            case .maintenance(let name): "maintenance \(name)"
            case .pause: "pause"
            case .outsideBusinessHours: "outside business hours"
            }
        }
    }
}
