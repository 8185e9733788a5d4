import Vocabulary

/// The four instants of an outage, from the samples around its first and last down slot.
/// Source: docs/uptime.md, rule 6.
struct OutageEdges {
    private let course: Course
    /// Up to where each region's newest good sample has been looked for, and where it is; so that all outages
    /// together look at each slot once.
    private var newestGood: [String: (before: Int, place: Int?)] = [:]

    init(_ course: Course) { self.course = course }

    /// Outages are to be asked for in their order.
    mutating func start(of run: ClosedRange<Int>) -> (at: Instant?, earliest: Instant?) {
        let first = run.lowerBound
        let bad = course.samples(at: first).filter { $0.verdict == .down }
        let before = newestKnown(before: first).map(downRegions) ?? []
        var fallen = bad.filter { !before.contains($0.region) }
        if fallen.isEmpty { fallen = bad }
        let earliest = fallen.compactMap { newestGoodSample(of: $0.region, before: first) }.max()
        return (fallen.map(\.start).min(), earliest)
    }

    /// Without an end while it goes on.
    func end(of run: ClosedRange<Int>) -> (at: Instant?, earliest: Instant?) {
        let last = run.upperBound
        guard let next = course.votes[(last + 1)...].firstIndex(where: { $0.verdict.isGood }) else { return (nil, nil) }
        let around = course.samples(at: next)
        let bad = course.samples(at: last).filter { $0.verdict == .down }
        let after = downRegions(at: next)
        var risen = Set(bad.map(\.region).filter { !after.contains($0) })
        if risen.isEmpty { risen = Set(bad.map(\.region)) }
        let good = around.filter { $0.verdict.isGood }
        let risenGood = good.filter { risen.contains($0.region) }
        guard let end = (risenGood.isEmpty ? good : risenGood).map(\.start).min() else { return (nil, nil) }
        let badBefore = (bad + around.filter { $0.verdict == .down })
            .filter { risen.contains($0.region) && $0.start < end }
        return (end, badBefore.map(\.start).max())
    }

    private func newestKnown(before place: Int) -> Int? {
        course.votes[..<place].lastIndex { $0.verdict.isKnown }
    }

    private func downRegions(at place: Int) -> Set<String> {
        Set(course.samples(at: place).filter { $0.verdict == .down }.map(\.region))
    }

    private mutating func newestGoodSample(of region: String, before place: Int) -> Instant? {
        let known = newestGood[region] ?? (before: 0, place: nil)
        let found = (known.before..<max(known.before, place)).last { isGood(region, at: $0) } ?? known.place
        newestGood[region] = (place, found)
        return found.flatMap { found in course.samples(at: found).first { $0.region == region }?.start }
    }

    private func isGood(_ region: String, at place: Int) -> Bool {
        let piece = course.piece(at: place)
        guard let index = piece.era.regions.firstIndex(of: region) else { return false }
        return piece.slot(region: index, at: place).verdict.isGood
    }
}

/// What one region's slot says, when it says something.
struct RegionSample {
    let region: String
    let verdict: Verdict
    let start: Instant
}

extension Course {
    /// The known samples of a slot, in the order of the era's regions.
    fileprivate func samples(at place: Int) -> [RegionSample] {
        let piece = piece(at: place)
        return piece.era.regions.indices.compactMap { region in
            let slot = piece.slot(region: region, at: place)
            guard slot.verdict.isKnown else { return nil }
            return RegionSample(
                region: piece.era.regions[region], verdict: slot.verdict, start: piece.sampleStart(slot, at: place))
        }
    }
}
