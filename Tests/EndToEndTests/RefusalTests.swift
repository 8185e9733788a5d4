import Foundation
import Support
import Testing

@Suite("What the program refuses, and how it ends")
struct RefusalTests {
    static let configuration = """
        version: 1
        store: {path: data, slots: 2d, hours: 4d}
        listen: 127.0.0.1:0
        checks:
          - {name: shop, tcp: "127.0.0.1:9"}
        """

    struct Row: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let arguments: [String]
        let code: Int32
        var says: [String] = []
    }

    @Test(
        "with the right exit code and a sentence that names the fix",
        arguments: [
            Row(testDescription: "an unknown command", arguments: ["reprot"], code: 64, says: ["reprot"]),
            Row(
                testDescription: "an unknown option", arguments: ["report", "--mont", "2026-11"], code: 64,
                says: ["--month"]),
            Row(
                testDescription: "a month that is not", arguments: ["report", "--month", "2026-13"], code: 64,
                says: ["--month: there is no \"2026-13\"; write it like 2026-11"]),
            Row(
                testDescription: "a month written as a day", arguments: ["report", "--month", "2026-11-01"], code: 64,
                says: ["write it like 2026-11"]),
            Row(
                testDescription: "a zone that is not", arguments: ["report", "--zone", "Mars/Olympus"], code: 64,
                says: ["there is no zone \"Mars/Olympus\""]),
            Row(
                testDescription: "two windows", arguments: ["report", "--day", "2026-11-01", "--last", "3d"], code: 64,
                says: ["give one of"]),
            Row(
                testDescription: "an end without a start", arguments: ["report", "--to", "2026-11-01"], code: 64,
                says: ["--to needs --from"]),
            Row(
                testDescription: "an unknown check", arguments: ["report", "shp"], code: 64,
                says: ["there is no check \"shp\"", "did you mean \"shop\"?"]),
            Row(testDescription: "no store yet", arguments: ["report"], code: 74, says: ["sonde run"]),
            Row(
                testDescription: "no contract", arguments: ["export", "sla", "--month", "2026-11"], code: 64,
                says: ["contracts:"]),
            Row(
                testDescription: "an unknown channel", arguments: ["alert", "test", "ops"], code: 64,
                says: ["there is no channel \"ops\""]),
            Row(
                testDescription: "an unknown region", arguments: ["probe", "--region", "tw"], code: 64,
                says: ["there is no region \"tw\""]),
            Row(
                testDescription: "a target that is none", arguments: ["probe", "--url", "gopher://x/"], code: 64,
                says: ["gopher"]),
            Row(
                testDescription: "a configuration that is not there",
                arguments: ["validate", "--config", "nowhere.yaml"], code: 78, says: ["nowhere.yaml"]),
        ])
    func refuses(row: Row) throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("sonde.yaml", Self.configuration)
        let ending = try Program.run(row.arguments, in: folder.path)
        #expect(ending.code == row.code, "\(ending.errors)")
        #expect(ending.output.isEmpty)
        for text in row.says { #expect(ending.errors.contains(text), "\(ending.errors)") }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/data/rings/shop.ring"))
    }

    @Test("every mistake of a configuration at once, each with its place, and nothing is started")
    func mistakes() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file(
            "sonde.yaml",
            """
            version: 1
            checks:
              - name: Shop
                http: {url: "http://127.0.0.1/", folow: true}
                timout: 5s
              - {name: mail, tcp: {address: "127.0.0.1", expect: "("}}
              - {name: door, tls: "127.0.0.1:1", expect: {status: 200}}
            """)
        for command in [["validate"], ["run"], ["report"]] {
            let ending = try Program.run(command, in: folder.path)
            #expect(ending.code == 78)
            for place in ["sonde.yaml:3:", "sonde.yaml:4:", "sonde.yaml:5:", "sonde.yaml:6:", "sonde.yaml:7:"] {
                #expect(ending.errors.contains(place), "\(place)\n\(ending.errors)")
            }
            #expect(
                ending.errors.contains("did you mean \"timeout\"?")
                    && ending.errors.contains("did you mean \"follow\"?"))
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/data"))
    }

    @Test("a store that cannot be used: one sentence, 74, nothing changed")
    func stores() throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("sonde.yaml", Self.configuration)
        _ = try folder.file("data/rings/shop.ring", "this is no ring file")
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/data/rings/shop.ring"))
        for command in [["run"], ["report"]] {
            let ending = try Program.run(command, in: folder.path)
            #expect(ending.code == 74, "\(ending.errors)")
            #expect(ending.errors.contains("shop.ring"))
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/data/rings/shop.ring")) == before)
    }

    @Test("a configuration of `init` is valid as it is, and is not written over")
    func starter() throws {
        let folder = try TemporaryFolder()
        #expect(try Program.run(["init"], in: folder.path).code == 0)
        let valid = try Program.run(["validate"], in: folder.path)
        #expect(valid.code == 0, "\(valid.errors)")
        let again = try Program.run(["init"], in: folder.path)
        #expect(again.code == 1)
        #expect(again.errors.contains("is there already"))
    }
}
