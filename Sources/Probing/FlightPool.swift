/// The flights of one driver, used again and again: the pool grows to the most that were ever under way at once.
struct FlightPool<Member: Flight> {
    /// Most probes of one kind under way in one reactor; what is due beyond is our own fault, `no-descriptors`.
    static var flightsMax: Int { 65_536 }

    private var all: [Member] = []
    private var free: [Member] = []

    /// A free flight; nil at the bound. `make` is called when none waits.
    mutating func take(_ make: () -> Member) -> Member? {
        if let member = free.popLast() { return member }
        guard all.count < FlightPool.flightsMax else { return nil }
        let member = make()
        all.append(member)
        return member
    }

    mutating func give(_ member: Member) { free.append(member) }

    func dropAll() { for member in all { member.drop() } }
}
