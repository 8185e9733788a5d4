import Foundation
import Support
import Testing
import Vocabulary

@Suite("Pauses, corrections, why and replay, from the command to the report")
struct AmendmentTests {
    private static func example() throws -> (TemporaryFolder, day: CivilDate) {
        let (folder, day) = try WorkedExampleTests.folder()
        let imported = try Program.run(["import", "samples", "day.csv"], in: folder.path)
        #expect(imported.code == 0, "\(imported.errors)")
        return (folder, day)
    }

    private static func report(_ folder: TemporaryFolder, _ day: CivilDate) throws -> [String: Any] {
        let report = try Program.run(["report", "--day", "\(day)", "--json"], in: folder.path)
        return try #require((try report.json()["checks"] as? [[String: Any]])?.first)
    }

    @Test("a correction changes the figures, is listed with both, leaves the samples, and can be taken back")
    func corrections() throws {
        let (folder, day) = try Self.example()
        let before = try Program.run(["export", "samples", "--day", "\(day)"], in: folder.path).output
        func correct(_ from: String, _ to: String, _ verdict: String, _ why: String) throws -> Program.Ending {
            try Program.run(
                [
                    "correct", "shop", "--from", "\(day)T\(from)Z", "--to", "\(day)T\(to)Z", "--as", verdict, "--why",
                    why,
                ],
                in: folder.path)
        }
        let done = try correct("10:00", "10:02", "up", "our own firewall")
        #expect(done.code == 0 && done.errors == "corrected\n", "\(done.errors)")
        let check = try Self.report(folder, day)
        #expect(
            check["seconds"] as? [String: Int] == [
                "up": 83_940, "degraded": 0, "down": 60, "unknown": 1_800, "excluded": 600,
            ])
        let correction = try #require((check["corrections"] as? [[String: Any]])?.first)
        #expect(correction["from"] as? String == "\(day)T10:00:00.000Z")
        #expect(correction["as"] as? String == "up" && correction["why"] as? String == "our own firewall")
        #expect(correction["seconds"] as? Int == 120)
        let uncorrected = try #require(check["uncorrected"] as? [String: Any])
        #expect(uncorrected["uptime"] as? Double == 0.997857 && check["uptime"] as? Double == 0.999285)
        #expect((check["outages"] as? [[String: Any]])?.first?["seconds"] as? Int == 60)
        let text = try Program.run(["report", "--day", "\(day)"], in: folder.path).output
        #expect(text.contains("our own firewall") && text.contains("without them: uptime 99.785 %"), "\(text)")
        #expect(try Program.run(["export", "samples", "--day", "\(day)"], in: folder.path).output == before)

        let over = try correct("10:01", "10:05", "down", "no")
        #expect(over.code == 64)
        #expect(
            over.errors
                == "sonde: correction 1 of shop holds a part of that time already: \(day) 10:00:00 to \(day) 10:02:00 "
                + "as up (\"our own firewall\"); choose another time, or take it back with --withdraw 1\n")
        let list = try Program.run(["correct", "shop", "--list"], in: folder.path)
        #expect(list.output == "1  \(day) 10:00:00 to \(day) 10:02:00 as up (\"our own firewall\")\n")
        let back = try Program.run(["correct", "shop", "--withdraw", "1", "--why", "wrong day"], in: folder.path)
        #expect(back.code == 0, "\(back.errors)")
        let after = try Self.report(folder, day)
        #expect(after["uptime"] as? Double == 0.997857 && after["uncorrected"] is NSNull)
        #expect((after["corrections"] as? [Any])?.isEmpty == true)
        #expect(try correct("10:00", "10:02", "excluded", "planned").code == 0)
    }

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let arguments: [String]
        let says: String
    }

    private static let rows = [
        Row(
            testDescription: "no end",
            arguments: ["correct", "shop", "--from", "2026-11-01", "--as", "up", "--why", "x"],
            says: "a correction needs --from and --to"),
        Row(
            testDescription: "an end before the start",
            arguments: ["correct", "shop", "--from", "2026-11-02", "--to", "2026-11-01", "--as", "up", "--why", "x"],
            says: "--to must be after --from"),
        Row(
            testDescription: "no verdict",
            arguments: ["correct", "shop", "--from", "2026-11-01", "--to", "2026-11-02", "--why", "x"],
            says: "say what the slots were with --as: up, down or excluded"),
        Row(
            testDescription: "a verdict that is none",
            arguments: [
                "correct", "shop", "--from", "2026-11-01", "--to", "2026-11-02", "--as", "dwn", "--why", "x",
            ], says: "--as must be up, down or excluded, not \"dwn\"; did you mean \"down\"?"),
        Row(
            testDescription: "no reason",
            arguments: ["correct", "shop", "--from", "2026-11-01", "--to", "2026-11-02", "--as", "up"],
            says: "give the reason, up to 500 characters, with --why"),
        Row(
            testDescription: "a blank reason",
            arguments: ["correct", "shop", "--from", "2026-11-01", "--to", "2026-11-02", "--as", "up", "--why", " "],
            says: "give the reason, up to 500 characters, with --why"),
        Row(
            testDescription: "a list and an entry", arguments: ["correct", "shop", "--list", "--as", "up"],
            says: "give --from, --to and --as, or --list, or --withdraw"),
        Row(
            testDescription: "nothing to take back",
            arguments: ["correct", "shop", "--withdraw", "7", "--why", "x"],
            says: "there is no correction 7 that stands; see --list"),
        Row(
            testDescription: "a check that is not", arguments: ["pause", "shp"],
            says: "there is no check \"shp\" in the configuration; did you mean \"shop\"?"),
        Row(
            testDescription: "a pause without a length", arguments: ["pause", "shop", "--for", "soon"],
            says: "--for: \"soon\" is not a duration such as 30m or 2h, up to 1y"),
        Row(testDescription: "nothing to resume", arguments: ["resume", "shop"], says: "shop is not paused"),
        Row(
            testDescription: "why to come", arguments: ["why", "shop", "--at", "2200-01-01"],
            says: "--at: 2200-01-01 00:00:00 is still to come"),
        Row(
            testDescription: "why at no time", arguments: ["why", "shop", "--at", "noon"],
            says: "--at: \"noon\" is neither a day (2026-11-22) nor a time (2026-11-22T08:00:00+08:00)"),
        Row(
            testDescription: "a vote that is none",
            arguments: ["replay", "--from", "2026-11-01", "--to", "2026-11-02", "--vote", "most"],
            says: "--vote must be any, majority, all or a number from 1, not \"most\""),
        Row(
            testDescription: "a vote of more regions than there are",
            arguments: ["replay", "--from", "2026-11-01", "--to", "2026-11-02", "--vote", "2"],
            says: "--vote 2: shop has 1 region"),
        Row(
            testDescription: "a confirm of nought",
            arguments: ["replay", "--from", "2026-11-01", "--to", "2026-11-02", "--confirm", "0"],
            says: "--confirm must be from 1 to 1000"),
        Row(
            testDescription: "a contract that is not",
            arguments: ["replay", "--from", "2026-11-01", "--to", "2026-11-02", "--contract", "glod"],
            says: "there is no contract \"glod\" in the configuration; did you mean \"gold\"?"),
    ]

    @Test("bad input is one sentence and 64", arguments: rows)
    func refuses(row: Row) throws {
        let (folder, _) = try WorkedExampleTests.folder()
        _ = try Program.run(["import", "samples", "day.csv"], in: folder.path)
        let ending = try Program.run(row.arguments, in: folder.path)
        #expect(ending.code == 64)
        #expect(ending.errors == "sonde: \(row.says)\n")
        #expect(ending.output.isEmpty)
    }

    @Test("a pause is said once, excludes slots, is shown, and ends")
    func pauses() throws {
        let (folder, _) = try Self.example()
        #expect(try Program.run(["pause", "shop"], in: folder.path).errors == "shop is paused\n")
        let again = try Program.run(["pause", "shop"], in: folder.path)
        #expect(again.code == 64 && again.errors.hasPrefix("sonde: shop is paused already, since "), "\(again.errors)")
        let status = try Program.run(["status", "--json"], in: folder.path)
        #expect(status.code == 0, "a check that is paused is as it should be")
        #expect((try status.json()["checks"] as? [[String: Any]])?.first?["paused"] as? Bool == true)
        #expect(try Program.run(["status"], in: folder.path).output.contains("paused"))
        #expect(try Program.run(["resume", "shop"], in: folder.path).errors == "shop is probed again\n")
        #expect(try Program.run(["status"], in: folder.path).code == 3)
    }

    @Test("why tells the samples, the vote, what touches the slot, and its outage")
    func why() throws {
        let (folder, day) = try Self.example()
        func why(_ time: String) throws -> [String: Any] {
            try Program.run(["why", "shop", "--at", "\(day)T\(time)Z", "--json"], in: folder.path).json()
        }
        let down = try why("10:01:30")
        #expect(
            down["slot"] as? [String: String] == ["from": "\(day)T10:01:00.000Z", "to": "\(day)T10:02:00.000Z"])
        let sample = try #require((down["regions"] as? [[String: Any]])?.first?["sample"] as? [String: Any])
        #expect(sample["verdict"] as? String == "down" && sample["cause"] as? String == "refused")
        #expect(sample["time"] as? String == "\(day)T10:01:07.000Z" && sample["total_ms"] as? Double == 1.5)
        #expect(down["verdict"] as? String == "down" && down["counted"] as? String == "down")
        #expect((down["outage"] as? [String: Any])?["start"] as? String == "\(day)T10:00:07.000Z")
        #expect((down["vote"] as? [String: Any])?["rule"] as? String == "majority")
        let excluded = try why("02:05:00")
        #expect(excluded["verdict"] as? String == "up" && excluded["counted"] as? String == "excluded")
        #expect((excluded["maintenance"] as? [[String: Any]])?.first?["source"] as? String == "maintenance nightly")
        let unknown = try why("15:10:00")
        #expect(unknown["counted"] as? String == "unknown" && unknown["outage"] is NSNull)
        #expect((unknown["regions"] as? [[String: Any]])?.first?["sample"] is NSNull)
        let text = try Program.run(["why", "shop", "--at", "\(day) 10:01"], in: folder.path)
        #expect(text.code == 0 && text.output.contains("10:01:07") && text.output.contains("refused"), "\(text.errors)")
        let unborn = try Program.run(["why", "shop", "--at", "\(day.adding(days: -1))", "--json"], in: folder.path)
        #expect(try unborn.json()["standing"] as? String == "unborn", "\(unborn.errors)")
    }

    @Test("replay shows what other rules would have made of the samples")
    func replay() throws {
        let (folder, day) = try Self.example()
        let window = ["--from", "\(day)", "--to", "\(day.adding(days: 1))"]
        let replay = try Program.run(
            ["replay"] + window + ["--confirm", "4", "--contract", "gold", "--json"], in: folder.path)
        #expect(replay.code == 0, "\(replay.errors)")
        let check = try #require((try replay.json()["checks"] as? [[String: Any]])?.first)
        let before = try #require(check["before"] as? [String: Any])
        let after = try #require(check["after"] as? [String: Any])
        #expect(before["uptime"] as? Double == 0.997857 && after["uptime"] as? Double == 0.997857)
        let told = try #require(before["notifications"] as? [[String: Any]])
        #expect(told.map { $0["change"] as? String } == ["opened", "closed"])
        #expect(told.map { $0["time"] as? String } == ["\(day)T10:00:07.000Z", "\(day)T10:03:07.000Z"])
        #expect((after["notifications"] as? [Any])?.isEmpty == true)
        #expect((before["contract"] as? [String: Any])?["outcome"] as? String == "breached")
        #expect((check["outages_added"] as? [Any])?.isEmpty == true)
        let text = try Program.run(["replay"] + window + ["--confirm", "4"], in: folder.path)
        #expect(text.output.contains("confirm 4") && text.output.contains("as it is"), "\(text.output)")
    }
}
