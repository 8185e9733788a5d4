import Accounting
import Vocabulary

/// Stored samples judged again under other rules, beside what the rules in force make of them.
package struct ReplayFigures: Sendable {
    package var window: Interval
    package var zone: Zone
    package var now: Instant
    package var rules: Rules
    package var checks: [Check]

    /// nil: as the check and its eras have it.
    package struct Rules: Sendable {
        package var vote: Vote?
        package var confirm: Int?
        package var contract: String?

        package init(vote: Vote? = nil, confirm: Int? = nil, contract: String? = nil) {
            self.vote = vote
            self.confirm = confirm
            self.contract = contract
        }

        /// `vote any, confirm 2`; empty when nothing is changed.
        package var text: String {
            [vote.map { "vote \($0.name)" }, confirm.map { "confirm \($0)" }, contract.map { "contract \($0)" }]
                .compactMap { $0 }.joined(separator: ", ")
        }
    }

    package struct Check: Sendable {
        package var before: Side
        package var after: Side

        package init(before: Side, after: Side) {
            self.before = before
            self.after = after
        }

        /// Outages of the new rules that the old ones did not have, and the other way round; one that begins and ends
        /// with the same down slots is the same.
        package var added: [Outage] { after.figures.outages.filter { !before.has($0) } }
        package var gone: [Outage] { before.figures.outages.filter { !after.has($0) } }
    }

    package struct Side: Sendable {
        package var figures: CheckFigures
        /// What would have been told, oldest first.
        package var notifications: [Notification]
        /// Of the contract, when one is asked for.
        package var contract: SLACheckFigures?

        package init(figures: CheckFigures, notifications: [Notification], contract: SLACheckFigures? = nil) {
            self.figures = figures
            self.notifications = notifications
            self.contract = contract
        }

        fileprivate func has(_ outage: Outage) -> Bool { figures.outages.contains { $0.slots == outage.slots } }
    }

    package init(window: Interval, zone: Zone, now: Instant, rules: Rules, checks: [Check]) {
        self.window = window
        self.zone = zone
        self.now = now
        self.rules = rules
        self.checks = checks
    }
}
