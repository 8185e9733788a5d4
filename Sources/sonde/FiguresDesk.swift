import Accounting
import Probing
import Storage
import Vocabulary

/// Figures for whoever asks: the commands, the status page, the export. Reads the store, counts, changes nothing.
struct FiguresDesk {
    let plan: Plan
    let store: StoreReader
    let amendments: Amendments
    /// On every core; a daemon counts on one and leaves the others alone.
    private let isSpread: Bool
    /// Asked before each check: nobody waits for the rest any more.
    private let isStopped: @Sendable () -> Bool

    /// Throws `Failure`, code 74, for a ledger that cannot be read.
    init(
        plan: Plan, store: StoreReader, isSpread: Bool = true, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws {
        if isSpread { Heap.keep() }
        self.init(
            plan: plan, store: store, amendments: try Amendments(plan: plan), isSpread: isSpread, isStopped: isStopped)
    }

    private init(
        plan: Plan, store: StoreReader, amendments: Amendments, isSpread: Bool,
        isStopped: @escaping @Sendable () -> Bool
    ) {
        self.plan = plan
        self.store = store
        self.amendments = amendments
        self.isSpread = isSpread
        self.isStopped = isStopped
    }

    /// The figures of the named checks (all when none is named).
    /// Throws `Failure`: 64 for a name that is not in the configuration, 74 for a store that cannot be read.
    func figures(of names: [String], window: Interval, zone: Zone, now: Instant) throws -> Figures {
        let checks = try chosen(names)
        let desk = try reading(checks)
        // Many checks keep every core busy as they are.
        let cores: any Cores = isSpread && checks.count < AllCores().count ? AllCores() : OneCore()
        return Figures(
            window: window, zone: zone, now: now,
            checks: try desk.each(checks) { check, notes in
                let count = try desk.counted(check, window: window, zone: zone, now: now, notes: &notes)
                return count.figures(cores)
            })
    }

    /// What `count` makes of each check, in their order; then what there is to note.
    private func each<Counted: Sendable>(
        _ checks: [Check], _ count: @Sendable (Check, inout [String]) throws -> Counted
    ) throws -> [Counted] {
        let all = try checks.mapped(isSpread: isSpread) { check in
            var notes: [String] = []
            return (try count(check, &notes), notes)
        }
        for note in all.flatMap({ $0.1 }) { Output.note("sonde: \(note)") }
        return all.map { $0.0 }
    }

    /// With the journal read once for all of them.
    private func reading(_ checks: [Check]) throws -> FiguresDesk {
        do {
            return FiguresDesk(
                plan: plan, store: try store.reading(of: checks.map(store.name(of:))), amendments: amendments,
                isSpread: isSpread, isStopped: isStopped)
        } catch {
            throw Failure(.store, "\(error)")
        }
    }

    func statusLines(of names: [String], zone: Zone, now: Instant) throws -> [StatusLine] {
        let month = WindowOptions.month(of: now, in: zone)
        let today = zone.interval(of: zone.date(now))
        // The month, and the last hours, which may begin in the month before.
        let window = Interval(start: min(month.start, now - Duration.dayNs), end: month.end)
        let checks = try chosen(names)
        let desk = try reading(checks)
        return try desk.each(checks) { check, notes in
            StatusCount.line(
                try desk.counted(check, window: window, zone: zone, now: now, detail: .verdicts, notes: &notes),
                today: today, month: month,
                isPaused: check.isPaused || amendments.pause(of: check.name, at: now) != nil)
        }
    }

    func sla(_ contract: Contract, month: Interval, now: Instant) throws -> SLAFigures {
        let checks = try chosen(contract.checks)
        let desk = try reading(checks)
        return SLACount.figures(
            contract, window: month, now: now,
            inputs: try desk.each(checks) { check, notes in
                // Burn rates look back over the beginning of the month.
                try desk.counted(
                    check, window: month, zone: contract.zone, now: now, marginNs: BurnRate.reachNs, detail: .verdicts,
                    notes: &notes
                ).input
            })
    }

    func chosen(_ names: [String]) throws -> [Check] { try plan.chosen(names) }

    /// The window's slots, and as many around it as an outage at its edges needs to be known whole.
    func count(_ check: Check, window: Interval, zone: Zone, now: Instant) throws -> Count {
        var notes: [String] = []
        let count = try counted(check, window: window, zone: zone, now: now, notes: &notes)
        for note in notes { Output.note("sonde: \(note)") }
        return count
    }

    /// `marginNs`: at least. `detail`: what is wanted; where it leaves an outage without its times, all is read.
    private func counted(
        _ check: Check, window: Interval, zone: Zone, now: Instant, marginNs leastNs: Int64 = Duration.hourNs,
        detail wanted: HistoryDetail = .samples, notes: inout [String]
    ) throws -> Count {
        if isStopped() { throw Failure(.failed, "stopped before everything was counted") }
        var detail = wanted
        var marginNs = max(leastNs, 10 * check.periodNs)
        while true {
            let wide = Interval(
                start: window.start - marginNs, end: min(window.end + marginNs, now + 2 * check.periodNs))
            notes = []
            let input = CountingInput(
                check: check, countries: countries, history: try history(of: check, in: wide, detail, &notes),
                window: window, zone: zone, now: now,
                // Windows to come count too: a budget leaves them out.
                exclusions: amendments.exclusions(
                    of: check, in: Interval(start: wide.start, end: max(wide.end, window.end)), plan: plan, now: now),
                corrections: amendments.corrections(of: check.name))
            let count = Count(input)
            if detail == .verdicts && count.lacksRecords {
                detail = .samples
            } else if marginNs > check.retention.hoursNs || !count.reachesBeyond() {
                return count
            } else {
                marginNs *= 8
            }
        }
    }

    private func history(
        of check: Check, in interval: Interval, _ detail: HistoryDetail, _ notes: inout [String]
    ) throws -> History {
        do {
            guard let reading = try store.history(store.name(of: check), in: interval, detail) else {
                return History(check: check.name, birth: nil, stretches: [])
            }
            notes += reading.notes
            if reading.damagedCount > 0 {
                notes.append("\(check.name): \(reading.damagedCount) damaged records count as unknown")
            }
            return reading.content
        } catch {
            throw Failure(.store, "\(error)")
        }
    }

    private var countries: [String: String] {
        Dictionary(uniqueKeysWithValues: plan.regions.compactMap { region in region.country.map { (region.name, $0) } })
    }
}

extension Plan {
    /// The named checks, all when none is named. Throws `Failure`, code 64, for a name that is not there.
    func chosen(_ names: [String]) throws -> [Check] {
        try names.isEmpty
            ? checks
            : names.map { name in
                if let check = check(named: name) { return check }
                let hint = SettingReader.hint(for: name, among: checks.map(\.name))
                throw Failure(.usage, "there is no check \"\(escaped(name))\" in the configuration" + hint)
            }
    }
}
