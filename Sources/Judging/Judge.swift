import Vocabulary

/// The judges of all checks of a plan, and what their rounds have in common: the budget, and the time that passes.
package struct Judge: Sendable {
    private var judges: [LiveJudge]
    private var budget: RoundBudget
    /// Checks with a round under way.
    private var inRound: Set<Int> = []
    /// When `advance` next looks through the rounds for members that have timed out; nil while none is under way.
    package private(set) var next: Instant?
    private static let lookEveryNs = Duration.secondNs

    /// `newest`: for each check that had one, its last incident of an earlier run of the program.
    package init(plan: Plan, newest: [Incident] = [], now: Instant) {
        let byCheck = Dictionary(newest.map { ($0.check, $0) }) { $0.opened > $1.opened ? $0 : $1 }
        judges = plan.checks.indices.map { LiveJudge(of: plan.checks, at: $0, newest: byCheck[plan.checks[$0].name]) }
        budget = RoundBudget(checks: plan.checks, now: now)
    }

    package typealias Action = (check: Int, what: LiveJudge.Action)

    package var roundsUnderWay: Int { inRound.count }

    package mutating func take(check: Int, _ word: LiveJudge.Word, at now: Instant) -> [Action] {
        let actions = judges[check].take(word, at: now, &budget)
        return actions.isEmpty && inRound.isEmpty ? [] : note(check, actions, at: now)
    }

    /// A re-probe could not be sent in its slot.
    package mutating func lapsed(check: Int, region: Int, slot: Int64, at now: Instant) -> [Action] {
        note(check, judges[check].lapsed(region: region, slot: slot, at: now, &budget), at: now)
    }

    /// Ends the rounds whose members have timed out.
    package mutating func advance(to now: Instant) -> [Action] {
        guard let look = next, now >= look else { return [] }
        next = now + Judge.lookEveryNs
        var actions: [Action] = []
        for check in inRound.sorted() {
            actions += note(check, judges[check].expire(at: now, &budget), at: now)
        }
        return actions
    }

    /// The wall clock was set back by `-ns`: alerting goes on as if all had been said that much earlier.
    package mutating func stepped(byNs ns: Int64) {
        for check in judges.indices { judges[check].stepped(byNs: ns) }
        next = next.map { $0 + ns }
    }

    private mutating func note(_ check: Int, _ actions: [LiveJudge.Action], at now: Instant) -> [Action] {
        if judges[check].awaitsRound {
            inRound.insert(check)
            next = next ?? now + Judge.lookEveryNs
        } else if inRound.remove(check) != nil, inRound.isEmpty {
            next = nil
        }
        return actions.map { (check, $0) }
    }
}
