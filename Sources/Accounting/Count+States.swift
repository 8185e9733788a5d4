import Vocabulary

// What slots count as: the vote, then windows, then corrections. Source: docs/uptime.md, rule 3.
extension Count {
    static func states(of course: Course, exclusions: [Exclusion], corrections: [Correction]) -> [BarState] {
        var states: [BarState] = []
        states.reserveCapacity(course.votes.count)
        course.forEachRun(in: course.places) { run, vote in
            states.append(contentsOf: repeatElement(BarState(vote.verdict), count: run.count))
        }
        for exclusion in exclusions { paint(.excluded, over: exclusion.interval, of: course, &states) }
        // Corrections win over windows, and later ones over earlier ones.
        for correction in corrections {
            paint(correction.verdict.state, over: correction.interval, of: course, &states)
        }
        return states
    }

    private static func paint(
        _ state: BarState, over interval: Interval, of course: Course, _ states: inout [BarState]
    ) {
        for place in course.places(startingIn: interval) { states[place] = state }
    }

    /// The window's sums as they would be without the corrections; nil when none touches the window.
    func uncorrected() -> Sums? {
        guard input.corrections.contains(where: { $0.interval.overlaps(input.window) }) else { return nil }
        var plain = input
        plain.corrections = []
        return Count(plain).tally(of: window).nanoseconds
    }

    /// What excluded seconds of the window, oldest first. Each excluded second is told once: by the first window that
    /// holds it, else by the correction that excluded it.
    func exclusionFigures() -> [ExclusionFigures] {
        var isTold = [Bool](repeating: false, count: window.count)
        let corrected = input.corrections.filter { $0.verdict == .excluded }.map {
            ExclusionFigures(interval: $0.interval, source: "correction", excludedNs: 0, isAfterTheFact: true)
        }
        let announced = input.exclusions.map {
            ExclusionFigures(
                interval: $0.interval, source: $0.source.text, excludedNs: 0, isAfterTheFact: $0.isAfterTheFact)
        }
        let told = (announced.sortedByStart() + corrected.sortedByStart()).filter {
            $0.interval.overlaps(input.window)
        }
        return told.map { figures in
            var figures = figures
            figures.excludedNs = untoldExcludedNs(in: figures.interval, &isTold)
            return figures
        }.sortedByStart()
    }

    private func untoldExcludedNs(in interval: Interval, _ isTold: inout [Bool]) -> Int64 {
        var excludedNs: Int64 = 0
        for (piece, part) in course.parts(of: course.places(startingIn: interval).clamped(to: window)) {
            for place in part where states[place] == .excluded && !isTold[place - window.lowerBound] {
                isTold[place - window.lowerBound] = true
                excludedNs += piece.era.periodNs
            }
        }
        return excludedNs
    }

    /// The corrections that touch the window, each with the nanoseconds to which it gave another verdict.
    func correctionFigures() -> [CorrectionFigures] {
        guard !input.corrections.isEmpty else { return [] }
        let before = Count.states(of: course, exclusions: input.exclusions, corrections: [])
        var isDecided = [Bool](repeating: false, count: window.count)
        var figures: [CorrectionFigures] = []
        // From the last to the first: a slot is the affair of the last correction that holds it.
        for correction in input.corrections.reversed() where correction.interval.overlaps(input.window) {
            var changedNs: Int64 = 0
            let places = course.places(startingIn: correction.interval).clamped(to: window)
            for (piece, part) in course.parts(of: places) {
                for place in part where !isDecided[place - window.lowerBound] {
                    isDecided[place - window.lowerBound] = true
                    if states[place] != before[place] { changedNs += piece.era.periodNs }
                }
            }
            figures.append(
                CorrectionFigures(
                    interval: correction.interval, verdict: correction.verdict, why: correction.why,
                    changedNs: changedNs))
        }
        return figures.reversed()
    }
}

extension BarState {
    init(_ verdict: Verdict) {
        switch verdict {
        case .up: self = .up
        case .degraded: self = .degraded
        case .down: self = .down
        case .unknown: self = .unknown
        }
    }
}

extension CorrectedVerdict {
    fileprivate var state: BarState {
        switch self {
        case .up: .up
        case .down: .down
        case .excluded: .excluded
        }
    }
}

extension [ExclusionFigures] {
    /// Oldest first; of equal starts in the order given.
    fileprivate func sortedByStart() -> [ExclusionFigures] {
        enumerated().sorted { ($0.element.interval.start, $0.offset) < ($1.element.interval.start, $1.offset) }
            .map(\.element)
    }
}
