import Vocabulary

/// The live verdict of one check, its rounds and its incident. Source: docs/uptime.md, rules 7 and 12.
///
/// Each region's newest verdict, not older than two periods, takes part in the vote. An incident opens after `confirm`
/// down slots in a row and closes after `recover` up or degraded ones, the present one included; unknown neither counts
/// nor resets. A slot with a round counts once the round is in; words of later slots wait until then.
package struct LiveJudge: Sendable {
    /// The plan's own, so that ten thousand judges hold no copies.
    private let checks: [Check]
    private let place: Int
    private var check: Check { checks[place] }
    /// What of the check is asked for with every word.
    private let grid: SlotGrid
    private let vote: Vote
    /// In the order of the check's list.
    private var regions: [RegionWord]
    /// Slots in a row whose live verdict was down (or good), with the first and the last of them.
    private var run = Run(isDown: false)
    private var round: Round?
    private var lastRoundSlot = Int64.min
    /// Words of slots after the round's.
    private var waiting: [Word] = []
    /// The incident that is open; nil while there is none.
    package private(set) var incident: Incident?
    /// Samples up to here have had their say about incidents, in an earlier run of the program.
    private var decidedUntil: Instant

    /// `newest`: the check's last incident of an earlier run of the program.
    package init(check: Check, newest: Incident? = nil) { self.init(of: [check], at: 0, newest: newest) }

    /// The judge of the check at `place` of `checks`.
    init(of checks: [Check], at place: Int, newest: Incident?) {
        self.checks = checks
        self.place = place
        let check = checks[place]
        grid = check.grid
        vote = check.vote
        incident = newest?.closed == nil ? newest : nil
        decidedUntil = newest.map { $0.closed ?? $0.opened } ?? Instant(nanoseconds: .min)
        regions = Array(repeating: RegionWord(), count: check.regions.count)
    }

    /// What is to be done about a check.
    package enum Action: Hashable, Sendable {
        case opened(Incident, at: Instant)
        case closed(Incident, at: Instant)
        /// A round begins: each member is to be asked in the slot.
        case round([Member], slot: Int64)
        /// A round there is no budget for: the change counts at once.
        case dropped(reprobes: Int)
    }

    /// A region that is to be asked again, by its place in the check's list.
    package struct Member: Hashable, Sendable {
        package let region: Int
        package let at: Instant
    }

    /// A sample of one region, judged.
    package struct Word: Hashable, Sendable {
        /// Place of the region in the check's list.
        package let region: Int
        package let slot: Int64
        package let said: SampleVerdict

        package init(region: Int, slot: Int64, said: SampleVerdict) {
            self.region = region
            self.slot = slot
            self.said = said
        }
    }

    /// A round is under way: `expire` is to be called now and then.
    package var awaitsRound: Bool { round != nil }

    /// Most words that wait for a round to end; at one more it ends.
    var waitingMax: Int { 4 * regions.count }

    /// The vote over the regions' newest words at `now`.
    package func verdict(at now: Instant) -> Verdict {
        let oldest = now - 2 * grid.periodNs
        var (known, down, degraded) = (0, 0, 0)
        for word in regions where word.at >= oldest {
            switch word.verdict {
            case .unknown: continue
            case .up: break
            case .degraded: degraded += 1
            case .down: down += 1
            }
            known += 1
        }
        return vote.decide(known: known, down: down, degraded: degraded).verdict
    }

    package mutating func take(_ word: Word, at now: Instant, _ budget: inout RoundBudget) -> [Action] {
        if let slot = round?.slot, word.slot > slot {
            waiting.append(word)
            return waiting.count > waitingMax ? endRound(at: now, now: now, &budget) : []
        }
        let said = word.said
        let isNew = said.start >= regions[word.region].at
        var actions: [Action] = []
        if isNew {
            if isChange(word) { actions = startRound(word, now: now, &budget) }
            regions[word.region].take(said)
        }
        guard round != nil else {
            if isNew { count(word.slot, at: said.start, votedAt: said.start, &actions) }
            return actions
        }
        if word.slot == round?.slot, said.marks.contains(.reprobe) {
            actions += isIn(word.region, at: said.start, now: now, &budget)
        }
        return actions
    }

    /// A re-probe could not be sent in its slot.
    package mutating func lapsed(region: Int, slot: Int64, at now: Instant, _ budget: inout RoundBudget) -> [Action] {
        round?.slot == slot ? isIn(region, at: now, now: now, &budget) : []
    }

    /// Ends the round when all that is missing has timed out.
    package mutating func expire(at now: Instant, _ budget: inout RoundBudget) -> [Action] {
        guard round != nil else { return [] }
        round?.expire(at: now, timeoutNs: checks[place].timeoutNs)
        return round?.isOver == true ? endRound(at: now, now: now, &budget) : []
    }

    /// The wall clock was set back by `-ns`: what was said stands as if it had been said that much earlier, so that the
    /// words to come are newer. Its rounds begin anew.
    mutating func stepped(byNs ns: Int64) {
        for region in regions.indices { regions[region].move(byNs: ns) }
        waiting = waiting.map { Word(region: $0.region, slot: $0.slot, said: $0.said.moved(byNs: ns)) }
        if decidedUntil.nanoseconds > .min / 2 { decidedUntil = decidedUntil + ns }
        lastRoundSlot = .min
    }

    // MARK: Rounds

    /// A scheduled sample that is good where the region's last one was bad, or bad where it was good.
    private func isChange(_ word: Word) -> Bool {
        let said = word.said
        // A stored slot that saw a re-probe had its round.
        let hadRound = said.marks.contains(.reprobe) || said.marks.contains(.mixed)
        guard said.verdict.isKnown, !hadRound, said.start > decidedUntil else { return false }
        guard let wasDown = regions[word.region].isDown else { return false }
        return wasDown != (said.verdict == .down)
    }

    private mutating func startRound(_ word: Word, now: Instant, _ budget: inout RoundBudget) -> [Action] {
        guard round == nil, word.slot > lastRoundSlot, grid.periodNs >= Round.periodNsMin else { return [] }
        let new = Round(check, slot: word.slot, changed: word.region, now: now)
        guard !new.isOver else { return [] }
        lastRoundSlot = word.slot
        guard budget.take(new.members.count, at: now) else { return [.dropped(reprobes: new.members.count)] }
        round = new
        return [.round(new.members, slot: word.slot)]
    }

    private mutating func isIn(
        _ region: Int, at instant: Instant, now: Instant, _ budget: inout RoundBudget
    ) -> [Action] {
        round?.isIn(region)
        return round?.isOver == true ? endRound(at: instant, now: now, &budget) : []
    }

    /// The round's slot counts as it stands at `instant`; then the words that waited have their turn.
    private mutating func endRound(at instant: Instant, now: Instant, _ budget: inout RoundBudget) -> [Action] {
        guard let slot = round?.slot else { return [] }
        round = nil
        var actions: [Action] = []
        // The wait for a member that never came makes no word older.
        let heard = regions.map(\.at).max() ?? instant
        count(slot, at: instant, votedAt: min(instant, heard), &actions)
        let words = waiting
        waiting = []
        for word in words { actions += take(word, at: now, &budget) }
        return actions
    }

    // MARK: Incidents

    private mutating func count(
        _ slot: Int64, at now: Instant, votedAt instant: Instant, _ actions: inout [Action]
    ) {
        let live = verdict(at: instant)
        guard live.isKnown else { return }
        run.count(isDown: live == .down, slot: slot)
        guard now > decidedUntil else { return }
        if live == .down {
            if let opened = openIfConfirmed(at: now) { actions.append(opened) }
        } else if case .some = incident, let closed = closeIfRecovered(at: now) {
            actions.append(closed)
        }
    }

    private mutating func openIfConfirmed(at now: Instant) -> Action? {
        let since = grid.start(of: run.first)
        let down = regions.filter { $0.verdict == .down }
        // The regions that fell with it; one that was down before was partial. Source: docs/uptime.md, rule 6.
        let fallen = down.filter { $0.turned >= since }
        let first = (fallen.isEmpty ? down : fallen).min { $0.turned < $1.turned }
        let start = first?.turned ?? now
        if var open = incident {
            // Down again before it recovered: one incident, another outage.
            if open.outages.last?.end != nil {
                open.outages.append(Incident.IncidentOutage(start: start))
                incident = open
            }
            return nil
        }
        let check = check
        guard run.slots >= check.confirm else { return nil }
        let opened = Incident(
            check: check.name, title: check.title, opened: now, cause: first?.cause ?? .unstated,
            regions: regions.indices.filter { regions[$0].verdict == .down }.map { check.regions[$0] },
            outages: [Incident.IncidentOutage(start: start)])
        incident = opened
        return .opened(opened, at: now)
    }

    private mutating func closeIfRecovered(at now: Instant) -> Action? {
        guard var open = incident else { return nil }
        if let last = open.outages.last, last.end == nil {
            let since = max(grid.start(of: run.first), last.start)
            let risen = regions.filter { $0.verdict.isGood && $0.turned >= since }
            open.outages[open.outages.count - 1].end = risen.map(\.turned).min() ?? now
        }
        incident = open
        guard run.slots >= checks[place].recover else { return nil }
        open.closed = now
        incident = nil
        return .closed(open, at: now)
    }

    /// What one region said last.
    private struct RegionWord: Sendable {
        var verdict = Verdict.unknown
        var at = Instant(nanoseconds: .min / 2)
        /// Whether its last known sample was bad; nil before the first.
        var isDown: Bool?
        /// The start of the first sample of its present bad (or good) run, and that sample's cause.
        var turned = Instant(nanoseconds: .min / 2)
        var cause = Cause.unstated

        mutating func move(byNs ns: Int64) {
            guard at.nanoseconds > .min / 2 else { return }
            at = at + ns
            if turned.nanoseconds > .min / 2 { turned = turned + ns }
        }

        mutating func take(_ said: SampleVerdict) {
            verdict = said.verdict
            at = said.start
            guard said.verdict.isKnown, isDown != (said.verdict == .down) else { return }
            isDown = said.verdict == .down
            turned = said.start
            cause = said.cause
        }
    }

    private struct Run: Sendable {
        var isDown: Bool
        var slots = 0
        var first = Int64.min
        var last = Int64.min

        mutating func count(isDown: Bool, slot: Int64) {
            if isDown != self.isDown { self = Run(isDown: isDown) }
            guard slot != last else { return }
            if slots == 0 { first = slot }
            slots += 1
            last = slot
        }
    }
}
