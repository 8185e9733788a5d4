import Probing
import Vocabulary

/// Every series of a plan asked once, side by side, now.
struct ProbeRound {
    let plan: Plan
    let book: ProbeBook

    /// A sample for each check and region, in the order of the plan.
    func ask() throws -> [Sample] {
        let mailbox = Mailbox()
        let reactor: Reactor
        do {
            reactor = try Reactor(book: book, name: "probe") { mailbox.leave($0) }
        } catch {
            throw Failure(.failed, "\(error)")
        }
        defer { reactor.stop() }
        let due = dueNow()
        reactor.submit(due)
        var samples: [Sample] = []
        while samples.count < due.count { samples += mailbox.collect(atMostNs: Duration.secondNs).samples }
        let order = Dictionary(uniqueKeysWithValues: due.enumerated().map { ($1.series, $0) })
        return samples.sorted { order[$0.due.series] ?? 0 < order[$1.due.series] ?? 0 }
    }

    private func dueNow() -> [Due] {
        let now = SystemClock.now
        var due: [Due] = []
        for (number, check) in plan.checks.enumerated() {
            for name in check.regions {
                guard let region = plan.regions.firstIndex(where: { $0.name == name }) else { continue }
                let series = SeriesIndex(check: number, region: region)
                due.append(Due(series: series, slot: check.grid.slot(at: now), at: now))
            }
        }
        return due
    }
}
