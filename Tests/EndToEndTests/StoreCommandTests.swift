import Foundation
import Support
import Testing

@Suite("The store's commands")
struct StoreCommandTests {
    private func site() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try folder.file(
            "sonde.yaml",
            """
            version: 1
            store: {path: data, slots: 2d, hours: 4d}
            zone: UTC
            checks:
              - {name: shop, tcp: "127.0.0.1:1"}
              - {name: old, tcp: "127.0.0.1:1"}
            """)
        let start = Date().timeIntervalSince1970.rounded(.down) - 7_200
        var text = "time,check,region,verdict\n"
        let format = ISO8601DateFormatter()
        for minute in 0..<60 {
            for check in ["shop", "old"] {
                let time = format.string(from: Date(timeIntervalSince1970: start + Double(minute) * 60))
                text += "\(time),\(check),local,\(minute == 30 ? "down" : "up")\n"
            }
        }
        _ = try folder.file("samples.csv", text)
        let imported = try Program.run(["import", "samples", "samples.csv"], in: folder.path)
        #expect(imported.code == 0 && imported.errors == "120 stored, 0 unchanged\n", "\(imported.errors)")
        return folder
    }

    @Test("info tells geometry, fill, oldest and newest slot of every check")
    func info() throws {
        let folder = try site()
        let ending = try Program.run(["store", "info", "--json"], in: folder.path)
        #expect(ending.code == 0, "\(ending.errors)")
        let json = try ending.json()
        let checks = try #require(json["checks"] as? [[String: Any]])
        #expect(checks.map { $0["check"] as? String } == ["old", "shop"])
        let region = try #require((checks[1]["regions"] as? [[String: Any]])?.first)
        let slots = try #require(region["slots"] as? [String: Int])
        #expect(slots == ["places": 3_072, "filled": 60])
        #expect(json["writer"] is NSNull)
        let text = try Program.run(["store", "info"], in: folder.path)
        #expect(text.code == 0 && text.output.contains("shop") && text.output.contains("nobody writes it now"))
    }

    @Test("verify says 0 for a whole store, and 74 with the place for a damaged one; repair keeps the rest in a copy")
    func damaged() throws {
        let folder = try site()
        let whole = try Program.run(["store", "verify"], in: folder.path)
        #expect(whole.code == 0 && whole.output.hasSuffix("records, all whole\n"), "\(whole.output)")
        let before = try Program.run(["export", "samples", "--last", "3h"], in: folder.path).output

        let file = folder.path + "/data/rings/shop.ring"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        let used = try #require(bytes[65_536...].firstIndex { $0 != 0 })
        bytes[used] ^= 1
        try bytes.write(to: URL(fileURLWithPath: file))
        let verified = try Program.run(["store", "verify", "--json"], in: folder.path)
        #expect(verified.code == 74)
        let json = try verified.json()
        #expect(json["whole"] as? Bool == false && json["damaged"] as? Int == 1)
        let fault = try #require((json["faults"] as? [String])?.first)
        #expect(fault.contains("shop.ring: the slot of \"local\" at place "), "\(fault)")

        let repaired = try Program.run(["store", "repair"], in: folder.path)
        #expect(repaired.code == 0, "\(repaired.errors)")
        let again = try Program.run(["store", "repair"], in: folder.path)
        #expect(again.code == 74 && again.errors.contains("data.repaired: is there already"), "\(again.errors)")
        let sound = try Program.run(["store", "verify", "--store", "data.repaired"], in: folder.path)
        #expect(sound.code == 0, "\(sound.output)")
        let after = try Program.run(
            ["export", "samples", "--last", "3h", "--store", "data.repaired"], in: folder.path
        ).output
        let lost = Set(before.split(separator: "\n")).subtracting(after.split(separator: "\n"))
        #expect(lost.count == 1 && after.split(separator: "\n").count == before.split(separator: "\n").count - 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
    }

    @Test("forget removes the file of a check that is no longer configured, and of no other")
    func forget() throws {
        let folder = try site()
        let refused = try Program.run(["store", "forget", "old"], in: folder.path)
        #expect(refused.code == 64 && refused.errors.contains("take it out first"), "\(refused.errors)")
        let text = try String(contentsOfFile: folder.path + "/sonde.yaml", encoding: .utf8)
        _ = try folder.file(
            "sonde.yaml", text.split(separator: "\n").filter { !$0.contains("old") }.joined(separator: "\n") + "\n")
        let unknown = try Program.run(["store", "forget", "odl"], in: folder.path)
        #expect(unknown.code == 64 && unknown.errors.contains("did you mean \"old\"?"), "\(unknown.errors)")
        #expect(try Program.run(["store", "forget", "old"], in: folder.path).code == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/data/rings/old.ring"))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/data/rings/shop.ring"))
    }

    @Test("while run goes import is refused within a second with its process id, and readers are not")
    func oneWriter() throws {
        let folder = try site()
        let daemon = try Program.start(["run"], in: folder.path)
        defer { if daemon.isRunning { kill(daemon.processIdentifier, SIGKILL) } }
        #expect(
            try eventually(within: 20) {
                try Program.run(["store", "info"], in: folder.path).output.contains(
                    "the process \(daemon.processIdentifier) writes it")
            })
        let begun = Date()
        let refused = try Program.run(["import", "samples", "samples.csv"], in: folder.path)
        #expect(Date().timeIntervalSince(begun) < 3)
        #expect(refused.code == 74)
        #expect(
            refused.errors
                == "sonde: data: the process \(daemon.processIdentifier) writes this store; stop it first, or use "
                + "another store\n", "\(refused.errors)")
        for command in [["store", "verify"], ["export", "samples", "--last", "3h"], ["report", "--last", "1d"]] {
            let ending = try Program.run(command, in: folder.path)
            #expect(ending.code == 0, "\(command): \(ending.errors)")
        }
        for command in [["store", "repair"], ["store", "forget", "gone"]] {
            let ending = try Program.run(command, in: folder.path)
            #expect([64, 74].contains(ending.code), "\(command): \(ending.errors)")
        }
    }
}
