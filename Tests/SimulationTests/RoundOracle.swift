import Vocabulary

/// Rule 7 of docs/uptime.md once more: which rounds a course of samples brings, read sample by sample.
struct RoundOracle {
    private(set) var members: Set<Due> = []
    private(set) var started = 0
    private(set) var dropped = 0

    /// `handed`: when the pipeline got each sample. Two rounds of one check never overlap in a world whose probes take
    /// less than a second.
    init(world: World, samples: [Sample], handed: [Instant]) {
        let checks = world.plan.checks
        let perMinute = checks.map { Double($0.regions.count * 60) / Double($0.periodNs / Duration.secondNs) }
        let quarter = perMinute.reduce(0, +) / 4
        let capacity = max(quarter, 2 * Double(checks.map(\.regions.count).max()!))
        var tokens = capacity
        var filled = world.span.start
        var wasDown: [SeriesIndex: Bool] = [:]
        var rounds: Set<[Int64]> = []
        for (sample, now) in zip(samples, handed) {
            let due = sample.due
            let check = checks[Int(due.series.check)]
            guard check.grid.slot(at: sample.start) == due.slot else { continue }
            let isDown = sample.unmet == .fail
            if isDown, sample.start - due.at > max(check.periodNs / 10, Duration.secondNs) { continue }
            defer { wasDown[due.series] = isDown }
            guard !due.isReprobe, wasDown[due.series] == !isDown, !rounds.contains([Int64(due.series.check), due.slot])
            else { continue }
            var round: [Due] = []
            for name in check.regions {
                let region = world.plan.regions.firstIndex { $0.name == name }!
                let series = SeriesIndex(check: Int(due.series.check), region: region)
                let at = series == due.series ? now + 5 * Duration.secondNs : now
                guard check.grid.slot(at: at) == due.slot else { continue }
                round.append(Due(series: series, slot: due.slot, at: at, isReprobe: true))
            }
            guard !round.isEmpty else { continue }
            rounds.insert([Int64(due.series.check), due.slot])
            tokens = min(capacity, tokens + quarter * Double(now - filled) / 60e9)
            filled = now
            if tokens < Double(round.count) {
                dropped += 1
            } else {
                tokens -= Double(round.count)
                started += 1
                members.formUnion(round)
            }
        }
    }
}
