import Vocabulary

/// The series of one period, in the order of their phases. A hand goes round them once a slot, so that the next one is
/// known without a search, however many there are.
struct PhaseCycle: Sendable {
    let grid: SlotGrid
    private let series: [SeriesPhase]
    /// The slot the hand is in, and the series it points to. Those before it are due next in the slot after.
    private var slot: Int64
    private var hand = 0
    /// When the series at the hand is due.
    private(set) var next: Instant

    /// Of at least one series, all of one period; the hand points to the first that is due after `now`.
    init(_ series: [SeriesPhase], at now: Instant) {
        self.series = series.sorted { ($0.phaseNs, $0.index) < ($1.phaseNs, $1.index) }
        grid = series[0].grid
        slot = grid.slot(at: now)
        next = self.series[0].due(in: slot)
        while next <= now { step() }
    }

    /// Appends what is due before `end`, in order; slots that ended at `now` and nobody asked for are missed.
    mutating func serve(before end: Instant, at now: Instant, _ agenda: inout Scheduler.Agenda) {
        if now >= grid.start(of: slot + 1) { miss(until: grid.slot(at: now), &agenda) }
        while next < end {
            agenda.due.append(Due(series: series[hand].index, slot: slot, at: next))
            step()
        }
    }

    private mutating func step() {
        hand += 1
        if hand == series.count { (hand, slot) = (0, slot + 1) }
        next = series[hand].due(in: slot)
    }

    private mutating func miss(until present: Int64, _ agenda: inout Scheduler.Agenda) {
        for (place, series) in series.enumerated() {
            let first = place < hand ? slot + 1 : slot
            guard first < present else { continue }
            agenda.missed.append(
                Scheduler.Missed(series: series.index, slots: first..<present, phaseNs: series.phaseNs))
        }
        (hand, slot) = (0, present)
        next = series[0].due(in: slot)
    }
}
