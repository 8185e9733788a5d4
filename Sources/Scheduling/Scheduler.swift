import Vocabulary

// In: a plan and `now`. Out: which probes are due in which slot, and which slots were missed.
// Pure: it has no clock, starts nothing, and never skips a slot without saying so.

/// Drives every series of a plan over its epoch-aligned slots, at its phase, without drift: each due instant is
/// computed from the slot's number, never from the one before.
package struct Scheduler: Sendable {
    private let series: [SeriesPhase]
    /// For each series, the slot it is due in next.
    private var nextSlot: [Int64]
    private var wheel: TimingWheel
    private var now: Instant
    /// The instant at which `advance` has something to do; nil for a plan without series.
    package private(set) var next: Instant?
    /// Re-probes to come, by series: at most one of each, because a check has one round at a time. In the wheel their
    /// ids follow those of the series.
    private var reprobes: [Int: Due] = [:]
    /// Kept between calls for their memory.
    private var expired: [Int32] = []
    private var due: [Due] = []
    /// Series to be probed at once after the start; see `start`.
    private var catchingUp: [Bool]

    /// `needsCatchUp` tells for a series whether its present slot is still empty: such a series whose phase has passed
    /// is due at once, spread over two seconds, so that a restart leaves no gap.
    package init(plan: Plan, now: Instant, needsCatchUp: (SeriesIndex) -> Bool = { _ in false }) {
        series = SeriesPhase.all(of: plan)
        nextSlot = Array(repeating: 0, count: series.count)
        catchingUp = Array(repeating: false, count: series.count)
        wheel = Scheduler.wheel(of: series, at: now)
        self.now = now
        start(at: now, needsCatchUp: needsCatchUp)
    }

    /// Enters a re-probe. It comes out of `advance` once its instant has passed, as due while its slot lasts, else as
    /// lapsed.
    package mutating func reprobe(_ due: Due) {
        guard let id = place(of: due.series) else { return }
        let isFirst = reprobes.updateValue(due, forKey: id) == nil
        if isFirst { wheel.insert(Int32(series.count + id), at: Scheduler.tick(due.at) + 1) }
        next = wheel.nextTick.map(Scheduler.start(ofTick:))
    }

    /// What is due at `now`. A series that was due in a slot that has passed misses it: it is said, and the present
    /// slot is served instead, late if need be. A step back over a second starts the series anew from there; re-probes
    /// that were to come lapse.
    package mutating func advance(to now: Instant) -> Agenda {
        var agenda = Agenda()
        if now < self.now - Duration.secondNs {
            agenda.lapsed = reprobes.values.sorted { ($0.at, $0.series) < ($1.at, $1.series) }
            reprobes.removeAll()
            wheel = Scheduler.wheel(of: series, at: now)
            start(at: now) { _ in false }
        } else if next.map({ now < $0 }) ?? true {
            self.now = now
            return agenda
        }
        self.now = now
        wheel.advance(to: Scheduler.tick(now), into: &expired)
        if !expired.isEmpty { serveExpired(at: now, &agenda) }
        next = wheel.nextTick.map(Scheduler.start(ofTick:))
        return agenda
    }

    private mutating func serveExpired(at now: Instant, _ agenda: inout Agenda) {
        // One at a time: there is mostly one, and `removeAll(keepingCapacity:)` costs as much as replacing a range.
        while due.popLast() != nil {}
        for place in expired.indices {
            let id = Int(expired[place])
            if id < series.count { serve(id, at: now, &agenda) } else { serveReprobe(id, at: now, &agenda) }
        }
        while expired.popLast() != nil {}
        if due.count > 1 { due.sort { ($0.at, $0.series) < ($1.at, $1.series) } }
        agenda.due = due
    }

    /// What one call of `advance` gives back.
    package struct Agenda: Sendable {
        /// Probes to start at once, in the order of their due instants.
        package fileprivate(set) var due: [Due] = []
        /// Slots that ended before their probe could start.
        package fileprivate(set) var missed: [Missed] = []
        /// Re-probes whose slot ended before they could start: they are not sent.
        package fileprivate(set) var lapsed: [Due] = []

        /// Takes what is not to be asked out of `due`, and gives it back.
        package mutating func leaveOut(where isOut: (Due) -> Bool) -> [Due] {
            guard due.contains(where: isOut) else { return [] }
            defer { due.removeAll(where: isOut) }
            return due.filter(isOut)
        }
    }

    /// Slots of one series that nobody asked for in time.
    package struct Missed: Hashable, Sendable {
        package let series: SeriesIndex
        package let slots: Range<Int64>
        /// Where in its slots the series is due.
        package let phaseNs: Int64
    }

    private mutating func serve(_ id: Int, at now: Instant, _ agenda: inout Agenda) {
        let timing = series[id]
        let present = timing.grid.slot(at: now)
        var slot = nextSlot[id]
        if slot < present {
            agenda.missed.append(Missed(series: timing.index, slots: slot..<present, phaseNs: timing.phaseNs))
            slot = present
            catchingUp[id] = false
        }
        let at = timing.due(in: slot)
        if catchingUp[id] {
            // Due when asked for. Source: docs/uptime.md, rule 1.
            catchingUp[id] = false
            due.append(Due(series: timing.index, slot: slot, at: now))
            slot += 1
        } else if at <= now {
            due.append(Due(series: timing.index, slot: slot, at: at))
            slot += 1
        }
        nextSlot[id] = slot
        schedule(id)
    }

    private mutating func serveReprobe(_ id: Int, at now: Instant, _ agenda: inout Agenda) {
        let timing = series[id - series.count]
        guard let reprobe = reprobes[id - series.count] else { return }
        if now < reprobe.at {
            wheel.insert(Int32(id), at: Scheduler.tick(reprobe.at) + 1)
            return
        }
        reprobes[id - series.count] = nil
        if timing.grid.slot(at: now) == reprobe.slot { due.append(reprobe) } else { agenda.lapsed.append(reprobe) }
    }

    private mutating func start(at now: Instant, needsCatchUp: (SeriesIndex) -> Bool) {
        self.now = now
        let spreadNs = 2 * Duration.secondNs
        for (id, timing) in series.enumerated() {
            let slot = timing.grid.slot(at: now)
            nextSlot[id] = slot
            catchingUp[id] = false
            guard timing.due(in: slot) <= now else {
                schedule(id)
                continue
            }
            let at = now + spreadNs * Int64(id) / Int64(series.count)
            if timing.grid.slot(at: at) == slot, needsCatchUp(timing.index) {
                catchingUp[id] = true
                wheel.insert(Int32(id), at: Scheduler.tick(at))
            } else {
                nextSlot[id] = slot + 1
                schedule(id)
            }
        }
        next = wheel.nextTick.map(Scheduler.start(ofTick:))
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

    private mutating func schedule(_ id: Int) {
        // The tick after the one that holds the instant has begun when the instant has passed.
        let at = series[id].due(in: nextSlot[id])
        wheel.insert(Int32(id), at: Scheduler.tick(at) + 1)
    }

    /// For every series two ids: its next slot's and its re-probe's.
    private static func wheel(of series: [SeriesPhase], at now: Instant) -> TimingWheel {
        TimingWheel(capacity: 2 * series.count, tick: Scheduler.tick(now) - 1)
    }

    /// A tick of the wheel is 2^20 ns, a little over a millisecond.
    private static let tickShift: Int64 = 20
    private static func tick(_ instant: Instant) -> Int64 { instant.nanoseconds >> tickShift }
    private static func start(ofTick tick: Int64) -> Instant { Instant(nanoseconds: tick << tickShift) }
}
