/// What the store knows of one check's voted verdicts over some interval: four bits a slot, kept for years after the
/// slots are gone.
package struct VerdictHistory: Sendable {
    package let check: String
    /// Start of the slot of its first sample that is not unknown; nil while there is none.
    package let birth: Instant?
    /// Oldest first; each begins where the one before ends.
    package let stretches: [Stretch]

    package init(check: String, birth: Instant?, stretches: [Stretch]) {
        self.check = check
        self.birth = birth
        self.stretches = stretches
    }

    /// A run of slots of one era.
    package struct Stretch: Sendable {
        package let era: Era
        /// Slot number (in the era's grid) of the first element.
        package let firstSlot: Int64
        /// Oldest first, no gaps: what was never written, or does not pass its checksum, is `VerdictCell.unwritten`.
        package let cells: [VerdictCell]

        package init(era: Era, firstSlot: Int64, cells: [VerdictCell]) {
            self.era = era
            self.firstSlot = firstSlot
            self.cells = cells
        }
    }
}

/// A check's verdict in one slot as the verdict ring keeps it.
///
///     verdict 2 bits | partial 1 | mixed 1   (lowest bits first)
package struct VerdictCell: Hashable, Sendable {
    package let bits: UInt8

    package static let unwritten = VerdictCell(bits: 0)

    package init(bits: UInt8) { self.bits = bits & 15 }

    package init(verdict: Verdict, isPartial: Bool = false, isMixed: Bool = false) {
        bits = verdict.rawValue | (isPartial ? 4 : 0) | (isMixed ? 8 : 0)
    }

    package var verdict: Verdict { Verdict(rawValue: bits & 3).unsafelyUnwrapped }
    /// Some regions were down, too few for the vote.
    package var isPartial: Bool { bits & 4 != 0 }
    /// A region's slot saw good and bad samples.
    package var isMixed: Bool { bits & 8 != 0 }
}
