import Accounting
import Judging
import Vocabulary

/// What would have been told of a history, had its samples come in under a vote and a number of slots to confirm.
/// No round is sent again: a slot counts at once, as it was stored.
struct Replay {
    let check: Check
    /// In which nothing is told until they end.
    let quiet: [Interval]

    /// Those of incidents that opened in `window`, and what was told of them later, oldest first.
    func notifications(_ history: History, in window: Interval, until now: Instant) -> [Notification] {
        var incidents: [Incident] = []
        // Nothing to spend: every round is dropped.
        var budget = RoundBudget(checks: [], now: window.start)
        var newest: Incident?
        for stretch in history.stretches {
            var judge = LiveJudge(check: check.judged(as: stretch.era), newest: newest)
            for element in 0..<stretch.count {
                let slot = stretch.firstSlot + Int64(element)
                let words = stretch.slots.indices.compactMap { region -> LiveJudge.Word? in
                    let stored = stretch.slots[region][element]
                    guard stored.isWritten else { return nil }
                    return LiveJudge.Word(
                        region: region, slot: slot, said: SampleVerdict(stored, slot: slot, grid: stretch.era.grid))
                }
                for word in words.sorted(by: { $0.said.start < $1.said.start }) where word.said.start <= now {
                    for action in judge.take(word, at: word.said.start, &budget) {
                        switch action {
                        case .opened(let incident, _): incidents.append(incident)
                        case .closed(let incident, _):
                            if let last = incidents.indices.last { incidents[last] = incident }
                        case .round, .dropped: break
                        }
                    }
                }
            }
            newest = judge.incident ?? incidents.last
        }
        return incidents.filter { window.contains($0.opened) }.flatMap { told($0, until: now) }
            .sorted { $0.time < $1.time }
    }

    /// An incident that opens in a window is told when the window ends, if it is still open then.
    private func told(_ incident: Incident, until now: Instant) -> [Notification] {
        var at = incident.opened
        while let window = quiet.first(where: { $0.contains(at) }) { at = window.end }
        guard at <= now, incident.closed.map({ at < $0 }) ?? true else { return [] }
        var opened = incident
        opened.closed = nil
        let first = Notification(change: .opened, time: at, incident: opened)
        guard let closed = incident.closed else { return [first] }
        return [first, Notification(change: .closed, time: closed, incident: incident)]
    }
}

extension Check {
    /// With what an era had of its own.
    fileprivate func judged(as era: Era) -> Check {
        var check = self
        check.periodNs = era.periodNs
        check.vote = era.vote
        check.regions = era.regions
        return check
    }
}

extension History {
    /// The same slots in eras with another vote. Of slots that are gone the verdict stays what it was.
    func judged(by vote: Vote) -> History {
        History(
            check: check, birth: birth,
            stretches: stretches.map { stretch in
                if stretch.verdicts != nil { return stretch }
                let era = stretch.era
                return Stretch(
                    era: Era(
                        from: era.from, periodNs: era.periodNs, vote: vote, regions: era.regions,
                        firstSequence: era.firstSequence), firstSlot: stretch.firstSlot, slots: stretch.slots)
            }, hours: hours, outages: outages)
    }
}
