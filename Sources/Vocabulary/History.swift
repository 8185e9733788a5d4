/// What the store knows of one check over some interval: what Storage gives and Accounting takes.
package struct History: Sendable {
    package let check: String
    /// Start of the slot of its first sample that is not unknown; nil while there is none.
    package let birth: Instant?
    /// Oldest first; each begins where the one before ends.
    package let stretches: [Stretch]
    /// By region: the whole hours that hold slots of which only verdicts are left.
    package let hours: [HourHistory]
    /// Every outage that was kept, oldest first; empty while every slot stands.
    package let outages: [OutageRecord]

    package init(
        check: String, birth: Instant?, stretches: [Stretch], hours: [HourHistory] = [], outages: [OutageRecord] = []
    ) {
        self.check = check
        self.birth = birth
        self.stretches = stretches
        self.hours = hours
        self.outages = outages
    }

    /// A run of slots of one era.
    package struct Stretch: Sendable {
        package let era: Era
        /// Slot number (in the era's grid) of the first element.
        package let firstSlot: Int64
        /// A list for each region of the era, in its order; all of one length; oldest first, no gaps:
        /// what was never written, or does not pass its checksum, is `Slot.unwritten`. Empty with `verdicts`.
        package let slots: [[Slot]]
        /// The votes on slots that are gone themselves, oldest first, no gaps: `VerdictCell.unwritten` where none is
        /// known. nil where the slots stand.
        package let verdicts: [VerdictCell]?

        package init(era: Era, firstSlot: Int64, slots: [[Slot]]) {
            self.era = era
            self.firstSlot = firstSlot
            self.slots = slots
            verdicts = nil
        }

        package init(era: Era, firstSlot: Int64, verdicts: [VerdictCell]) {
            self.era = era
            self.firstSlot = firstSlot
            slots = []
            self.verdicts = verdicts
        }

        package var count: Int { verdicts?.count ?? slots.first?.count ?? 0 }
        package var interval: Interval {
            Interval(
                start: era.grid.start(of: firstSlot), end: era.grid.start(of: firstSlot + Int64(count)))
        }
    }

    /// From where on the slots stand; nil when none does.
    package var slotsFrom: Instant? { stretches.first { $0.verdicts == nil }?.interval.start }
}
