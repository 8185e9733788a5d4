import Vocabulary

/// What the day's move needs to know and the store must not: how slots are judged together. Given by the program.
package protocol RollUpRules: Sendable {
    /// The voted verdict of each slot of a stretch; `unwritten` where no region knows.
    func cells(_ stretch: History.Stretch) -> [VerdictCell]

    /// The outages of a check that ended in `interval`, oldest first.
    /// `history`: the slots of any interval around it; what an outage at its edges needs may be asked for.
    func outages(
        of check: String, endedIn interval: Interval, history: (Interval) throws -> History
    ) throws -> [OutageRecord]
}
