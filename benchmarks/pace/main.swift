// bench-pace URL RATE SECONDS [took=FIELD] [hang=URL]: probes URL so many times a second, evenly spread, through one
// reactor, and prints how late the probes started and, on a line below, how long they took, in milliseconds: p50, p99
// and the largest. `took`: and so how long the target says it took, in microseconds in this field of its answers, and by
// how much the totals exceed that; findings, where the field is found, are work that a probe of a good target does not
// have. `hang`: beside them 100 checks of a URL that never answers, a second apart each.
import Glibc
import Probing
import Synchronization
import Vocabulary

func fail(_ text: String) -> Never {
    let line = text + "\n"
    _ = write(STDERR_FILENO, line, line.utf8.count)
    exit(1)
}

func wallNow() -> Instant {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Instant(nanoseconds: Int64(time.tv_sec) * Duration.secondNs + Int64(time.tv_nsec))
}

/// What came back of the good target.
final class Seen: Sendable {
    struct State {
        var latenessNs: [Int64] = []
        var totalUs: [Int64] = []
        /// What the target says it took, and by how much the probe's total exceeds it.
        var tookUs: [Int64] = []
        var beyondUs: [Int64] = []
        var failed = 0
    }
    let state = Mutex(State())
    /// `Field: `
    private let field: String?

    init(field: String?) { self.field = field.map { $0 + ": " } }

    func take(_ samples: [Sample]) {
        state.withLock { state in
            for sample in samples where sample.due.series.check == 0 {
                state.latenessNs.append(sample.latenessNs)
                state.totalUs.append(Int64(sample.legs.totalUs))
                if sample.cause != .ok { state.failed += 1 }
                guard let field, let line = sample.findings?.evidence?.headers.first(where: { $0.hasPrefix(field) }),
                    let tookUs = Int64(line.dropFirst(field.count))
                else { continue }
                state.tookUs.append(tookUs)
                state.beyondUs.append(Int64(sample.legs.totalUs) - tookUs)
            }
        }
    }
}

/// Nearest rank.
func percentile(_ sorted: [Int64], _ percent: Int) -> Double { Double(sorted[(sorted.count * percent - 1) / 100]) }

func figures(_ values: [Int64], divisor: Double) -> String {
    let sorted = values.sorted()
    let all = [percentile(sorted, 50), percentile(sorted, 99), Double(sorted[sorted.count - 1])]
    return all.map { "\(Double(Int($0 / divisor * 1000)) / 1000)" }.joined(separator: " ")
}

guard Heap.serveTransfers() else { fail("libcurl cannot be set up") }
let words = CommandLine.arguments
guard words.count >= 4, let rate = Int64(words[2]), let seconds = Int64(words[3]), rate > 0, seconds > 0 else {
    fail("usage: bench-pace URL RATE SECONDS [took=FIELD] [hang=URL]")
}
func option(_ name: String) -> String? {
    words.dropFirst(4).first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
}
let hanging = option("hang").map { url in
    (0..<100).map { Check(name: "hang-\($0)", kind: "http", settings: .text(url), timeoutNs: 10 * Duration.secondNs) }
}
let plan = Plan(
    store: StorePlan(path: "unused"), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
    regions: [Region(name: "local")],
    checks: [Check(name: "good", kind: "http", settings: .text(words[1]))] + (hanging ?? []))
var mistakes = Mistakes()
guard let book = ProbeBook.compile(plan, collectsFindings: option("took") != nil, &mistakes) else {
    fail("\(mistakes.all)")
}
var limit = rlimit()
getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
limit.rlim_cur = limit.rlim_max
setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
let seen = Seen(field: option("took"))
do {
    let reactor = try Reactor(book: book, name: "bench") { seen.take($0) }
    let start = wallNow() + 100 * Duration.millisecondNs
    let hangsEvery = rate / 100
    for number in 0..<rate * seconds {
        let at = start + number * Duration.secondNs / rate
        let leftNs = max(0, at - wallNow())
        var rest = timespec(tv_sec: 0, tv_nsec: Int(leftNs))
        nanosleep(&rest, nil)
        var due = [Due(series: SeriesIndex(check: 0, region: 0), slot: number, at: at)]
        if hanging != nil, number % hangsEvery == 0 {
            due.append(Due(series: SeriesIndex(check: 1 + Int(number / hangsEvery % 100), region: 0), slot: 0, at: at))
        }
        reactor.submit(due)
    }
    var second = timespec(tv_sec: 1, tv_nsec: 0)
    nanosleep(&second, nil)
    reactor.stop()
    let state = seen.state.withLock { $0 }
    guard state.latenessNs.count == Int(rate * seconds), state.failed == 0 else {
        fail("\(state.latenessNs.count) of \(rate * seconds) probes came back, \(state.failed) of them failed")
    }
    print(figures(state.latenessNs, divisor: 1e6))
    print(figures(state.totalUs, divisor: 1e3))
    if option("took") != nil {
        guard state.tookUs.count == state.latenessNs.count else { fail("not every answer says what it took") }
        print(figures(state.tookUs, divisor: 1e3))
        print(figures(state.beyondUs, divisor: 1e3))
    }
} catch {
    fail("\(error)")
}
