import Vocabulary

/// The live verdict of one check and its incident. Source: docs/uptime.md, rule 12.
///
/// Each region's newest verdict, not older than two periods, takes part in the vote. An incident opens after `confirm`
/// down slots in a row and closes after `recover` up or degraded ones, the present one included; unknown neither counts
/// nor resets.
package struct LiveJudge: Sendable {
    private let check: Check
    private var regions: [RegionWord]
    /// Slots in a row whose live verdict was down (or good), and the last of them.
    private var run = Run(isDown: false, slots: 0, last: .min)
    /// The incident that is open; nil while there is none.
    package private(set) var incident: Incident?

    /// `incident`: the one left open by an earlier run of the program.
    package init(check: Check, incident: Incident? = nil) {
        self.check = check
        self.incident = incident
        regions = check.regions.map { RegionWord(region: $0) }
    }

    /// What happens to the incident.
    package enum Action: Hashable, Sendable {
        case opened(Incident)
        case closed(Incident)
    }

    /// The vote over the regions' newest words at `now`.
    package func verdict(at now: Instant) -> Verdict {
        let oldest = now - 2 * check.periodNs
        let voting = regions.filter { $0.verdict.isKnown && $0.at >= oldest }
        return check.vote.decide(
            known: voting.count, down: voting.count { $0.verdict == .down },
            degraded: voting.count { $0.verdict == .degraded }
        ).verdict
    }

    /// A sample of the check's region number `region` (in the check's list) became this verdict.
    package mutating func take(region: Int, slot: Int64, _ word: SampleVerdict) -> Action? {
        guard word.start >= regions[region].at else { return nil }
        regions[region].take(word)
        let live = verdict(at: word.start)
        guard live.isKnown else { return nil }
        run.count(isDown: live == .down, slot: slot)
        if live == .down { return openIfConfirmed(at: word.start) }
        return closeIfRecovered(at: word.start)
    }

    private mutating func openIfConfirmed(at now: Instant) -> Action? {
        let down = regions.filter { $0.verdict == .down }
        let start = down.compactMap(\.turned).min() ?? now
        if var open = incident {
            // Down again before it recovered: one incident, another outage.
            if open.outages.last?.end != nil {
                open.outages.append(Incident.IncidentOutage(start: start))
                incident = open
            }
            return nil
        }
        guard run.slots >= check.confirm else { return nil }
        let opened = Incident(
            check: check.name, title: check.title, opened: now,
            cause: down.min { ($0.turned ?? now) < ($1.turned ?? now) }?.cause ?? .unstated,
            regions: down.map(\.region), outages: [Incident.IncidentOutage(start: start)])
        incident = opened
        return .opened(opened)
    }

    private mutating func closeIfRecovered(at now: Instant) -> Action? {
        guard var open = incident else { return nil }
        if let last = open.outages.last, last.end == nil {
            open.outages[open.outages.count - 1].end = now
        }
        incident = open
        guard run.slots >= check.recover else { return nil }
        open.closed = now
        incident = nil
        return .closed(open)
    }

    /// What one region said last.
    private struct RegionWord: Sendable {
        let region: String
        var verdict = Verdict.unknown
        var cause = Cause.unstated
        var at = Instant(nanoseconds: .min / 2)
        /// The start of the first bad sample of its present bad run; nil while it is good.
        var turned: Instant?

        mutating func take(_ word: SampleVerdict) {
            verdict = word.verdict
            at = word.start
            switch word.verdict {
            case .down:
                if turned == nil {
                    turned = word.start
                    cause = word.cause
                }
            case .up, .degraded: turned = nil
            case .unknown: break
            }
        }
    }

    private struct Run: Sendable {
        var isDown: Bool
        var slots: Int
        var last: Int64

        mutating func count(isDown: Bool, slot: Int64) {
            if isDown != self.isDown { self = Run(isDown: isDown, slots: 0, last: .min) }
            guard slot != last else { return }
            slots += 1
            last = slot
        }
    }
}
