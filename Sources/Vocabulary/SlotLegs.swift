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
        var longest = Leg.resolve
        for leg in Leg.allCases where legs[leg] > legs[longest] { longest = leg }
        rest = chosen ?? longest
        var packed: UInt32 = 0
        var shift: UInt32 = 0
        for leg in Leg.allCases where leg != rest {
            packed |= UInt32(LegByte.encode(legs[leg])) << shift
            shift += 8
        }
        bytes = packed
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
    package static func encode(_ us: UInt32) -> UInt8 {
        if us <= exactUsMax { return UInt8(us) }
        var low = 0
        var high = 255
        while low < high {
            let middle = (low + high) / 2
            if table[middle] < us { low = middle + 1 } else { high = middle }
        }
        // `low` is the first byte at or above `us` (or 255).
        guard low > 0, table[low] > us else { return UInt8(low) }
        return UInt8(us - table[low - 1] <= table[low] - us ? low - 1 : low)
    }
}
