import Vocabulary

extension Count {
    /// Slots in a row from which a region alone is worth a line of its own in reports.
    package static let regionalSlotsMin = 3

    /// Where a region was down in at least `regionalSlotsMin` slots in a row of the window while the vote was not,
    /// oldest first; regions that fell together in the order of the era. An unknown slot ends such a run.
    /// `partials`: those of the window.
    func regional(_ partials: [Spell]) -> [Spell] {
        var found: [Spell] = []
        for partial in partials {
            let places = course.places(startingIn: partial.interval).clamped(to: window)
            for name in partial.regions { found += runs(of: name, in: places) }
        }
        return found.enumerated().sorted {
            ($0.element.interval.start, $0.offset) < ($1.element.interval.start, $1.offset)
        }.map(\.element)
    }

    private func runs(of name: String, in places: Range<Int>) -> [Spell] {
        var runs: [Spell] = []
        var first: Int?
        for place in places.lowerBound...places.upperBound {
            if place < places.upperBound, isDown(name, at: place) {
                first = first ?? place
                continue
            }
            if let begun = first, place - begun >= Count.regionalSlotsMin {
                var tally = CauseTally()
                for (piece, part) in course.parts(of: begun..<place) {
                    tally.add(piece, part, region: name) { $0.verdictField == Field.down }
                }
                runs.append(
                    Spell(
                        interval: course.interval(of: begun..<place), cause: tally.cause ?? .unstated, regions: [name]))
            }
            first = nil
        }
        return runs
    }

    private func isDown(_ name: String, at place: Int) -> Bool {
        let piece = course.piece(at: place)
        guard let region = piece.era.regions.firstIndex(of: name) else { return false }
        return piece.slot(region: region, at: place).verdictField == Field.down
    }
}
