import Foundation
import Support
import Testing

@Suite("sonde simulate")
struct SimulateTests {
    private static let configuration = """
        version: 1
        zone: UTC
        regions: {tw: {country: TW}, jp: {country: JP}, us: {country: US}}
        checks:
          - {name: shop, http: "http://127.0.0.1:9/"}
          - {name: blog, http: "http://127.0.0.1:9/", vote: any}
        maintenance:
          - {name: nightly, checks: [shop], every: "day 02:00-02:10"}
        """

    private static func folder(_ scenario: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try folder.file("sonde.yaml", configuration)
        _ = try folder.file("scenario.yaml", scenario)
        return folder
    }

    @Test("counts what it plays, tells when it would have told, and gives the same bytes again")
    func plays() throws {
        let folder = try Self.folder(
            """
            config: sonde.yaml
            from: 2026-01-01
            for: 6h
            faults:
              - {what: refused, at: 2026-01-01T01:00:00Z, for: 30m, checks: [shop]}
              - {what: partition, at: 2026-01-01T03:00:00Z, for: 10m, regions: [jp]}
              - {what: refused, at: 2026-01-01T04:00:00Z, for: 10m, checks: [blog], regions: [us]}
              - {what: off, at: 2026-01-01T05:00:00Z, for: 10m}
            """)
        let json = try Program.run(["simulate", "scenario.yaml", "--json"], in: folder.path)
        #expect(json.code == 0, "\(json.errors)")
        let checks = try #require(try json.json()["checks"] as? [[String: Any]])
        #expect(checks.map { $0["check"] as? String } == ["shop", "blog"])
        #expect(checks.map { $0["truly_down_s"] as? Int } == [1_800, 600])
        #expect(checks.map { $0["true_outages"] as? Int } == [1, 1] && checks.map { $0["found"] as? Int } == [1, 1])
        #expect(checks.map { $0["told"] as? Int } == [1, 1])
        for check in checks {
            let seconds = try #require(check["seconds"] as? [String: Int])
            let truth = try #require(check["truly_down_s"] as? Int)
            #expect(abs((seconds["down"] ?? 0) - truth) <= 60, "\(seconds)")
            #expect((540...660).contains(seconds["unknown"] ?? 0), "\(seconds)")
        }
        #expect((checks[0]["seconds"] as? [String: Int])?["excluded"] == 600)
        #expect(try Program.run(["simulate", "scenario.yaml", "--json"], in: folder.path).output == json.output)
        let text = try Program.run(["simulate", "scenario.yaml"], in: folder.path)
        #expect(text.output.contains("truly down") && text.output.contains("Uptime report"), "\(text.errors)")
        #expect(text.errors.contains("played 6h in "))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
        let jobs = try Program.run(
            ["simulate", "scenario.yaml", "--jobs", "2", "--wake", "200ms", "--json"], in: folder.path)
        #expect(jobs.code == 0, "\(jobs.errors)")
        let parts = try #require(try jobs.json()["checks"] as? [Any])
        #expect(parts.count == 2)
    }

    @Test("every mistake of a scenario at once, each with its place")
    func mistakes() throws {
        let folder = try Self.folder(
            """
            config: sonde.yaml
            from: 2026-01-01
            for: 3y
            fautls: []
            faults:
              - {what: explode, at: 2026-01-01, for: 1h}
              - {what: refused, at: noon, for: 1h}
              - {what: refused, at: 2026-01-01, checks: [shp]}
              - {what: clock, at: 2026-01-01}
              - {what: refused, at: 2026-01-01, for: 1h, regions: [tww]}
              - {what: off, at: 2026-01-01}
            """)
        let ending = try Program.run(["simulate", "scenario.yaml"], in: folder.path)
        #expect(ending.code == 78 && ending.output.isEmpty)
        #expect(
            ending.errors == """
                sonde: scenario.yaml:4:1: unknown key "fautls" in the scenario; did you mean "faults"?
                sonde: scenario.yaml:3:6: for must be from 1m to 732d, not 3y
                sonde: 2 mistakes, nothing was started

                """, "\(ending.errors)")
        _ = try folder.file(
            "scenario.yaml",
            try String(contentsOfFile: folder.path + "/scenario.yaml", encoding: .utf8)
                .replacingOccurrences(of: "for: 3y", with: "for: 1d").replacingOccurrences(
                    of: "fautls: []", with: "seed: 3"))
        let faults = try Program.run(["simulate", "scenario.yaml"], in: folder.path)
        #expect(
            faults.errors == """
                sonde: scenario.yaml:6:12: faults[0].what must be refused, hanging, slow, partition, lost, late, off, frozen, disk or clock, not "explode"
                sonde: scenario.yaml:7:25: faults[1].at must be a date or a time such as 2026-01-03T10:00:00Z, not "noon"
                sonde: scenario.yaml:8:5: faults[2] must say how long, such as "for: 20m"
                sonde: scenario.yaml:9:5: faults[3] must say how far the clock steps, such as "by: -1h"
                sonde: scenario.yaml:10:56: unknown region "tww"; did you mean "tw"?
                sonde: scenario.yaml:11:5: faults[5] must say how long, such as "for: 20m"
                sonde: 6 mistakes, nothing was started

                """, "\(faults.errors)")
    }

    @Test("the example plays")
    func example() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
        let folder = try TemporaryFolder()
        let ending = try Program.run(
            ["simulate", root + "/checks/simulation/bad-week.yaml", "--json"], in: folder.path)
        #expect(ending.code == 0, "\(ending.errors)")
        let checks = try #require(try ending.json()["checks"] as? [[String: Any]])
        #expect(checks.allSatisfy { ($0["uptime"] as? Double ?? 1) < 1 })
    }
}
