import Glibc

/// The addresses of one target in the order in which they are tried: the families take turns, IPv6 first, each in the
/// order of its name server. Addresses may be added while others are being tried. Source: RFC 8305, 4.
struct AddressQueue {
    /// Most addresses of one target that are tried.
    static var addressesMax: Int { 16 }

    private var six: [SocketAddress] = []
    private var four: [SocketAddress] = []
    private var sixTaken = 0
    private var fourTaken = 0
    private var isFourNext = false

    /// Leaves out those of one family beyond `addressesMax`.
    mutating func add(_ address: SocketAddress) {
        if address.family == AF_INET {
            if four.count < AddressQueue.addressesMax { four.append(address) }
        } else if six.count < AddressQueue.addressesMax {
            six.append(address)
        }
    }

    /// nil when there is none left, or enough were taken.
    mutating func next() -> SocketAddress? {
        guard hasNext else { return nil }
        let takesFour = fourTaken < four.count && (isFourNext || sixTaken == six.count)
        isFourNext = !takesFour
        if takesFour {
            fourTaken += 1
            return four[fourTaken - 1]
        }
        sixTaken += 1
        return six[sixTaken - 1]
    }

    var hasNext: Bool {
        sixTaken + fourTaken < AddressQueue.addressesMax && (sixTaken < six.count || fourTaken < four.count)
    }

    /// All that were added, IPv6 first.
    var all: [SocketAddress] { six + four }

    mutating func clear() {
        six.removeAll(keepingCapacity: true)
        four.removeAll(keepingCapacity: true)
        sixTaken = 0
        fourTaken = 0
        isFourNext = false
    }
}
