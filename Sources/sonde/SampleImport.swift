import Judging
import Storage
import Vocabulary

/// Rows of a file into the rings: read twice, so that a row nobody can place stores nothing.
/// Never alerts. The same rows again change nothing.
struct SampleImport {
    let plan: Plan
    let now: Instant

    struct Summary {
        var stored = 0
        var unchanged = 0
        var tooOld = 0
        var inFuture = 0
        var notes: [String] = []

        var text: String {
            var parts = ["\(stored) stored", "\(unchanged) unchanged"]
            if tooOld > 0 { parts.append("\(tooOld) refused: older than the retention") }
            if inFuture > 0 { parts.append("\(inFuture) refused: in the future") }
            return (notes + [parts.joined(separator: ", ")]).joined(separator: "\n")
        }
    }

    func run(file: String) throws -> Summary {
        let store: StoreWriter
        // First of all, so that a store in use is told at once, however long the file is. An import that is killed can
        // be begun again: it needs no journal.
        do {
            store = try StoreWriter(
                path: plan.store.path,
                options: .init(journals: false, isThreaded: false, rules: StoreRules(plan: plan)))
        } catch { throw Failure(.store, "\(error)") }
        let rows = try rowCount(file)
        do {
            return try self.store(file, rows: rows, in: store)
        } catch let error as StoreError {
            throw Failure(.store, "\(error)")
        }
    }

    /// The first reading: every row is understood and has its place, or nothing is stored.
    private func rowCount(_ file: String) throws -> Int {
        let regions = Dictionary(uniqueKeysWithValues: plan.checks.map { ($0.name, Set($0.regions)) })
        var rows = 0
        do {
            let reader = try SampleReader(path: file)
            while let row = try reader.next() {
                rows += 1
                guard let known = regions[row.check] else {
                    let hint = SettingReader.hint(for: row.check, among: regions.keys.sorted())
                    throw Failure(.usage, "\(file):\(reader.line): unknown check \"\(escaped(row.check))\"\(hint)")
                }
                guard known.contains(row.region) else {
                    let hint = SettingReader.hint(for: row.region, among: known.sorted())
                    throw Failure(
                        .usage,
                        "\(file):\(reader.line): unknown region \"\(escaped(row.region))\" of check \(row.check)\(hint)"
                    )
                }
            }
        } catch let error as SampleTextError {
            throw Failure(.usage, "\(error)")
        }
        return rows
    }

    private func store(_ file: String, rows: Int, in store: StoreWriter) throws -> Summary {
        var summary = Summary(notes: store.notes)
        var places: [String: CheckPlace] = [:]
        for check in plan.checks {
            places[check.name] = CheckPlace(
                ring: try store.open(RingSpec(check: check, regions: plan.regions), now: now), check: check)
        }
        let reader = try SampleReader(path: file)
        var progress = ProgressBar(label: "importing", total: rows)
        while let row = try reader.next() {
            progress.step()
            guard let place = places[row.check] else { continue }
            try take(row, place: place, in: store, &summary)
        }
        progress.finish()
        try store.close(at: now)
        return summary
    }

    private func take(_ row: SampleRow, place: CheckPlace, in store: StoreWriter, _ summary: inout Summary) throws {
        guard row.time <= now else {
            summary.inFuture += 1
            return
        }
        guard store.keeps(place.ring, row.time, now: now) else {
            summary.tooOld += 1
            return
        }
        let era = store.era(place.ring, at: row.time)
        guard let region = era.regions.firstIndex(of: row.region) else {
            // The check did not look from there then: that era owes it nothing.
            summary.unchanged += 1
            return
        }
        let (number, new) = row.slot(in: era.grid)
        let held = try store.slot(place.ring, region: row.region, at: row.time)
        guard let merged = SlotMerge.merge(held: held, new: new, .imported) else {
            summary.unchanged += 1
            return
        }
        try store.put(merged, ring: place.ring, region: region, slot: number, era: era)
        store.commit(at: now)
        if let fault = store.fault { throw fault }
        summary.stored += 1
    }

    private struct CheckPlace {
        let ring: RingID
        let check: Check
    }
}
