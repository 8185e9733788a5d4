/// One cell of a series, packed as it is stored: 16 bytes that check themselves.
/// All zero means never written and so unknown. Every bit is drawn in docs/ring-format.md.
///
///     word 0   checksum 16 | lap 6 | verdict 2 | cause 8 | status 10 | rest leg 3 | start 19   (lowest bits first)
///     word 1   total in us 28 | four legs in 8 bits each, in order without the rest leg | marks 4
@usableFromInline package struct Slot: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline package var word0: UInt64
    @usableFromInline package var word1: UInt64

    @inlinable package static var unwritten: Slot { Slot(word0: 0, word1: 0) }
    package static let totalUsMax: UInt32 = (1 << 28) - 1
    package static let statusMax: UInt16 = (1 << 10) - 1

    @inlinable package init(word0: UInt64, word1: UInt64) {
        self.word0 = word0
        self.word1 = word1
    }

    @inlinable package var isWritten: Bool { word0 | word1 != 0 }
    @inlinable package var lap: UInt8 { UInt8(truncatingIfNeeded: word0 >> 16) & 63 }
    package var verdict: Verdict { Verdict(rawValue: UInt8(truncatingIfNeeded: word0 >> 22) & 3).unsafelyUnwrapped }
    /// The cause's number; `cause` gives the case, `internalFault` for a number this version does not know.
    @inlinable package var causeNumber: UInt8 { UInt8(truncatingIfNeeded: word0 >> 24) }
    package var cause: Cause { Cause(rawValue: causeNumber) ?? .internalFault }
    /// HTTP status or TLS alert; 0 for none.
    package var status: UInt16 { UInt16(truncatingIfNeeded: word0 >> 32) & 1023 }
    package var restLeg: Leg { Leg(rawValue: UInt8(truncatingIfNeeded: word0 >> 42) & 7) ?? .transfer }
    /// The start inside the slot, in the units of `SlotGrid.startUnits(of:in:)`.
    @inlinable package var startUnits: UInt32 { UInt32(truncatingIfNeeded: word0 >> 45) }
    /// Microseconds, exact.
    @inlinable package var totalUs: UInt32 { UInt32(truncatingIfNeeded: word1) & 0xfff_ffff }
    /// The logarithmic bytes of the four legs that are not the rest leg, in the order of `Leg`.
    @inlinable package var legBytes: UInt32 { UInt32(truncatingIfNeeded: word1 >> 28) }
    package var marks: Marks { Marks(rawValue: UInt8(truncatingIfNeeded: word1 >> 60)) }
    /// Four within 4 %, the rest exact.
    package var legs: Legs { SlotLegs(rest: restLeg, bytes: legBytes).legs(totalUs: totalUs) }

    /// Facts about a slot beside its verdict.
    @usableFromInline package struct Marks: OptionSet, Hashable, Sendable {
        @usableFromInline package let rawValue: UInt8
        @inlinable package init(rawValue: UInt8) { self.rawValue = rawValue & 15 }
        /// The slot saw good and bad samples.
        @inlinable package static var mixed: Marks { Marks(rawValue: 1) }
        @inlinable package static var reprobe: Marks { Marks(rawValue: 2) }
        @inlinable package static var late: Marks { Marks(rawValue: 4) }
        /// Not probed but made up, for the demonstration: reports say so.
        @inlinable package static var generated: Marks { Marks(rawValue: 8) }

        package var names: [String] {
            [(Marks.mixed, "mixed"), (.reprobe, "reprobe"), (.late, "late"), (.generated, "generated")]
                .filter { contains($0.0) }.map(\.1)
        }
    }
}

extension Slot {
    /// Packs facts. `lap` and checksum stay empty until `sealed(sequence:capacity:)`.
    package init(
        verdict: Verdict, cause: Cause, status: UInt16, marks: Marks, startUnits: UInt32, totalUs: UInt32,
        legs: SlotLegs
    ) {
        precondition(startUnits < 1 << 19, "a slot's start has 19 bits")
        word0 =
            UInt64(verdict.rawValue) << 22 | UInt64(cause.rawValue) << 24 | UInt64(min(status, Slot.statusMax)) << 32
            | UInt64(legs.rest.rawValue) << 42 | UInt64(startUnits) << 45
        word1 = UInt64(min(totalUs, Slot.totalUsMax)) | UInt64(legs.bytes) << 28 | UInt64(marks.rawValue) << 60
    }

    /// This slot with the lap and checksum of its place in a ring of `capacity` slots.
    package func sealed(sequence: Int64, capacity: Int64) -> Slot {
        let lap = UInt64(truncatingIfNeeded: sequence / capacity) & 63
        var slot = self
        slot.word0 = (word0 & ~0x3f_ffff) | lap << 16
        slot.word0 |= slot.checksum(sequence: sequence)
        return slot
    }

    /// True when the slot was written at that place of the ring, in that lap, and no bit of it has changed since.
    package func isWhole(sequence: Int64) -> Bool { word0 & 0xffff == checksum(sequence: sequence) }

    /// The slot's facts without lap and checksum: equal for equal facts wherever they are stored.
    package var facts: Slot { Slot(word0: word0 & ~0x3f_ffff, word1: word1) }

    private func checksum(sequence: Int64) -> UInt64 {
        Slot.checksum(word0, word1, spread: UInt64(truncatingIfNeeded: sequence) &* Slot.sequenceFactor)
    }

    /// The top 16 bits of a sum of products over everything but the checksum itself: two multiplications a slot, so
    /// that a year is checked while it is read. A flipped bit moves the sum by a factor shifted left, whose top 16 bits
    /// are never all zero or all one: so the checksum changes, always. `spread`: sequence number times its factor.
    @inline(__always)
    static func checksum(_ word0: UInt64, _ word1: UInt64, spread: UInt64) -> UInt64 {
        ((word0 >> 16) &* headFactor &+ word1 &* tailFactor &+ spread) >> 48
    }

    /// Odd, and without a run of 16 equal bits. Source: the constants of SplitMix64.
    static let sequenceFactor: UInt64 = 0x9e37_79b9_7f4a_7c15
    static let headFactor: UInt64 = 0xbf58_476d_1ce4_e5b9
    static let tailFactor: UInt64 = 0x94d0_49bb_1331_11eb
}
