import Foundation
import Support
import Testing
import Vocabulary

@Suite("A check that is renamed")
struct RenameTests {
    @Test("has its history, corrections and windows under the new name at once, before and after a run took them over")
    func renamed() throws {
        let (folder, day) = try WorkedExampleTests.folder()
        func output(_ arguments: [String]) throws -> String {
            let ending = try Program.run(arguments, in: folder.path)
            #expect(ending.code == 0, "\(arguments): \(ending.errors)")
            return ending.output
        }
        /// What every reader says of the day, with the name as it is now.
        func read(_ name: String) throws -> [String] {
            let window = ["--day", "\(day)"]
            return try [
                ["report", name, "--json"] + window, ["outages", name, "--json"] + window,
                ["why", name, "--at", "\(day)T10:01:30Z", "--json"],
                ["why", name, "--at", "\(day)T02:05:00Z", "--json"],
                ["export", "samples", name] + window, ["export", "sla", "--month", "\(day)".prefix(7).description],
            ].map { try output($0) }
        }
        _ = try output(["import", "samples", "day.csv"])
        _ = try output([
            "correct", "shop", "--from", "\(day)T10:00Z", "--to", "\(day)T10:02Z", "--as", "up", "--why", "ours",
        ])
        let before = try read("shop")
        #expect(before[0].contains("\"ours\"") && before[4].contains("refused"))

        let plain = try String(contentsOfFile: folder.path + "/sonde.yaml", encoding: .utf8)
        let renamed = plain.replacingOccurrences(of: "name: shop,", with: "name: market, renamed_from: shop,")
            .replacingOccurrences(of: "[shop]", with: "[market]")
        _ = try folder.file("sonde.yaml", renamed)
        // The contract's digest covers the names of its checks, and its month goes on.
        let expected = before.dropLast().map { $0.replacingOccurrences(of: "shop", with: "market") }
        #expect(try read("market").dropLast() == expected[...])
        let sla = try #require(JSONSerialization.jsonObject(with: Data(read("market")[5].utf8)) as? [String: Any])
        let down = ((sla["checks"] as? [[String: Any]])?.first?["seconds"] as? [String: Int])?["down"]
        #expect(down == 60)
        let status = try Program.run(["status", "--json"], in: folder.path).json()
        let line = try #require((status["checks"] as? [[String: Any]])?.first)
        #expect(line["check"] as? String == "market" && line["since"] is String)

        let daemon = try Program.start(["run"], in: folder.path)
        defer { kill(daemon.processIdentifier, SIGKILL) }
        let rings = folder.path + "/data/rings"
        let isTaken = eventually(within: 20) {
            (try? FileManager.default.contentsOfDirectory(atPath: rings)) == ["market.ring"]
        }
        #expect(isTaken)
        #expect(try read("market").dropLast() == expected[...])
        #expect(try output(["correct", "market", "--list"]).contains("ours"))
    }
}
