import Vocabulary

/// One check counted: its settled slots with what each of them counts as. Everything else is sums over ranges of it.
/// Source: docs/uptime.md.
package struct Count: Sendable {
    package let input: CountingInput
    let course: Course
    /// What each slot of the course counts as, windows and corrections applied.
    let states: [BarState]
    /// The slots of the window: places in the course.
    let window: Range<Int>
    /// First and last down slot of each outage of the course, oldest first.
    let outageRuns: [ClosedRange<Int>]
    /// By the sequence number of the first down slot.
    let records: [Int64: OutageRecord]

    /// O(slots x regions).
    package init(_ input: CountingInput) {
        self.input = input
        course = Course(settledOf: input)
        window = course.places(startingIn: input.window)
        states = Count.states(of: course, exclusions: input.exclusions, corrections: input.corrections)
        outageRuns = course.outageRuns()
        records = Dictionary(input.history.outages.map { ($0.firstSequence, $0) }) { $1 }
    }

    /// All figures of one check over the window.
    package static func figures(_ input: CountingInput) -> CheckFigures { Count(input).figures() }

    /// `cores`: share out what is worth it.
    package func figures(_ cores: any Cores = OneCore()) -> CheckFigures {
        let cuts = DayCut.all(of: input.window, in: input.zone, course: course)
        let asked = RegionTallies(self, cuts: cuts, cores)
        let days = cuts.indices.map { day(cuts[$0], responseMeanUs: asked.days[$0].meanUs) }
        let total = tally(of: window)
        assertIdentity(total, days: days)
        let outages = outages()
        let partials = partials()
        let correctedDownNs = correctedDownNs()
        precondition(
            outages.reduce(correctedDownNs) { $0 + $1.downNs } == total.nanoseconds.down,
            "rule 6: the outages' seconds, and what corrections made down outside them, are D")
        return CheckFigures(
            check: input.check.name, title: input.check.title, kind: input.check.kind,
            periodNs: input.history.stretches.last?.era.periodNs ?? input.check.periodNs, birth: input.history.birth,
            sums: total.nanoseconds, slots: total.slots, response: asked.response, legs: asked.legs,
            failures: asked.failures, regions: asked.regions, days: days, outages: outages,
            partials: partials, regional: regional(partials), blips: blips(), exclusions: exclusionFigures(),
            corrections: correctionFigures(), uncorrected: uncorrected(), hasGenerated: asked.hasGenerated,
            slotsFrom: slotsFrom(), apdex: apdex(), correctedDownNs: correctedDownNs)
    }

    /// nil when every slot of the window stands.
    private func slotsFrom() -> Instant? {
        guard course.parts(of: window).contains(where: { $0.piece.isSummary }) else { return nil }
        return input.history.slotsFrom ?? input.window.end
    }

    /// Sums over the settled slots that start in `interval`, in nanoseconds.
    package func sums(in interval: Interval) -> Sums { tally(of: course.places(startingIn: interval)).nanoseconds }

    /// The end of the newest settled slot that is loaded; nil when there is none.
    var settledEnd: Instant? { course.pieces.last.map { $0.end(of: $0.places.upperBound - 1) } }

    func tally(of places: Range<Int>) -> Tally {
        var tally = Tally()
        forEachRun(in: places) { run, state, piece in tally.add(state, count: run.count, periodNs: piece.era.periodNs) }
        return tally
    }

    /// Calls `body` for each longest run of slots of one era that count as the same, oldest first.
    func forEachRun(in places: Range<Int>, _ body: (Range<Int>, BarState, Piece) -> Void) {
        let (states, bytes) = (states.span, states.span.bytes)
        for (piece, part) in course.parts(of: places) {
            var start = part.lowerBound
            while start < part.upperBound {
                let end = ByteRuns.end(of: start, in: bytes, until: part.upperBound)
                body(start..<end, states[start], piece)
                start = end
            }
        }
    }

    private func assertIdentity(_ total: Tally, days: [DayFigures]) {
        precondition(
            total.nanoseconds.all == course.nanoseconds(of: window),
            "rule 4: U + D + X + E are the settled seconds of the window since the birth")
        var summed = Sums()
        for day in days { summed += day.sums }
        precondition(summed == total.nanoseconds, "rule 8: the sums of the days are the window's")
    }
}

/// Sums in both units at once.
struct Tally: Hashable {
    var nanoseconds = Sums()
    var slots = Sums()

    mutating func add(_ state: BarState, count: Int, periodNs: Int64) {
        nanoseconds.add(state, Int64(count) * periodNs)
        slots.add(state, Int64(count))
    }
}

extension Sums {
    mutating func add(_ state: BarState, _ amount: Int64) {
        switch state {
        case .up: up += amount
        case .degraded:
            up += amount
            degraded += amount
        case .down: down += amount
        case .unknown: unknown += amount
        case .excluded: excluded += amount
        }
    }
}
