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
        var scan = SlotScan()
        var days = [DayResponse](repeating: DayResponse(), count: cuts.count)
        var regions: [RegionFigures] = []
        var lists: [[UInt32]] = []
        for region in RegionTallies.regions(of: count) {
            scan.beginRegion(slots: count.window.count)
            for (day, cut) in cuts.enumerated() {
                for (piece, part) in count.course.parts(of: cut.places) {
                    guard let index = piece.era.regions.firstIndex(of: region) else { continue }
                    scan.add(piece, region: index, part, states: count.states, &days[day])
                }
            }
            lists.append(scan.totalsUs)
            let response = Distribution(lists: [scan.totalsUs]).figures()
            regions.append(
                RegionFigures(
                    region: region, country: count.input.countries[region], sums: scan.sums, response: response))
        }
        self.regions = regions
        self.days = days
        response = regions.count == 1 ? regions[0].response : Distribution(lists: lists).figures()
        legs = scan.legs.figures()
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
