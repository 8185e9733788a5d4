/// What the store knows of one check over some interval: what Storage gives and Accounting takes.
package struct History: Sendable {
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
        /// A list for each region of the era, in its order; all of one length; oldest first, no gaps:
        /// what was never written, or does not pass its checksum, is `Slot.unwritten`.
        package let slots: [[Slot]]

        package init(era: Era, firstSlot: Int64, slots: [[Slot]]) {
            self.era = era
            self.firstSlot = firstSlot
            self.slots = slots
        }

        package var count: Int { slots.first?.count ?? 0 }
        package var interval: Interval {
            Interval(
                start: era.grid.start(of: firstSlot), end: era.grid.start(of: firstSlot + Int64(count)))
        }
    }
}
