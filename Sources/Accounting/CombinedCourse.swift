import Vocabulary

/// Several checks as one, `all` up or `any` up: time cut at the edges of their slots, each piece with what the checks
/// count as in it. Source: docs/uptime.md, rule 10.
///
/// A check takes part from its birth on, outside of what excludes it. Nobody takes part: excluded when something
/// excludes one of them, else nothing is owed. Time counts once every check has settled it.
struct CombinedCourse {
    let counts: [Count]
    let isAny: Bool
    /// Without gaps but where nothing is owed; oldest first.
    let segments: [BarSegment]
    /// Up to where all have settled; nil when none of them was born.
    let settledEnd: Instant?

    init(_ counts: [Count], isAny: Bool) {
        self.counts = counts
        self.isAny = isAny
        let bars = counts.map { $0.bar(of: $0.course.places, cutAt: Instant(nanoseconds: .max)) }
        let settledEnd = bars.compactMap { $0.last?.interval.end }.min()
        self.settledEnd = settledEnd
        guard let settledEnd else {
            segments = []
            return
        }
        let edges = Set(bars.flatMap { $0.flatMap { [$0.interval.start, $0.interval.end] } })
            .filter { $0 <= settledEnd }.sorted()
        var segments: [BarSegment] = []
        var heads = bars.map { $0[...] }
        for (start, end) in zip(edges, edges.dropFirst()) {
            var states: [BarState] = []
            for check in heads.indices {
                while let first = heads[check].first, first.interval.end <= start { heads[check].removeFirst() }
                if let first = heads[check].first, first.interval.start <= start { states.append(first.state) }
            }
            guard let state = CombinedCourse.combine(states, isAny: isAny) else { continue }
            if let last = segments.last, last.state == state, last.interval.end == start {
                segments[segments.count - 1] = BarSegment(
                    interval: Interval(start: last.interval.start, end: end), state: state)
            } else {
                segments.append(BarSegment(interval: Interval(start: start, end: end), state: state))
            }
        }
        self.segments = segments
    }

    private static func combine(_ states: [BarState], isAny: Bool) -> BarState? {
        let part = states.filter { $0 != .excluded }
        guard !part.isEmpty else { return states.isEmpty ? nil : .excluded }
        // Of several the one that decides; up and degraded are both up.
        let order: [BarState] = isAny ? [.up, .degraded, .unknown, .down] : [.down, .unknown, .degraded, .up]
        return order.first { part.contains($0) }
    }

    func sums(in interval: Interval) -> Sums {
        segments.reduce(into: Sums()) { sums, segment in
            sums.add(segment.state, segment.interval.clamped(to: interval).durationNs)
        }
    }

    /// The longest runs of down time, ended by up or degraded time, whole.
    func outageRuns() -> [Interval] {
        var runs: [Interval] = []
        var run: Interval?
        for segment in segments {
            switch segment.state {
            case .unknown, .excluded: continue
            case .down: run = Interval(start: run?.start ?? segment.interval.start, end: segment.interval.end)
            case .up, .degraded:
                if let run { runs.append(run) }
                run = nil
            }
        }
        return runs + (run.map { [$0] } ?? [])
    }

    /// What is to come of `window`: not settled yet, and not excluded for all of the checks.
    func toCome(of window: Interval) -> ToCome {
        let left = Interval(start: max(window.start, min(settledEnd ?? window.start, window.end)), end: window.end)
        guard !left.isEmpty else { return ToCome() }
        let moved = counts.flatMap { $0.input.exclusions.map(\.interval) + $0.input.corrections.map(\.interval) }
        let edges = Set(moved.flatMap { [$0.start, $0.end] }).filter { left.start < $0 && $0 < left.end }
        var toCome = ToCome()
        toCome.isOver = counts.allSatisfy { $0.toCome().isOver }
        guard !toCome.isOver else { return toCome }
        let cuts = [left.start] + edges.sorted() + [left.end]
        for (start, end) in zip(cuts, cuts.dropFirst()) {
            if !counts.allSatisfy({ $0.input.isExcluded(at: start) }) { toCome.nanoseconds += end - start }
        }
        return toCome
    }
}

extension CountingInput {
    /// What begins at `instant` is left out.
    func isExcluded(at instant: Instant) -> Bool {
        if let correction = corrections.last(where: { $0.interval.contains(instant) }) {
            return correction.verdict == .excluded
        }
        return exclusions.contains { $0.interval.contains(instant) }
    }
}
