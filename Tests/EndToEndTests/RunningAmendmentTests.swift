import Foundation
import Support
import Testing
import Vocabulary

@Suite("What people change while the daemon runs", .serialized)
struct RunningAmendmentTests {
    private let second = Duration.secondNs

    private var now: Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * second + Int64(time.tv_nsec))
    }

    private func instant(_ value: Any?) throws -> Instant {
        try #require((value as? String).flatMap { Instant(rfc3339: $0) })
    }

    /// When the slot of a second that holds the instant begins.
    private func slot(_ instant: Instant) -> Instant { Instant(seconds: instant.seconds) }

    /// The starts of all samples, oldest first.
    private func samples(_ site: DaemonTests.Site) throws -> [Instant] {
        let output = try Program.run(["export", "samples", "--last", "1h"], in: site.folder.path).output
        return output.split(separator: "\n").dropFirst().compactMap { row in
            row.split(separator: ",").first.flatMap { Instant(rfc3339: String($0)) }
        }.sorted()
    }

    private func report(_ site: DaemonTests.Site, _ window: Interval? = nil) throws -> [String: Any] {
        let span = window.map { ["--from", $0.start.rfc3339, "--to", $0.end.rfc3339] } ?? ["--last", "1h"]
        let ending = try Program.run(["report", "shop", "--json"] + span, in: site.folder.path)
        return try #require((try ending.json()["checks"] as? [[String: Any]])?.first, "\(ending.errors)")
    }

    private func seconds(_ report: [String: Any]) throws -> [String: Int] {
        try #require(report["seconds"] as? [String: Int])
    }

    /// Up to the moment when every slot of the window has settled.
    private func settled(_ site: DaemonTests.Site, _ window: Interval) throws -> [String: Any] {
        let whole = Int(window.durationNs / second)
        let isSettled = try eventually(within: 30) {
            let sums = try seconds(try report(site, window))
            return ["up", "down", "unknown", "excluded"].reduce(0) { $0 + (sums[$1] ?? 0) } == whole
        }
        #expect(isSettled)
        return try report(site, window)
    }

    private func list(_ report: [String: Any], _ key: String) throws -> [[String: Any]] {
        try #require(report[key] as? [[String: Any]])
    }

    /// Equal values have equal texts.
    private func text(_ value: [[String: Any]]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value, options: .sortedKeys), as: UTF8.self)
    }

    @Test("a pause ends probing within about a second, a resume begins it again; the slots between are excluded")
    func pause() async throws { try await onThread { () throws(any Error) in try pauseSeen() } }

    private func pauseSeen() throws {
        let site = try DaemonTests.Site()
        let path = site.folder.path
        let daemon = try Program.start(["run"], in: path)
        defer { kill(daemon.processIdentifier, SIGKILL) }
        #expect(eventually(within: 20) { site.target.connections >= 4 })

        let pausing = now
        #expect(try Program.run(["pause", "shop"], in: path).errors == "shop is paused\n")
        let paused = now
        let rests = try eventually(within: 20) { try samples(site).last.map { now - $0 >= 3 * second } ?? false }
        #expect(rests)
        let asked = site.target.connections
        // Looked up every second; the slot that has begun by then is still asked.
        let last = try #require(try samples(site).last)
        #expect(last - paused < 3 * second)
        #expect(eventually(within: 20) { now - last >= 6 * second })
        #expect(site.target.connections == asked)
        let status = try Program.run(["status", "--json"], in: path)
        #expect(status.code == 0)
        #expect((try status.json()["checks"] as? [[String: Any]])?.first?["paused"] as? Bool == true)
        let isShown = try eventually(within: 20) {
            let page = try JSONSerialization.jsonObject(with: Data(site.page("/status.json").utf8))
            return ((page as? [String: Any])?["checks"] as? [[String: Any]])?.first?["paused"] as? Bool == true
        }
        #expect(isShown)

        let resuming = now
        #expect(try Program.run(["resume", "shop"], in: path).errors == "shop is probed again\n")
        let resumed = now
        #expect(eventually(within: 20) { site.target.connections >= asked + 4 })
        #expect(daemon.isRunning)
        let first = try #require(try samples(site).first { $0 > last })
        #expect(first > resuming && first - resumed < 3 * second)

        let exclusions = try list(try report(site), "exclusions")
        try #require(exclusions.count == 1)
        let from = try instant(exclusions[0]["from"])
        let to = try instant(exclusions[0]["to"])
        #expect(exclusions[0]["source"] as? String == "pause")
        // Shown in whole milliseconds.
        #expect((pausing - Duration.millisecondNs...paused).contains(from))
        #expect((resuming - Duration.millisecondNs...resumed).contains(to))
        let between = Interval(start: slot(from) + second, end: slot(to) + second)
        let sums = try seconds(try settled(site, between))
        let excluded = Int(between.durationNs / second)
        #expect(sums == ["up": 0, "degraded": 0, "down": 0, "unknown": 0, "excluded": excluded])
        let whole = try report(site)
        #expect(try seconds(whole)["excluded"] == excluded)
        #expect(try list(whole, "outages").isEmpty)
        #expect(site.told() == [])
    }

    @Test("a correction is seen in the next report, beside what it changed, and the running daemon goes on")
    func correction() async throws { try await onThread { () throws(any Error) in try correctionSeen() } }

    private func correctionSeen() throws {
        let site = try DaemonTests.Site()
        let path = site.folder.path
        let daemon = try Program.start(["run"], in: path)
        defer { kill(daemon.processIdentifier, SIGKILL) }
        #expect(eventually(within: 20) { site.target.connections >= 8 })
        try site.target.change(to: .http(503, body: "no\n"))
        #expect(eventually(within: 20) { site.told().count == 1 })
        try site.target.change(to: .http(body: "ok\n"))
        #expect(eventually(within: 20) { site.told().count == 2 })
        let hasEnded = try eventually(within: 20) {
            try list(try report(site), "outages").first?["end"] is String
        }
        #expect(hasEnded)
        let outage = try #require(try list(try report(site), "outages").first)
        let fallen = Interval(start: slot(try instant(outage["start"])), end: slot(try instant(outage["end"])))
        let window = Interval(start: fallen.start - 2 * second, end: fallen.end + second)
        let before = try settled(site, window)
        let down = try #require(try seconds(before)["down"])
        #expect(down > 0 && before["uncorrected"] is NSNull)

        let corrected = try Program.run(
            [
                "correct", "shop", "--from", fallen.start.rfc3339, "--to", fallen.end.rfc3339, "--as", "up", "--why",
                "our own firewall",
            ], in: path)
        #expect(corrected.code == 0 && corrected.errors == "corrected\n", "\(corrected.errors)")
        let after = try report(site, window)
        let corrections = try list(after, "corrections")
        let changed = try #require(corrections.first?["seconds"] as? Int)
        let entered: [String: Any] = [
            "from": fallen.start.rfc3339, "to": fallen.end.rfc3339, "as": "up", "why": "our own firewall",
            "seconds": changed,
        ]
        #expect(try text(corrections) == text([entered]))
        // Slots that were unknown inside it are up as well.
        var expected = try seconds(before)
        expected["up", default: 0] += changed
        expected["unknown", default: 0] -= changed - down
        expected["down"] = 0
        #expect(try seconds(after) == expected)
        #expect((after["uncorrected"] as? [String: Any])?["seconds"] as? [String: Int] == (try seconds(before)))
        // The outage stands, with none of its seconds.
        var stands = outage
        stands["seconds"] = 0
        #expect(try text(list(after, "outages")) == text([stands]))
        let asked = site.target.connections
        #expect(eventually(within: 20) { site.target.connections >= asked + 4 })
        #expect(site.told().count == 2)
    }

    @Test("a maintenance window that is moved after the fact moves the figures of the past, and it is said")
    func movedWindow() async throws { try await onThread { () throws(any Error) in try movedWindowSeen() } }

    private func movedWindowSeen() throws {
        let site = try DaemonTests.Site()
        let path = site.folder.path
        let daemon = try Program.start(["run"], in: path)
        defer { kill(daemon.processIdentifier, SIGKILL) }
        #expect(eventually(within: 20) { site.target.connections >= 4 })
        let plain = try String(contentsOfFile: path + "/sonde.yaml", encoding: .utf8)
        let start = slot(now) + 5 * second
        func enter(_ from: Int64, _ to: Int64) throws {
            let window = "from: \((start + from * second).rfc3339), to: \((start + to * second).rfc3339)"
            _ = try site.folder.file(
                "sonde.yaml", plain + "\nmaintenance:\n  - {name: move, checks: [shop], \(window)}\n")
            kill(daemon.processIdentifier, SIGHUP)
        }
        func exclusion(_ from: Int64, _ to: Int64) -> [String: Any] {
            [
                "from": (start + from * second).rfc3339, "to": (start + to * second).rfc3339,
                "source": "maintenance move", "seconds": Int(to - from),
            ]
        }
        func why(_ at: Int64) throws -> [String: Any] {
            let moment = (start + at * second + second / 2).rfc3339
            return try Program.run(["why", "shop", "--at", moment, "--json"], in: path).json()
        }
        try enter(0, 3)
        let window = Interval(start: start, end: start + 8 * second)
        let before = try settled(site, window)
        #expect(try text(list(before, "exclusions")) == text([exclusion(0, 3)]))
        #expect(try seconds(before)["excluded"] == 3)
        #expect(try why(1)["counted"] as? String == "excluded")
        #expect((try why(1)["maintenance"] as? [[String: Any]])?.first?["after_the_fact"] as? Bool == false)

        try enter(4, 6)
        let after = try report(site, window)
        #expect(try text(list(after, "exclusions")) == text([exclusion(4, 6)]))
        #expect(try seconds(after)["excluded"] == 2)
        #expect(try seconds(after).filter { $0.key != "degraded" }.values.reduce(0, +) == 8)
        #expect(try why(1)["counted"] as? String == "up")
        #expect(try why(4)["counted"] as? String == "excluded")
        #expect((try why(4)["maintenance"] as? [[String: Any]])?.first?["after_the_fact"] as? Bool == true)
        let validated = try Program.run(["validate"], in: path)
        #expect(validated.code == 0)
        let words = validated.output + validated.errors
        #expect(words.contains("maintenance window \"move\" has acted and is changed or gone"), "\(words)")
        // The daemon took it, too, and serves it.
        let isServed = try eventually(within: 30) {
            let page = try JSONSerialization.jsonObject(with: Data(site.page("/report.json").utf8))
            let check = try #require(((page as? [String: Any])?["checks"] as? [[String: Any]])?.first)
            return try text(list(check, "exclusions")) == text([exclusion(4, 6)])
        }
        #expect(isServed)
        #expect(daemon.isRunning && site.told() == [])
    }
}
