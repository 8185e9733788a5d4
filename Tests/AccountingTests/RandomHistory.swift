import Accounting
import Support
import Vocabulary

/// Checks with a past: eras of other periods, votes and regions, gaps, windows, corrections, near a change of clocks.
enum RandomHistory {
    static let names = ["tw", "jp", "us", "de"]

    static func input(seed: UInt64) -> CountingInput {
        var random = SeededRandom(seed: seed)
        let days = ["2026-03-28T18:00:00Z", "2026-10-24T20:00:00Z", "2026-06-30T21:30:00Z"]
        var start = Instant(days.randomElement(using: &random)!)
        var stretches: [History.Stretch] = []
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            let stretch = stretch(from: start, random: &random)
            stretches.append(stretch)
            start = stretch.interval.end
        }
        let loaded = Interval(start: stretches[0].interval.start, end: start)
        let newest = stretches[stretches.count - 1].era
        let window = interval(around: loaded, random: &random)
        return Fixtures.input(
            History(check: "shop", birth: birth(stretches, random: &random), stretches: stretches),
            periodNs: newest.periodNs, vote: newest.vote, regions: newest.regions, window: window, zone: Fixtures.paris,
            now: instant(in: loaded, random: &random) + (Bool.random(using: &random) ? Duration.dayNs : 0),
            exclusions: (0..<Int.random(in: 0...3, using: &random)).map { index in
                let inside = interval(around: loaded, random: &random)
                return Exclusion(interval: inside, source: index == 0 ? .pause : .maintenance("weekly"))
            },
            corrections: (0..<Int.random(in: 0...2, using: &random)).map { _ in
                Correction(
                    interval: interval(around: loaded, random: &random),
                    verdict: CorrectedVerdict.allCases.randomElement(using: &random)!, why: "seen otherwise")
            })
    }

    private static func stretch(from start: Instant, random: inout SeededRandom) -> History.Stretch {
        let periodNs = [10, 30, 60, 90, 300, 3_600].randomElement(using: &random)! * Duration.secondNs
        let regions = Array(names.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)))
        let votes: [Vote] = [.any, .majority, .all, .atLeast(Int.random(in: 1...regions.count, using: &random))]
        let grid = SlotGrid(periodNs: periodNs)
        let firstSlot = grid.firstSlot(from: start)
        let era = Era(
            from: grid.start(of: firstSlot), periodNs: periodNs, vote: votes.randomElement(using: &random)!,
            regions: regions, firstSequence: 0)
        let count = Int.random(in: 3...60, using: &random)
        // Long runs in some histories, quick changes in others.
        let staying = Double.random(in: 0.3...0.95, using: &random)
        let slots = regions.map { _ in
            var letter: Character = "u"
            return (0..<count).map { _ -> Slot in
                if Double.random(in: 0..<1, using: &random) > staying {
                    letter = "uuudddg..bx".randomElement(using: &random)!
                }
                let causes: [Cause] = [.refused, .timeoutWait, .status5xx]
                // Milliseconds, or 2^19ths of a long period.
                let startUnits = min(periodNs / Duration.millisecondNs, 1 << 19)
                return Letters.slot(
                    letter, startMs: Int64.random(in: 0..<startUnits, using: &random),
                    legs: legs(random: &random),
                    cause: causes.randomElement(using: &random)!)
            }
        }
        return History.Stretch(era: era, firstSlot: firstSlot, slots: slots)
    }

    private static func legs(random: inout SeededRandom) -> Legs {
        var legs = Legs()
        for leg in Leg.allCases where Bool.random(using: &random) {
            legs[leg] = UInt32.random(in: 0..<900_000, using: &random)
        }
        return legs
    }

    private static func birth(_ stretches: [History.Stretch], random: inout SeededRandom) -> Instant? {
        for stretch in stretches {
            for place in 0..<stretch.count where stretch.slots.contains(where: { $0[place].verdict.isKnown }) {
                let first = stretch.era.grid.start(of: stretch.firstSlot + Int64(place))
                // Now and then only a part of a longer history was loaded.
                return Int.random(in: 0..<4, using: &random) == 0 ? first - Duration.dayNs : first
            }
        }
        return nil
    }

    private static func instant(in interval: Interval, random: inout SeededRandom) -> Instant {
        Instant(seconds: Int64.random(in: interval.start.seconds...interval.end.seconds, using: &random))
    }

    /// Reaches out of `loaded` at either end at times.
    private static func interval(around loaded: Interval, random: inout SeededRandom) -> Interval {
        let margin = loaded.durationNs / 5
        let wide = Interval(start: loaded.start - margin, end: loaded.end + margin)
        let ends = [instant(in: wide, random: &random), instant(in: wide, random: &random)].sorted()
        return Interval(start: ends[0], end: ends[1])
    }
}
