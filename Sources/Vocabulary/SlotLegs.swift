/// A part of a probe's time. Legs add up to the total.
package enum Leg: UInt8, Hashable, Sendable, CaseIterable {
    case resolve = 0
    case connect = 1
    case handshake = 2
    case wait = 3
    case transfer = 4

    package var name: String {
        switch self {
        case .resolve: "resolve"
        case .connect: "connect"
        case .handshake: "handshake"
        case .wait: "wait"
        case .transfer: "transfer"
        }
    }
}

/// The five legs of a probe in microseconds.
@usableFromInline package struct Legs: Hashable, Sendable {
    @usableFromInline package var resolveUs: UInt32
    @usableFromInline package var connectUs: UInt32
    @usableFromInline package var handshakeUs: UInt32
    @usableFromInline package var waitUs: UInt32
    @usableFromInline package var transferUs: UInt32

    @inlinable package init(
        resolveUs: UInt32 = 0, connectUs: UInt32 = 0, handshakeUs: UInt32 = 0, waitUs: UInt32 = 0,
        transferUs: UInt32 = 0
    ) {
        self.resolveUs = resolveUs
        self.connectUs = connectUs
        self.handshakeUs = handshakeUs
        self.waitUs = waitUs
        self.transferUs = transferUs
    }

    @inlinable package var totalUs: UInt32 { resolveUs &+ connectUs &+ handshakeUs &+ waitUs &+ transferUs }

    /// The first of equals.
    package var longest: Leg {
        var (longest, mostUs) = (Leg.resolve, resolveUs)
        func look(_ leg: Leg, _ us: UInt32) { if us > mostUs { (longest, mostUs) = (leg, us) } }
        look(.connect, connectUs)
        look(.handshake, handshakeUs)
        look(.wait, waitUs)
        look(.transfer, transferUs)
        return longest
    }

    package subscript(leg: Leg) -> UInt32 {
        get {
            switch leg {
            case .resolve: resolveUs
            case .connect: connectUs
            case .handshake: handshakeUs
            case .wait: waitUs
            case .transfer: transferUs
            }
        }
        set {
            switch leg {
            case .resolve: resolveUs = newValue
            case .connect: connectUs = newValue
            case .handshake: handshakeUs = newValue
            case .wait: waitUs = newValue
            case .transfer: transferUs = newValue
            }
        }
    }
}

/// The legs as a slot keeps them: four logarithmic bytes, and which leg is the rest of the exact total.
package struct SlotLegs: Hashable, Sendable {
    package let rest: Leg
    /// The bytes of the other four legs, in the order of `Leg`, lowest first.
    package let bytes: UInt32

    package init(rest: Leg, bytes: UInt32) {
        self.rest = rest
        self.bytes = bytes
    }

    /// `rest`: which leg is to be the rest; nil takes the longest, the first of equals.
    package init(_ legs: Legs, rest chosen: Leg? = nil) {
        let rest = chosen ?? legs.longest
        self.rest = rest
        // All five in a row, and the rest's byte taken out.
        var others = legs
        others[rest] = 0
        var all = UInt64(LegByte.encode(others.resolveUs)) | UInt64(LegByte.encode(others.connectUs)) << 8
        all |= UInt64(LegByte.encode(others.handshakeUs)) << 16 | UInt64(LegByte.encode(others.waitUs)) << 24
        all |= UInt64(LegByte.encode(others.transferUs)) << 32
        let below: UInt64 = 1 << (8 * UInt64(rest.rawValue)) - 1
        bytes = UInt32(truncatingIfNeeded: all & below | all >> 8 & ~below)
    }

    /// The legs again: four within 4 %, the rest so that they add up to `totalUs` (0 when the others exceed it).
    package func legs(totalUs: UInt32) -> Legs {
        var legs = Legs()
        var others: UInt32 = 0
        var shift: UInt32 = 0
        for leg in Leg.allCases where leg != rest {
            let us = LegByte.decode(UInt8(truncatingIfNeeded: bytes >> shift))
            legs[leg] = us
            others &+= us
            shift += 8
        }
        legs[rest] = totalUs > others ? totalUs - others : 0
        return legs
    }
}

/// Microseconds in one byte: whole microseconds up to 27, then steps that grow with the time, up to 346 s. Every time
/// is within 1/28 (3.6 %) of what its byte stands for, and no two bytes mean the same.
package enum LegByte {
    /// The microseconds each byte stands for, rising. The next byte is the largest that leaves no time between more
    /// than 1/28 of itself away from both.
    package static let table: [UInt32] = {
        var values: [UInt32] = [0, 1]
        for byte in 2...255 {
            let firstBeyond = UInt64(values[byte - 1]) * 28 / 27 + 1
            values.append(UInt32(firstBeyond + firstBeyond / 28))
        }
        return values
    }()

    /// Up to here a byte stands for its own number of microseconds.
    private static let exactUsMax: UInt32 = 27

    package static func decode(_ byte: UInt8) -> UInt32 { table[Int(byte)] }

    /// The byte nearest to `us`, the lower of two; so decoding and encoding again gives the same byte.
    @inline(__always)
    package static func encode(_ us: UInt32) -> UInt8 { us <= exactUsMax ? UInt8(us) : nearest.byte(us) }

    private static let nearest = Nearest()

    /// Finds bytes by the six leading bits of a time: those that have them in common lie within 1/32, so at most one
    /// byte ends among them.
    private struct Nearest {
        /// For each such group: the byte of its least time.
        private let firsts: [UInt8]
        /// The longest time of each byte.
        private let lasts: [UInt32]

        init() {
            let lasts = zip(table, table.dropFirst()).map { $0 + ($1 - $0) / 2 } + [.max]
            self.lasts = lasts
            firsts = (0..<28 << 5).map { group in
                let least = UInt64(32 + group & 31) << UInt64(group >> 5) / 2
                return UInt8(lasts.firstIndex { least <= $0 } ?? 255)
            }
        }

        func byte(_ us: UInt32) -> UInt8 {
            let shift = 27 - us.leadingZeroBitCount
            let group = shift << 5 + Int((UInt64(us) << 1) >> UInt64(shift)) - 32
            let first = firsts[group]
            return us > lasts[Int(first)] ? first + 1 : first
        }
    }
}
