import Foundation
import Loopback
import Support
import Testing

@Suite("Self-suspicion, against real targets", .serialized)
struct SentinelTests {
    enum Sentinels: String, CaseIterable, Sendable {
        case none, answering, failing
    }

    @Test(
        "five checks on one host that dies are down and alerted, unless the region's sentinels fail",
        arguments: Sentinels.allCases)
    func fiveChecks(sentinels: Sentinels) throws {
        let folder = try TemporaryFolder()
        let host = try LoopbackServer(.http(body: "ok\n"))
        let sentinel = try LoopbackServer(.banner("220 here\r\n"))
        let pagePort = try FreePort.take()
        let region = sentinels == .none ? "{}" : "{sentinels: [\"127.0.0.1:\(sentinel.port)\"]}"
        let checks = (1...5).map { "  - {name: shop-\($0), http: \"http://127.0.0.1:\(host.port)/\($0)\"}" }
        _ = try folder.file(
            "sonde.yaml",
            """
            version: 1
            store: {path: data, slots: 2d, hours: 4d}
            listen: 127.0.0.1:\(pagePort)
            zone: UTC
            regions: {tw: \(region)}
            defaults: {period: 2s, timeout: 900ms, confirm: 2}
            checks:
            \(checks.joined(separator: "\n"))
            channels:
              file: {command: {argv: [/bin/sh, -c, "cat >> told; echo >> told"]}}
            """)
        func told() -> Int {
            let text = (try? String(contentsOfFile: folder.path + "/told", encoding: .utf8)) ?? ""
            return text.split(separator: "\n").count
        }
        func samples() throws -> [[String]] {
            let output = try Program.run(["export", "samples", "--last", "1h"], in: folder.path).output
            return output.split(separator: "\n").dropFirst().map { row in
                row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            }
        }
        let daemon = try Program.start(["run"], in: folder.path)
        defer { kill(daemon.processIdentifier, SIGKILL) }
        #expect(eventually(within: 30) { host.connections >= 10 })
        // The whole host, and where the region is cut off its sentinel as well.
        if sentinels == .failing { sentinel.stop() }
        host.stop()

        if sentinels == .failing {
            let unknown = try eventually(within: 40) {
                let rows = try samples().filter { $0.contains("sentinels-failed") }
                return Set(rows.map { $0[1] }).count == 5 && rows.count >= 15
            }
            #expect(unknown)
            #expect(try samples().filter { $0.contains("sentinels-failed") }.allSatisfy { $0[3] == "unknown" })
            #expect(told() == 0)
            let status = try Program.run(["status"], in: folder.path)
            #expect(status.output.contains("Region tw doubts itself"))
        } else {
            #expect(eventually(within: 40) { told() == 5 })
            #expect(try samples().allSatisfy { !$0.contains("sentinels-failed") })
            #expect(sentinels == .none || sentinel.connections >= 1)
        }
    }
}
