import Accounting
import Storage
import Support
import Testing
import Vocabulary

@testable import sonde

@Suite("Reports over more than the slots are kept for")
struct GoneSlotTests {
    private static let days: Int64 = 9

    /// The same world twice: one store keeps every slot, the other two days of them.
    private struct Stores {
        let world: World
        let whole: StoreReader
        let short: StoreReader
        private let folders: [TemporaryFolder]

        init(seed: UInt64) throws {
            let start = Instant(rfc3339: "2026-10-01T00:00:00Z")!
            func run(slotDays: Int64) throws -> (World, TemporaryFolder) {
                let folder = try TemporaryFolder()
                let world = World(seed: seed, days: days, start: start, slotDays: slotDays)
                var simulation = Simulation(world: world)
                try simulation.run(store: folder.path)
                return (world, folder)
            }
            let runs = [try run(slotDays: 40), try run(slotDays: 2)]
            world = runs[0].0
            folders = runs.map(\.1)
            whole = try StoreReader(path: folders[0].path)
            short = try StoreReader(path: folders[1].path)
        }

        func count(
            _ check: Check, _ store: StoreReader, _ detail: HistoryDetail, exclusions: [Exclusion] = []
        ) throws -> (Count, History) {
            let history = try #require(try store.history(check.name, in: world.span, detail)).content
            let input = CountingInput(
                check: check, history: history, window: world.span, zone: .utc, now: world.span.end,
                exclusions: exclusions)
            return (Count(input), history)
        }
    }

    @Test(
        "verdicts and records of outages tell what the slots told; hours tell regions and times",
        arguments: [3, 4, 5] as [UInt64])
    func gone(seed: UInt64) throws {
        let stores = try Stores(seed: seed)
        for check in stores.world.plan.checks {
            let (wholeCount, _) = try stores.count(check, stores.whole, .samples)
            let (shortCount, history) = try stores.count(check, stores.short, .samples)
            let (whole, short) = (wholeCount.figures(), shortCount.figures())
            let comment = Comment(rawValue: "seed \(seed), check \(check.name)")
            // Some of it is gone, and some stands.
            let from = try #require(history.slotsFrom, comment)
            #expect(from > stores.world.span.start + 5 * Duration.dayNs && from < stores.world.span.end, comment)
            #expect(short.slotsFrom == from && whole.slotsFrom == nil, comment)
            #expect(!shortCount.lacksRecords, comment)
            #expect(short.sums == whole.sums && short.slots == whole.slots, comment)
            #expect(short.days.map(\.sums) == whole.days.map(\.sums), comment)
            #expect(short.days.map(\.bar) == whole.days.map(\.bar), comment)
            #expect(short.outages == whole.outages && !whole.outages.isEmpty, comment)
            #expect(short.partials.map(\.interval) == whole.partials.map(\.interval), comment)
            #expect(short.blips.map(\.interval) == whole.blips.map(\.interval), comment)
            for (gone, standing) in zip(short.regions, whole.regions) {
                // The hour in which the slots begin is counted in proportion.
                for field in [\Sums.up, \Sums.down, \Sums.unknown] {
                    #expect(abs(gone.sums[keyPath: field] - standing.sums[keyPath: field]) <= Duration.hourNs, comment)
                }
                #expect(gone.sums.all == standing.sums.all, comment)
                expectAbout(gone.response, standing.response, comment)
            }
            expectAbout(short.response, whole.response, comment)
        }
    }

    /// Within the 15 % of a bucket's middle; the mean and the most to the sample but for the hour that is cut.
    private func expectAbout(_ gone: ResponseFigures?, _ standing: ResponseFigures?, _ comment: Comment) {
        guard let gone, let standing else {
            Issue.record("no response times, \(comment)")
            return
        }
        for field in [\ResponseFigures.p50Us, \.p95Us, \.p99Us] {
            let (about, exact) = (Double(gone[keyPath: field]), Double(standing[keyPath: field]))
            #expect(abs(about - exact) <= 0.15 * exact, comment)
        }
        #expect(abs(gone.count - standing.count) <= 60, comment)
        #expect(abs(Double(gone.meanUs - standing.meanUs)) <= 0.01 * Double(standing.meanUs), comment)
        #expect(gone.maxUs == standing.maxUs, comment)
    }

    @Test("asked for verdicts alone a store tells the same sums, days and outages, and the same live verdict")
    func verdictsAlone() throws {
        let stores = try Stores(seed: 11)
        let window = Interval(
            start: stores.world.span.start + 7 * Duration.hourNs, end: stores.world.span.start + 30 * Duration.hourNs)
        let exclusions = [Exclusion(interval: window, source: .maintenance("move"))]
        for check in stores.world.plan.checks {
            for store in [stores.whole, stores.short] {
                let (all, _) = try stores.count(check, stores.whole, .samples, exclusions: exclusions)
                let (votes, history) = try stores.count(check, store, .verdicts, exclusions: exclusions)
                #expect(history.stretches.contains { $0.verdicts != nil })
                #expect(!votes.lacksRecords)
                #expect(votes.sums(in: stores.world.span) == all.sums(in: stores.world.span))
                let (expected, told) = (all.figures(), votes.figures())
                #expect(told.sums == expected.sums && told.days.map(\.bar) == expected.days.map(\.bar))
                #expect(told.outages == expected.outages)
                let today = Interval(start: stores.world.span.end - Duration.dayNs, end: stores.world.span.end)
                let line = StatusCount.line(votes, today: today, month: stores.world.span)
                let wanted = StatusCount.line(all, today: today, month: stores.world.span)
                #expect(line.verdict == wanted.verdict && line.regions == wanted.regions)
                #expect(line.since == wanted.since)
                #expect(line.today == wanted.today && line.month == wanted.month && line.bar == wanted.bar)
            }
        }
    }
}
