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

    init(_ count: Count, cuts: [DayCut], _ cores: any Cores) {
        let names = RegionTallies.regions(of: count)
        let parts = cores.map(RegionTallies.shares(of: cuts, among: cores)) { cuts in
            RegionTallies.scan(cuts, of: count, names)
        }
        var scan = parts[0].scan
        for part in parts.dropFirst() { scan.add(part.scan) }
        scan.finish(cores)
        regions = names.enumerated().map { number, name in
            RegionFigures(
                region: name, country: count.input.countries[name], sums: scan.sums[number],
                response: scan.response(ofRegion: number))
        }
        days = parts.flatMap(\.days)
        response = scan.response
        legs = scan.legs
        failures = scan.failures()
        hasGenerated = scan.hasGenerated
    }

    /// The days in shares of about as many slots, one for each core; at least one.
    private static func shares(of cuts: [DayCut], among cores: any Cores) -> [ArraySlice<DayCut>] {
        let slots = cuts.reduce(0) { $0 + $1.places.count }
        let wanted = max(1, min(cores.count, slots / cores.leastShare))
        var shares: [ArraySlice<DayCut>] = []
        var (first, before) = (cuts.startIndex, 0)
        for (index, cut) in cuts.enumerated() {
            before += cut.places.count
            guard shares.count < wanted - 1, before * wanted >= slots * (shares.count + 1) else { continue }
            shares.append(cuts[first...index])
            first = index + 1
        }
        return shares + [cuts[first...]]
    }

    private static func scan(
        _ cuts: ArraySlice<DayCut>, of count: Count, _ names: [String]
    ) -> (scan: SlotScan, days: [DayResponse]) {
        let history = count.input.history
        var scan = SlotScan(regions: names.count)
        var days = [DayResponse](repeating: DayResponse(), count: cuts.count)
        // Room for the slots that are there: of a summary there are none.
        let parts = cuts.map { count.course.parts(of: $0.places) }
        scan.reserve(parts.joined().reduce(0) { $1.piece.isSummary ? $0 : $0 + $1.places.count })
        for (number, name) in names.enumerated() {
            let hours = history.hours.first { $0.region == name }?.hours ?? []
            for (day, parts) in parts.enumerated() {
                for (piece, part) in parts {
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
        return (scan, days)
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
