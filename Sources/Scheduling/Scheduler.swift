import Vocabulary

// In: a plan and `now`. Out: which probes are due in which slot, and which slots were missed.
// Pure: it has no clock, starts nothing, and never skips a slot without saying so.

/// Drives every series of a plan over its epoch-aligned slots, at its phase, without drift: each due instant is
/// computed from the slot's number, never from the one before.
package struct Scheduler: Sendable {
    private let series: [SeriesPhase]
    /// One for each period.
    private var cycles: [PhaseCycle] = []
    /// Probes outside the phases of their series, the next one last.
    private var extras: [Extra] = []
    private var now: Instant
    /// The instant at which `advance` has something to do; nil for a plan without series.
    package private(set) var next: Instant?
    /// What the last `advance` came to.
    package private(set) var agenda = Agenda()

    /// A probe that comes once.
    private struct Extra: Sendable {
        let tick: Int64
        let due: Due
        let series: SeriesPhase
    }

    /// `needsCatchUp` tells for a series whether its present slot is still empty: such a series whose phase has passed
    /// is due at once, spread over two seconds, so that a restart leaves no gap.
    package init(plan: Plan, now: Instant, needsCatchUp: (SeriesIndex) -> Bool = { _ in false }) {
        series = SeriesPhase.all(of: plan)
        self.now = now
        start(at: now)
        catchUp(at: now, needsCatchUp)
        lookAhead()
    }

    /// Enters a re-probe. It comes out of `advance` once its instant has passed, as due while its slot lasts, else as
    /// lapsed. A series has one to come at most, the last that was entered: a check has one round at a time.
    package mutating func reprobe(_ due: Due) {
        extras.removeAll { $0.due.isReprobe && $0.due.series == due.series }
        guard let place = place(of: due.series) else { return }
        let new = Extra(tick: Scheduler.tick(due.at) + 1, due: due, series: series[place])
        extras.insert(new, at: extras.lastIndex { $0.tick >= new.tick }.map { $0 + 1 } ?? 0)
        lookAhead()
    }

    /// What is due at `now` is in `agenda` then. A series that was due in a slot that has passed misses it: it is said,
    /// and the present slot is served instead, late if need be. A step back over a second starts the series anew from
    /// there; re-probes that were to come lapse.
    package mutating func advance(to now: Instant) {
        agenda.clear()
        if now < self.now - Duration.secondNs {
            agenda.lapsed = extras.map(\.due).filter(\.isReprobe).sorted { ($0.at, $0.series) < ($1.at, $1.series) }
            start(at: now)
            lookAhead()
        }
        self.now = now
        guard let next, next <= now else { return }
        let tick = Scheduler.tick(now)
        while let extra = extras.last, extra.tick <= tick {
            extras.removeLast()
            serve(extra)
        }
        let end = Scheduler.start(ofTick: tick)
        for place in cycles.indices { cycles[place].serve(before: end, at: now, &agenda) }
        if agenda.due.count > 1 { agenda.due.sort { ($0.at, $0.series) < ($1.at, $1.series) } }
        lookAhead()
    }

    /// Takes what is not to be asked out of what is due.
    package mutating func leaveOut(_ unasked: [Due]) {
        if !unasked.isEmpty { agenda.due.removeAll(where: unasked.contains) }
    }

    /// What one `advance` came to.
    package struct Agenda: Sendable {
        /// Probes to start at once, in the order of their due instants.
        package internal(set) var due: [Due] = []
        /// Slots that ended before their probe could start.
        package internal(set) var missed: [Missed] = []
        /// Re-probes whose slot ended before they could start: they are not sent.
        package internal(set) var lapsed: [Due] = []

        fileprivate mutating func clear() {
            // One at a time: there is mostly one, and `removeAll(keepingCapacity:)` costs as much as replacing a range.
            while !due.isEmpty { due.removeLast() }
            if !missed.isEmpty { missed = [] }
            if !lapsed.isEmpty { lapsed = [] }
        }
    }

    /// Slots of one series that nobody asked for in time.
    package struct Missed: Hashable, Sendable {
        package let series: SeriesIndex
        package let slots: Range<Int64>
        /// Where in its slots the series is due.
        package let phaseNs: Int64
    }

    private mutating func serve(_ extra: Extra) {
        let due = extra.due
        let isInTime = extra.series.grid.slot(at: now) == due.slot
        switch (due.isReprobe, isInTime) {
        case (true, true): agenda.due.append(due)
        case (true, false): agenda.lapsed.append(due)
        // Due when asked for. Source: docs/uptime.md, rule 1.
        case (false, true): agenda.due.append(Due(series: due.series, slot: due.slot, at: now))
        case (false, false):
            agenda.missed.append(
                Missed(series: due.series, slots: due.slot..<due.slot + 1, phaseNs: extra.series.phaseNs))
        }
    }

    private mutating func start(at now: Instant) {
        extras = []
        cycles = Dictionary(grouping: series, by: \.grid).values.map { PhaseCycle($0, at: now) }
            .sorted { $0.grid.periodNs < $1.grid.periodNs }
    }

    private mutating func catchUp(at now: Instant, _ isNeeded: (SeriesIndex) -> Bool) {
        let spreadNs = 2 * Duration.secondNs
        for (place, series) in series.enumerated() {
            let slot = series.grid.slot(at: now)
            let at = now + spreadNs * Int64(place) / Int64(self.series.count)
            guard series.due(in: slot) <= now, series.grid.slot(at: at) == slot, isNeeded(series.index) else {
                continue
            }
            let due = Due(series: series.index, slot: slot, at: at)
            extras.append(Extra(tick: Scheduler.tick(at), due: due, series: series))
        }
        extras.reverse()
    }

    /// The series stand in the order of their indices.
    private func place(of index: SeriesIndex) -> Int? {
        var range = series.indices
        while !range.isEmpty {
            let middle = (range.lowerBound + range.upperBound) / 2
            if series[middle].index == index { return middle }
            range = series[middle].index < index ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    private mutating func lookAhead() {
        var first = extras.last?.tick
        for cycle in cycles {
            let tick = Scheduler.tick(cycle.next) + 1
            first = min(first ?? tick, tick)
        }
        next = first.map(Scheduler.start(ofTick:))
    }

    /// A tick is 2^20 ns, a little over a millisecond: what is due in the same one is served together, once the next
    /// has begun.
    private static let tickShift: Int64 = 20
    private static func tick(_ instant: Instant) -> Int64 { instant.nanoseconds >> tickShift }
    private static func start(ofTick tick: Int64) -> Instant { Instant(nanoseconds: tick << tickShift) }
}
