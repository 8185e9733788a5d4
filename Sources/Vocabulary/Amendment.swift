// What people enter in the ledger and what changes how slots count, without touching a sample.

/// An entry of the ledger that gives the check's slots starting in `interval` another verdict when counting.
/// Source: docs/uptime.md, rule 3.
package struct Correction: Hashable, Sendable {
    package let interval: Interval
    package let verdict: CorrectedVerdict
    package let why: String

    package init(interval: Interval, verdict: CorrectedVerdict, why: String) {
        self.interval = interval
        self.verdict = verdict
        self.why = why
    }
}

/// What a correction makes of slots.
package enum CorrectedVerdict: String, Hashable, Sendable, CaseIterable {
    case up, down, excluded
}

/// A correction as the ledger keeps it.
package struct CorrectionEntry: Hashable, Sendable {
    package let id: Int64
    package let check: String
    package let correction: Correction
    package let entered: Instant

    package init(id: Int64, check: String, correction: Correction, entered: Instant) {
        self.id = id
        self.check = check
        self.correction = correction
        self.entered = entered
    }

    /// `names`: by former name, what a check is called now.
    package func renamed(by names: [String: String]) -> CorrectionEntry {
        CorrectionEntry(id: id, check: names[check] ?? check, correction: correction, entered: entered)
    }
}

/// Probing of one check stopped on purpose.
package struct Pause: Hashable, Sendable {
    package let check: String
    package let start: Instant
    /// nil while it goes on.
    package let end: Instant?
    package let origin: Origin

    package enum Origin: String, Hashable, Sendable {
        /// `sonde pause`.
        case command
        /// `paused: true`.
        case configuration
    }

    package init(check: String, start: Instant, end: Instant?, origin: Origin) {
        self.check = check
        self.start = start
        self.end = end
        self.origin = origin
    }

    package func renamed(by names: [String: String]) -> Pause {
        Pause(check: names[check] ?? check, start: start, end: end, origin: origin)
    }

    /// One that goes on has no end that a slot could reach.
    package var interval: Interval { Interval(start: start, end: end ?? Instant(nanoseconds: .max)) }
}

/// An occurrence of a maintenance window as a run knew it.
package struct AnnouncedWindow: Hashable, Sendable {
    package let name: String
    package let interval: Interval
    /// Names of checks.
    package let checks: [String]
    /// When a run first knew it.
    package let entered: Instant

    package init(name: String, interval: Interval, checks: [String], entered: Instant) {
        self.name = name
        self.interval = interval
        self.checks = checks
        self.entered = entered
    }

    package func renamed(by names: [String: String]) -> AnnouncedWindow {
        AnnouncedWindow(name: name, interval: interval, checks: checks.map { names[$0] ?? $0 }, entered: entered)
    }
}
