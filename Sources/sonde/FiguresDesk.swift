import Accounting
import Storage
import Vocabulary

/// Figures for whoever asks: the commands, the status page, the export. Reads the store, counts, changes nothing.
struct FiguresDesk {
    let plan: Plan
    let store: StoreReader

    /// The figures of the named checks (all when none is named).
    /// Throws `Failure`: 64 for a name that is not in the configuration, 74 for a store that cannot be read.
    func figures(of names: [String], window: Interval, zone: Zone, now: Instant) throws -> Figures {
        let checks = try chosen(names)
        return Figures(
            window: window, zone: zone, now: now,
            checks: try checks.map { Count.figures(try input($0, window: window, zone: zone, now: now)) })
    }

    func statusLines(of names: [String], zone: Zone, now: Instant) throws -> [StatusLine] {
        let today = zone.date(now)
        let month = zone.interval(year: today.year, month: today.month) ?? zone.interval(of: today)
        return try chosen(names).map { check in
            // The month, and enough before it for the bar of the last hours and the outage that may go on.
            let window = Interval(start: min(month.start, now - Duration.dayNs), end: max(month.end, now))
            let input = try input(check, window: window, zone: zone, now: now)
            return StatusCount.line(input, today: zone.interval(of: today), month: month)
        }
    }

    func sla(_ contract: Contract, month: Interval, now: Instant) throws -> SLAFigures {
        let checks = try chosen(contract.checks)
        return SLACount.figures(
            contract, window: month, now: now,
            inputs: try checks.map { try input($0, window: month, zone: contract.zone, now: now) })
    }

    func chosen(_ names: [String]) throws -> [Check] {
        try names.isEmpty ? plan.checks : names.map(check(named:))
    }

    private func check(named name: String) throws -> Check {
        if let check = plan.check(named: name) { return check }
        let hint = SettingReader.hint(for: name, among: plan.checks.map(\.name))
        throw Failure(.usage, "there is no check \"\(escaped(name))\" in the configuration" + hint)
    }

    private func input(_ check: Check, window: Interval, zone: Zone, now: Instant) throws -> CountingInput {
        let history = try history(of: check, window: window)
        return CountingInput(
            check: check, countries: countries, history: history, window: window, zone: zone, now: now,
            exclusions: Windows.exclusions(for: check.name, in: window, windows: plan.maintenance), corrections: [])
    }

    private var countries: [String: String] {
        Dictionary(uniqueKeysWithValues: plan.regions.compactMap { region in region.country.map { (region.name, $0) } })
    }

    /// The window's slots, and as many around it as an outage at its edges needs to be known whole.
    private func history(of check: Check, window: Interval) throws -> History {
        var marginNs = max(Duration.hourNs, 10 * check.periodNs)
        while true {
            let wide = Interval(start: window.start - marginNs, end: window.end + marginNs)
            let history: History
            do {
                history = try store.history(check.name, in: wide) ?? History(check: check.name, birth: nil, stretches: [])
            } catch {
                throw Failure(.store, "\(error)")
            }
            guard marginNs < check.retention.slotsNs, Count.reachesBeyond(history, window: window) else { return history }
            marginNs *= 8
        }
    }
}
