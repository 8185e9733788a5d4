import Accounting
import Vocabulary

/// Short ways to say histories in tests: a letter for each slot.
///
///     . unknown   u up   g degraded   d down   b up, and mixed (a blip)   x unknown, with a cause of our own
enum Letters {
    static func slot(
        _ letter: Character, startMs: Int64 = 0, legs exact: Legs = Legs(waitUs: 10_000), cause: Cause = .refused
    ) -> Slot {
        let legs = SlotLegs(exact)
        let totalUs = exact.totalUs
        func made(_ verdict: Verdict, _ cause: Cause, _ marks: Slot.Marks = []) -> Slot {
            Slot(
                verdict: verdict, cause: cause, status: 0, marks: marks, startUnits: UInt32(startMs), totalUs: totalUs,
                legs: legs)
        }
        switch letter {
        case "u": return made(.up, .ok)
        case "g": return made(.degraded, .totalOver)
        case "d": return made(.down, cause)
        case "b": return made(.up, .ok, .mixed)
        case "x": return made(.unknown, .noDescriptors)
        default: return .unwritten
        }
    }
}

extension Instant {
    /// `2026-11-01T00:00:00Z`.
    init(_ text: String) {
        self = Instant(rfc3339: text)!
    }
}

extension Interval {
    init(_ start: String, _ end: String) { self.init(start: Instant(start), end: Instant(end)) }
}

/// A history of one check written down as text, and the input that asks about it.
struct Story {
    static let minuteNs = Duration.minuteNs
    /// Every story starts here unless it says otherwise: a midnight in UTC.
    static let start = Instant("2026-11-01T00:00:00Z")

    var periodNs = Story.minuteNs
    var vote = Vote.majority
    var start = Story.start
    /// Region and letters; all of one length.
    var regions: [(String, String)]
    /// Starts inside the slots, for each region in milliseconds.
    var phasesMs: [Int64] = []
    /// Unless given, the slot of the first known sample.
    var birth: Instant?

    init(_ letters: String...) {
        regions = letters.enumerated().map { (["tw", "jp", "us", "de"][$0.offset], $0.element) }
    }

    init(regions: [(String, String)]) { self.regions = regions }

    func with(_ change: (inout Story) -> Void) -> Story {
        var story = self
        change(&story)
        return story
    }

    var era: Era {
        Era(from: start, periodNs: periodNs, vote: vote, regions: regions.map(\.0), firstSequence: 0)
    }

    var count: Int { regions.map(\.1.count).max() ?? 0 }
    var interval: Interval { Interval(start: start, end: start + Int64(count) * periodNs) }

    var stretch: History.Stretch {
        let lists = regions.enumerated().map { index, region in
            region.1.map { Letters.slot($0, startMs: index < phasesMs.count ? phasesMs[index] : 0) }
        }
        return History.Stretch(era: era, firstSlot: era.grid.slot(at: start), slots: lists)
    }

    var history: History {
        let stretch = stretch
        let first = (0..<stretch.count).first { place in stretch.slots.contains { $0[place].verdict.isKnown } }
        return History(
            check: "shop", birth: birth ?? first.map { era.grid.start(of: stretch.firstSlot + Int64($0)) },
            stretches: [stretch])
    }

    /// Everything settled, the window the whole story, days in UTC.
    func input(
        window: Interval? = nil, zone: Zone = .utc, now: Instant? = nil, exclusions: [Exclusion] = [],
        corrections: [Correction] = []
    ) -> CountingInput {
        Fixtures.input(
            history, periodNs: periodNs, vote: vote, regions: regions.map(\.0), window: window ?? interval, zone: zone,
            now: now, exclusions: exclusions, corrections: corrections)
    }

    /// The instant `minutes` after the story's start.
    static func minute(_ minutes: Int64, plusMs: Int64 = 0) -> Instant {
        start + minutes * minuteNs + plusMs * Duration.millisecondNs
    }

    static func minutes(_ first: Int64, _ end: Int64) -> Interval { Interval(start: minute(first), end: minute(end)) }
}

enum Fixtures {
    static func input(
        _ history: History, periodNs: Int64 = Duration.minuteNs, vote: Vote = .majority, regions: [String],
        window: Interval, zone: Zone = .utc, now: Instant? = nil, exclusions: [Exclusion] = [],
        corrections: [Correction] = []
    ) -> CountingInput {
        let end = max(window.end, history.stretches.last?.interval.end ?? window.end)
        return CountingInput(
            check: Check(
                name: "shop", title: "Shop", kind: "http", settings: .text("https://shop.test/"), periodNs: periodNs,
                timeoutNs: 10 * Duration.secondNs, regions: regions, vote: vote),
            countries: ["tw": "TW", "jp": "JP"], history: history, window: window, zone: zone,
            now: now ?? end + Duration.dayNs * 3, exclusions: exclusions, corrections: corrections)
    }

    /// Central European time around 2026: clocks go forward on 29 March, back on 25 October, at 01:00 UTC.
    static let paris = Zone(
        name: "Europe/Paris", firstOffset: 3_600,
        transitions: [
            Zone.Transition(at: Instant("2026-03-29T01:00:00Z").seconds, offset: 7_200),
            Zone.Transition(at: Instant("2026-10-25T01:00:00Z").seconds, offset: 3_600),
        ])

    static let minute = Duration.minuteNs
}

extension Sums {
    static func minutes(
        up: Int64 = 0, degraded: Int64 = 0, down: Int64 = 0, unknown: Int64 = 0, excluded: Int64 = 0
    ) -> Sums {
        Sums(
            up: up * Fixtures.minute, degraded: degraded * Fixtures.minute, down: down * Fixtures.minute,
            unknown: unknown * Fixtures.minute, excluded: excluded * Fixtures.minute)
    }
}
