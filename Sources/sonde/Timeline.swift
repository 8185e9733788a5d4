import Vocabulary

/// Things that last a while, and which of them last at an instant. It is asked for instants that only grow.
struct Timeline<Thing> {
    /// Oldest first.
    let things: [(interval: Interval, thing: Thing)]
    /// Those that last at the instant of the last `pass`, oldest first.
    private(set) var present: [Thing] = []
    private var ends: [Instant] = []
    /// Those that have begun.
    private var begun = 0
    /// Nothing begins or ends before.
    private var nextChange = Instant(nanoseconds: .min)

    init(_ things: [(interval: Interval, thing: Thing)]) {
        self.things = things.sorted { $0.interval.start < $1.interval.start }
    }

    /// Whether anything lasts at `now`.
    mutating func pass(to now: Instant) -> Bool {
        guard now >= nextChange else { return !present.isEmpty }
        while begun < things.count, things[begun].interval.start <= now {
            present.append(things[begun].thing)
            ends.append(things[begun].interval.end)
            begun += 1
        }
        for place in present.indices.reversed() where ends[place] <= now {
            present.remove(at: place)
            ends.remove(at: place)
        }
        let next = begun < things.count ? things[begun].interval.start : Instant(nanoseconds: .max)
        nextChange = min(next, ends.min() ?? next)
        return !present.isEmpty
    }

    /// Those that last at any instant.
    func things(at instant: Instant) -> [Thing] { things.filter { $0.interval.contains(instant) }.map(\.thing) }
}
