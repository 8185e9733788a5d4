// bench-reactor TARGET PROBES IN_FLIGHT [kind=http] [checks=1] [ca=FILE] [resolver=ADDRESS:PORT]: probes TARGET (a URL,
// or HOST:PORT for tcp and tls) through a reactor, as many at once as told, spread over so many checks of it, and prints
// the CPU microseconds of this process per probe.
import Glibc
import Probing
import Synchronization
import Vocabulary

func cpuUs() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6
        + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
}

func fail(_ text: String) -> Never {
    let line = text + "\n"
    _ = write(STDERR_FILENO, line, line.utf8.count)
    exit(1)
}

/// Keeps the reactor busy: a probe is submitted for each that has come back.
final class Load: Sendable {
    private struct State {
        var started = 0
        var finished = 0
        var failed = 0
        var cause = Cause.ok
        var reactor: Reactor?
    }

    private let total: Int
    private let checks: Int
    private let state = Mutex(State())
    private let done = Signal()

    init(total: Int, checks: Int) {
        self.total = total
        self.checks = checks
    }

    func run(_ reactor: Reactor, inFlight: Int) -> (failed: Int, cause: Cause) {
        state.withLock { $0.reactor = reactor }
        submit(inFlight)
        done.wait()
        return state.withLock { state in
            state.reactor = nil
            return (state.failed, state.cause)
        }
    }

    func take(_ samples: [Sample]) {
        let isDone = state.withLock { state in
            state.finished += samples.count
            for sample in samples where sample.cause != .ok {
                state.failed += 1
                state.cause = sample.cause
            }
            return state.finished == total
        }
        if isDone { done.set() } else { submit(samples.count) }
    }

    private func submit(_ count: Int) {
        let (first, reactor) = state.withLock { state in
            defer { state.started += min(count, total - state.started) }
            return (state.started, state.reactor)
        }
        let due = (first..<min(total, first + count)).map { number in
            Due(
                series: SeriesIndex(check: number % checks, region: 0), slot: Int64(number),
                at: Instant(nanoseconds: 0))
        }
        if !due.isEmpty { reactor?.submit(due) }
    }
}

/// Lets one thread wait for another.
final class Signal: Sendable {
    private let ends: (read: Int32, write: Int32)

    init() {
        var pair: [Int32] = [0, 0]
        guard pipe(&pair) == 0 else { fail("no pipe") }
        ends = (pair[0], pair[1])
    }

    func set() { _ = write(ends.write, "x", 1) }

    func wait() {
        var byte: UInt8 = 0
        _ = read(ends.read, &byte, 1)
    }
}

/// The words after the three that must be there, `name=value`.
struct Options {
    var kind = "http"
    var checks = 1
    var ca: String?
    var resolver: NameServerAddress?

    init?(_ words: some Sequence<String>) {
        for word in words {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "kind": kind = parts[1]
            case "checks": checks = Int(parts[1]) ?? 0
            case "ca": ca = parts[1]
            case "resolver": resolver = NameServerAddress(parts[1])
            default: return nil
            }
        }
        if checks < 1 { return nil }
    }

    func check(_ number: Int, of target: String) -> Check {
        func map(_ entries: [(String, Setting)]) -> Setting {
            let place = Place(file: "command line", line: 1, column: 1)
            return Setting(
                place: place, path: "settings",
                node: .map(entries.map { Setting.Entry(key: $0.0, place: place, value: $0.1) }))
        }
        let tls = ca.map { [("tls", map([("ca", .text($0))]))] } ?? []
        let key = kind == "http" ? "url" : "address"
        return Check(name: "check-\(number)", kind: kind, settings: map([(key, .text(target))] + tls))
    }
}

guard Heap.serveTransfers() else { fail("libcurl cannot be set up") }
let words = CommandLine.arguments
guard words.count >= 4, let total = Int(words[2]), let inFlight = Int(words[3]), total > 0, inFlight > 0,
    let options = Options(words[4...])
else {
    fail("usage: bench-reactor TARGET PROBES IN_FLIGHT [kind=http] [checks=1] [ca=FILE] [resolver=ADDRESS:PORT]")
}
let plan = Plan(
    store: StorePlan(path: "unused"), listen: ListenAddress(host: "127.0.0.1", port: 0), zone: .utc,
    regions: [Region(name: "local", route: Route(resolver: options.resolver.map { [$0] }))],
    checks: (0..<options.checks).map { options.check($0, of: words[1]) })
var mistakes = Mistakes()
guard let book = ProbeBook.compile(plan, &mistakes) else { fail("\(mistakes.all)") }
let load = Load(total: total, checks: options.checks)
do {
    let reactor = try Reactor(book: book, name: "bench") { load.take($0) }
    let before = cpuUs()
    let failed = load.run(reactor, inFlight: inFlight)
    let eachUs = (cpuUs() - before) / Double(total)
    reactor.stop()
    if failed.failed > 0 { fail("\(failed.failed) of \(total) probes failed: \(failed.cause.name)") }
    print(Double(Int(eachUs * 100)) / 100)
} catch {
    fail("\(error)")
}
