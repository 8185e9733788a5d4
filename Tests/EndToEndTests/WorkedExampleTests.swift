import Foundation
import Support
import Testing
import Vocabulary

@Suite("The worked example of docs/uptime.md, from CSV to the report")
struct WorkedExampleTests {
    /// A day of minutes: three down at 10:00, the prober off from 15:00 for 30, maintenance from 02:00 for 10.
    static func folder() throws -> (TemporaryFolder, day: CivilDate) {
        let folder = try TemporaryFolder()
        let today = Zone.utc.date(Instant(nanoseconds: Int64(Date().timeIntervalSince1970) * Duration.secondNs))
        let day = today.adding(days: -2)
        _ = try folder.file(
            "sonde.yaml",
            """
            version: 1
            zone: UTC
            store: {path: data, slots: 40d, hours: 60d}
            defaults: {period: 1m}
            checks:
              - {name: shop, http: "http://127.0.0.1:9/"}
            maintenance:
              - {name: nightly, checks: [shop], from: \(day)T02:00:00Z, to: \(day)T02:10:00Z}
            contracts:
              gold: {checks: [shop], objective: 99.9, zone: UTC, credits: [{below: 99.9, credit: 10}, {below: 99.0, credit: 25}]}
            """)
        var csv = "time,check,region,verdict,cause,status,total_ms\n"
        for minute in 0..<1_440 where !(900..<930).contains(minute) {
            let isDown = (600...602).contains(minute)
            csv += "\(day)T\(padded(minute / 60, 2)):\(padded(minute % 60, 2)):07Z,shop,local,"
            csv += isDown ? "down,refused,,1.500\n" : "up,ok,200,\(100 + minute % 7).250\n"
        }
        _ = try folder.file("day.csv", csv)
        return (folder, day)
    }

    @Test("gives the figures exactly")
    func figures() throws {
        let (folder, day) = try Self.folder()
        let imported = try Program.run(["import", "samples", "day.csv"], in: folder.path)
        #expect(imported.code == 0 && imported.errors.hasSuffix("1410 stored, 0 unchanged\n"), "\(imported.errors)")
        let again = try Program.run(["import", "samples", "day.csv"], in: folder.path)
        #expect(again.errors.hasSuffix("0 stored, 1410 unchanged\n"), "\(again.errors)")

        let report = try Program.run(
            ["report", "--from", "\(day)", "--to", "\(day.adding(days: 1))", "--json"], in: folder.path)
        #expect(report.code == 0, "\(report.errors)")
        let check = try #require((try report.json()["checks"] as? [[String: Any]])?.first)
        #expect(
            check["seconds"] as? [String: Int] == [
                "up": 83_820, "degraded": 0, "down": 180, "unknown": 1_800, "excluded": 600,
            ])
        #expect(
            check["slots"] as? [String: Int] == ["up": 1_397, "degraded": 0, "down": 3, "unknown": 30, "excluded": 10])
        #expect(check["uptime"] as? Double == 0.997857)
        #expect(check["coverage"] as? Double == 0.979020)
        #expect(check["uptime_worst"] as? Double == 0.976923)
        #expect(check["uptime_best"] as? Double == 0.997902)
        #expect(check["failures"] as? [String: Int] == ["refused": 3])
        let outage = try #require((check["outages"] as? [[String: Any]])?.first)
        #expect((check["outages"] as? [Any])?.count == 1)
        #expect(outage["start"] as? String == "\(day)T10:00:07.000Z")
        #expect(outage["start_earliest"] as? String == "\(day)T09:59:07.000Z")
        #expect(outage["end"] as? String == "\(day)T10:03:07.000Z")
        #expect(outage["end_earliest"] as? String == "\(day)T10:02:07.000Z")
        #expect(outage["seconds"] as? Int == 180)
        #expect(outage["cause"] as? String == "refused")

        let text = try Program.run(["report", "--day", "\(day)"], in: folder.path)
        for shown in ["99.785", "97.902", "97.692", "99.790"] { #expect(text.output.contains(shown), "\(shown)") }
        for line in text.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }

    @Test("is exported and imported elsewhere into the same slots, and kept apart from an unknown check")
    func roundTrip() throws {
        let (folder, day) = try Self.folder()
        _ = try Program.run(["import", "samples", "day.csv"], in: folder.path)
        let window = ["--from", "\(day)", "--to", "\(day.adding(days: 1))"]
        for format in ["csv", "jsonl"] {
            let exported = try Program.run(["export", "samples", "--format", format] + window, in: folder.path)
            #expect(exported.output.split(separator: "\n").count == (format == "csv" ? 1_411 : 1_410))
            _ = try folder.file("again.\(format)", exported.output)
            let elsewhere = ["--store", "elsewhere-\(format)"]
            let imported = try Program.run(["import", "samples", "again.\(format)"] + elsewhere, in: folder.path)
            #expect(imported.code == 0, "\(imported.errors)")
            let back = try Program.run(["export", "samples", "--format", format] + window + elsewhere, in: folder.path)
            #expect(back.output == exported.output)
        }
        _ = try folder.file(
            "wrong.csv", "time,check,region,verdict\n\(day)T10:00:00Z,shop,local,up\n\(day)T10:01:00Z,shp,local,up\n")
        let refused = try Program.run(["import", "samples", "wrong.csv", "--store", "empty"], in: folder.path)
        #expect(refused.code == 64)
        #expect(refused.errors == "sonde: wrong.csv:3: unknown check \"shp\"; did you mean \"shop\"?\n")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/empty/rings/shop.ring"))
    }

    @Test("gives the contract's summary in every format")
    func contract() throws {
        let (folder, day) = try Self.folder()
        _ = try Program.run(["import", "samples", "day.csv"], in: folder.path)
        let month = String("\(day)".prefix(7))
        let json = try Program.run(["export", "sla", "--contract", "gold", "--month", month], in: folder.path)
        #expect(json.code == 0, "\(json.errors)")
        let sla = try json.json()
        #expect(sla["contract"] as? String == "gold")
        #expect(sla["objective"] as? Double == 99.9)
        let check = try #require((sla["checks"] as? [[String: Any]])?.first)
        #expect(check["spent_s"] as? Int == 180)
        #expect(check["uptime"] as? Double == 0.997857)
        for key in [
            "seconds", "uptime_worst", "uptime_best", "coverage", "budget_s", "left_s", "outcome", "credit", "outages",
            "short_outages", "exclusions", "corrections",
        ] {
            #expect(check[key] != nil, "\(key)")
        }
        let csv = try Program.run(
            ["export", "sla", "--month", month, "--format", "csv", "-o", "out.csv"], in: folder.path)
        #expect(csv.code == 0)
        #expect(try String(contentsOfFile: folder.path + "/out.csv", encoding: .utf8).contains("shop"))
        let markdown = try Program.run(["export", "sla", "--month", month, "--format", "md"], in: folder.path)
        #expect(markdown.output.contains("99.785") && markdown.output.contains("gold"))
        let wrong = try Program.run(["export", "sla", "--month", month, "--format", "cvs"], in: folder.path)
        #expect(wrong.code == 64)
        #expect(wrong.errors.contains("did you mean \"csv\"?"), "\(wrong.errors)")
    }

    @Test("gives outages in the shape of the contract, as text and as CSV")
    func outages() throws {
        let (folder, day) = try Self.folder()
        _ = try Program.run(["import", "samples", "day.csv"], in: folder.path)
        let json = try Program.run(["outages", "--day", "\(day)", "--json", "--all"], in: folder.path).json()
        let outage = try #require((json["outages"] as? [[String: Any]])?.first)
        #expect(
            Set(outage.keys).isSuperset(of: [
                "check", "start", "start_earliest", "end", "end_earliest", "seconds", "unknown_s", "cause", "regions",
            ]))
        #expect(json["window"] != nil && json["partials"] != nil && json["blips"] != nil)
        let csv = try Program.run(["outages", "--day", "\(day)", "--csv"], in: folder.path)
        #expect(csv.output.split(whereSeparator: \.isNewline).count == 2)
        let text = try Program.run(["outages", "--day", "\(day)"], in: folder.path)
        #expect(text.output.contains("10:00:07") && text.output.contains("10:03:07"))
    }
}
