import Foundation
import FoundationNetworking
import Loopback
import Support
import Testing

@Suite("The daemon, against real targets", .serialized)
struct DaemonTests {
    /// A check each second of a target that can be broken, and a receiver of notifications.
    struct Site {
        let folder: TemporaryFolder
        let target: LoopbackServer
        let receiver: LoopbackServer
        let pagePort: Int

        init() throws {
            folder = try TemporaryFolder()
            target = try LoopbackServer(.http(body: "ok\n"))
            receiver = try LoopbackServer(.http(204, body: ""))
            pagePort = try FreePort.take()
            _ = try folder.file(
                "sonde.yaml",
                """
                version: 1
                store: {path: data, slots: 2d, hours: 4d}
                listen: 127.0.0.1:\(pagePort)
                zone: UTC
                regions:
                  tw: {country: TW, source: 127.0.0.2}
                  jp: {country: JP, source: 127.0.0.3}
                defaults: {period: 1s, timeout: 400ms, vote: all}
                checks:
                  - {name: shop, title: Shop, http: "http://127.0.0.1:\(target.port)/"}
                channels:
                  hook: {webhook: {url: "http://127.0.0.1:\(receiver.port)/"}}
                  file: {command: {argv: [/bin/sh, -c, "cat >> told; echo >> told"]}}
                """)
        }

        func told() -> [String] {
            let text = (try? String(contentsOfFile: folder.path + "/told", encoding: .utf8)) ?? ""
            return text.split(separator: "\n").map(String.init)
        }

        func page(_ path: String) throws -> String {
            let url = try #require(URL(string: "http://127.0.0.1:\(pagePort)\(path)"))
            return String(decoding: try Data(contentsOf: url), as: UTF8.self)
        }
    }

    @Test("probes, stores, tells once of a break and once of its end, serves, stops at SIGTERM within five seconds")
    func life() throws {
        let site = try Site()
        let daemon = try Program.start(["run"], in: site.folder.path)
        defer { if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) } }
        #expect(eventually(within: 20) { site.target.connections >= 4 })
        try site.target.change(to: .http(503, body: "no\n"))
        #expect(eventually(within: 20) { site.told().count == 1 && site.receiver.connections >= 1 })
        try site.target.change(to: .http(body: "ok\n"))
        #expect(eventually(within: 20) { site.told().count == 2 && site.receiver.connections >= 2 })

        let opened = try #require(JSONSerialization.jsonObject(with: Data(site.told()[0].utf8)) as? [String: Any])
        let incident = try #require(opened["incident"] as? [String: Any])
        #expect(opened["change"] as? String == "opened")
        #expect(incident["check"] as? String == "shop")
        #expect(incident["cause"] as? String == "status-503")
        #expect(incident["closed"] is NSNull)
        let closed = try #require(JSONSerialization.jsonObject(with: Data(site.told()[1].utf8)) as? [String: Any])
        #expect(closed["change"] as? String == "closed")
        #expect((closed["incident"] as? [String: Any])?["id"] as? String == incident["id"] as? String)

        #expect(try site.page("/healthz") == "ok\n")
        #expect(try site.page("/").contains("Shop"))
        let metrics = try site.page("/metrics")
        #expect(metrics.contains("probe_good{check=\"shop\",region=\"jp\"} "), "\(metrics)")
        #expect(metrics.contains("probe_failures_total{check=\"shop\",region=\"jp\",cause=\"status-503\"} "))
        #expect(try site.page("/status.json").contains("\"shop\""))
        let status = try Program.run(["status", "--json"], in: site.folder.path)
        #expect(status.code == 0, "\(status.output)")
        let outages = try Program.run(["outages", "--last", "1h", "--json"], in: site.folder.path).json()
        #expect(outages["outages"] is [Any])

        let second = try Program.run(["run"], in: site.folder.path)
        #expect(second.code == 74)
        #expect(second.errors.contains("\(daemon.processIdentifier)"), "\(second.errors)")

        kill(daemon.processIdentifier, SIGTERM)
        #expect(eventually(within: 5) { !daemon.isRunning })
        daemon.waitUntilExit()
        #expect(daemon.terminationStatus == 0)
        #expect(site.told().count == 2)
    }

    @Test("after kill -9 nothing that was stored is missing, and an open incident is closed by the next run")
    func killed() throws {
        let site = try Site()
        try site.target.change(to: .http(503, body: "no\n"))
        let first = try Program.start(["run"], in: site.folder.path)
        #expect(eventually(within: 20) { site.told().count == 1 })
        let seen = try Program.run(["export", "samples", "--last", "1h"], in: site.folder.path).output
        kill(first.processIdentifier, SIGKILL)
        first.waitUntilExit()
        let after = try Program.run(["export", "samples", "--last", "1h"], in: site.folder.path).output
        // The newest slots may have been written between the two; what was seen is all there.
        #expect(after.hasPrefix(seen))
        #expect(seen.contains("status-503"))

        try site.target.change(to: .http(body: "ok\n"))
        let next = try Program.start(["run"], in: site.folder.path)
        defer { kill(next.processIdentifier, SIGKILL) }
        #expect(eventually(within: 20) { site.told().count >= 2 })
        #expect(site.told().last?.contains("\"change\":\"closed\"") == true)
        #expect(site.told().count { $0.contains("\"change\":\"opened\"") } <= 2)
    }

    @Test("SIGHUP takes a new configuration, and keeps the old one when it has mistakes")
    func reload() throws {
        let site = try Site()
        let daemon = try Program.start(["run"], in: site.folder.path)
        defer { kill(daemon.processIdentifier, SIGKILL) }
        #expect(eventually(within: 20) { site.target.connections >= 2 })
        let good = try String(contentsOfFile: site.folder.path + "/sonde.yaml", encoding: .utf8)
        _ = try site.folder.file("sonde.yaml", good + "\nnonsense: true\n")
        kill(daemon.processIdentifier, SIGHUP)
        let before = site.target.connections
        #expect(eventually(within: 20) { site.target.connections >= before + 2 })
        let other = try LoopbackServer(.banner("220 hello\r\n"))
        _ = try site.folder.file(
            "sonde.yaml",
            good.replacingOccurrences(
                of: "checks:\n", with: "checks:\n  - {name: mail, tcp: \"127.0.0.1:\(other.port)\"}\n"))
        kill(daemon.processIdentifier, SIGHUP)
        #expect(eventually(within: 20) { other.connections >= 2 })
        #expect(daemon.isRunning)
    }
}
