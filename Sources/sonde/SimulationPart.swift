import Accounting
import Reporting
import Vocabulary

/// Some checks of a scenario, played as a plan of their own and counted.
struct SimulationPart {
    let scenario: SimulationScenario
    /// Places in the scenario's plan.
    let checks: Range<Int>

    struct Outcome: Sendable {
        let figures: [CheckFigures]
        let truths: [SimulationFigures.Truth]
        let samples: Int
    }

    private var script: VirtualRun.Script {
        var script = scenario.script
        script.plans = script.plans.map { from, plan in
            var part = plan
            part.checks = Array(plan.checks[checks])
            return (from, part)
        }
        return script
    }

    private var faults: [VirtualWorld.Fault] {
        scenario.faults.compactMap { fault in
            guard let check = fault.check else { return fault }
            guard checks.contains(check) else { return nil }
            var fault = fault
            fault.check = check - checks.lowerBound
            return fault
        }
    }

    func play(zone: Zone) throws -> Outcome {
        let script = script
        let world = VirtualWorld(script, faults: faults, seed: scenario.seed)
        let store = MemoryStore()
        var run = VirtualRun(script, store: store, answers: world)
        try run.run()
        let plan = script.plans[script.plans.count - 1].plan
        let now = script.wall(script.span.end)
        let window = Interval(start: script.span.start, end: max(now, script.span.start + 1))
        var figures: [CheckFigures] = []
        var truths: [SimulationFigures.Truth] = []
        for (number, check) in plan.checks.enumerated() {
            let history =
                store.history(check.name, until: now) ?? History(check: check.name, birth: nil, stretches: [])
            let counted = Count.figures(
                CountingInput(
                    check: check, history: history, window: window, zone: zone, now: now,
                    exclusions: Windows.exclusions(for: check.name, in: window, windows: plan.maintenance)))
            figures.append(counted)
            truths.append(truth(number, check, world, script, counted, run.told))
            store.forget(check.name)
        }
        return Outcome(figures: figures, truths: truths, samples: run.sampleCount)
    }

    private func truth(
        _ number: Int, _ check: Check, _ world: VirtualWorld, _ script: VirtualRun.Script, _ counted: CheckFigures,
        _ told: [VirtualRun.Told]
    ) -> SimulationFigures.Truth {
        let plan = script.plans[0].plan
        let regions = check.regions.compactMap { name in plan.regions.firstIndex { $0.name == name } }
        let outages = world.outages(check: number, regions: regions, vote: check.vote, in: script.span)
        let opened = told.filter { $0.change == .opened && $0.incident.check == check.name }
        var truth = SimulationFigures.Truth()
        truth.outages = outages.count
        truth.downNs = outages.reduce(0) { $0 + $1.durationNs }
        truth.told = opened.count
        var delays: [Int64] = []
        for outage in outages {
            let wall = Interval(start: script.wall(outage.start), end: script.wall(outage.end))
            if counted.outages.contains(where: { $0.slots.overlaps(wall) }) { truth.found += 1 }
            let late = outage.end + check.periodNs + check.timeoutNs
            if let first = opened.first(where: { outage.start <= $0.at && $0.at <= late }) {
                delays.append(first.at - outage.start)
            }
        }
        truth.detectionNs = delays.isEmpty ? nil : delays.sorted()[delays.count / 2]
        return truth
    }
}

extension VirtualWorld {
    /// The longest stretches of `span` in which the vote over the regions' targets is down.
    func outages(check: Int, regions: [Int], vote: Vote, in span: Interval) -> [Interval] {
        let own = faults.filter { $0.what.isDown && ($0.check ?? check) == check }
        let edges = Set(own.flatMap { [$0.interval.start, $0.interval.end] } + [span.start, span.end])
            .filter { span.start <= $0 && $0 <= span.end }.sorted()
        var outages: [Interval] = []
        for (start, end) in zip(edges, edges.dropFirst()) {
            let down = regions.count { region in
                own.contains { ($0.region ?? region) == region && $0.interval.contains(start) }
            }
            guard vote.decide(known: regions.count, down: down, degraded: 0).verdict == .down else { continue }
            if let last = outages.last, last.end == start {
                outages[outages.count - 1] = Interval(start: last.start, end: end)
            } else {
                outages.append(Interval(start: start, end: end))
            }
        }
        return outages
    }
}
