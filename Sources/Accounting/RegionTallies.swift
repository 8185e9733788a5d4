import Vocabulary

/// What the samples of the window's slots add up to: by region, by leg, by cause and by day.
/// Source: docs/uptime.md, rules 9 and 13.
struct RegionTallies {
    let regions: [RegionFigures]
    let response: ResponseFigures?
    let legs: [ResponseFigures?]
    let failures: [CheckFigures.CauseCount]
    let hasGenerated: Bool
    /// One for each day cut.
    let days: [DayResponse]

    struct DayResponse: Hashable {
        var sumUs: Int64 = 0
        var count: Int64 = 0
        /// Rounded down; nil when there are no samples.
        var meanUs: Int64? { count > 0 ? sumUs / count : nil }
    }

    init(_ count: Count, cuts: [DayCut]) {
        let names = RegionTallies.regions(of: count)
        let history = count.input.history
        var scan = SlotScan(regions: names.count)
        var days = [DayResponse](repeating: DayResponse(), count: cuts.count)
        // Room for the slots that are there: of a summary there are none.
        let standing = count.course.parts(of: count.window).reduce(0) { sum, part in
            part.piece.isSummary ? sum : sum + part.places.count
        }
        for (number, name) in names.enumerated() {
            let hours = history.hours.first { $0.region == name }?.hours ?? []
            scan.reserve(standing, ofRegion: number)
            for (day, cut) in cuts.enumerated() {
                for (piece, part) in count.course.parts(of: cut.places) {
                    guard let region = piece.era.regions.firstIndex(of: name) else { continue }
                    if piece.isSummary {
                        let birth = history.birth ?? piece.start(of: part.lowerBound)
                        scan.count(hours, piece, as: number, part, states: count.states, birth: birth, &days[day])
                    } else {
                        scan.count(piece, region: region, as: number, part, states: count.states, &days[day])
                    }
                }
            }
        }
        scan.finish()
        regions = names.enumerated().map { number, name in
            RegionFigures(
                region: name, country: count.input.countries[name], sums: scan.sums[number],
                response: scan.response(ofRegion: number))
        }
        self.days = days
        response = scan.response
        legs = scan.legs
        failures = scan.failures()
        hasGenerated = scan.hasGenerated
    }

    /// The regions of the configuration in its order, then those of older eras that owe a slot of the window.
    private static func regions(of count: Count) -> [String] {
        var names = count.input.check.regions
        for (piece, _) in count.course.parts(of: count.window).reversed() {
            for name in piece.era.regions where !names.contains(name) { names.append(name) }
        }
        return names
    }
}
