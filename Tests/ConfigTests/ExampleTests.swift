import Config
import Foundation
import Testing
import Vocabulary

@Suite("Examples")
struct ExampleTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("checks").path
    private static let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
        .filter { $0.hasSuffix(".yaml") }.sorted()

    @Test("there are at least eight, and one that runs as it is")
    func count() {
        #expect(Self.names.count >= 9)
        #expect(Self.names.contains("sonde.yaml"))
    }

    @Test("each example is a whole configuration, without mistakes and warnings", arguments: names)
    func example(name: String) {
        let reading = configReader().read(path: "\(Self.folder)/\(name)")
        #expect(reading.messages == [])
        #expect(reading.warnings == [])
        #expect(reading.plan?.checks.isEmpty == false)
    }

    @Test("the example that runs as it is asks nobody but this machine, and needs no variable")
    func runsAsItIs() throws {
        let path = "\(Self.folder)/sonde.yaml"
        let plan = try #require(configReader().read(path: path).plan)
        let targets = plan.checks.compactMap { $0.settings.entries?.first?.value.text?.value }
        #expect(targets.count == plan.checks.count)
        #expect(targets.allSatisfy { $0.contains("127.0.0.1:\(plan.listen.port)") })
    }

    @Test("what init writes is read without mistakes, and asks this machine")
    func starter() throws {
        let file = try #require(StarterConfig.files.first)
        let reading = configReader().read(text: file.text, path: file.path)
        #expect(reading.messages == [])
        #expect(StarterConfig.files.map(\.path) == ["sonde.yaml"])
        #expect(reading.plan?.checks.map(\.name) == ["sonde"])
    }

    @Test("every part that the starter has as a comment is right as well")
    func starterComments() throws {
        let file = try #require(StarterConfig.files.first)
        // Commented keys and list items begin with "# " and a key or a dash; prose is left alone.
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let indent = line.prefix { $0 == " " }
            guard let match = line.dropFirst(indent.count).wholeMatch(of: #/# ( *(- .*|[a-z]+:( .*)?))/#) else {
                return String(line)
            }
            return "\(indent)\(match.1)"
        }
        let text = lines.joined(separator: "\n").replacingOccurrences(
            of: "include: [checks/*.yaml]", with: "include: []")
        let reading = configReader(["OPS_URL": "https://chat.example.com/"]).read(text: text, path: "sonde.yaml")
        #expect(reading.messages == [])
        #expect(reading.plan?.checks.map(\.name) == ["sonde", "shop", "mail", "shop-certificate"])
        #expect(reading.plan?.regions.map(\.name) == ["home", "second"])
        #expect(reading.plan?.contracts.map(\.name) == ["gold"])
        #expect(reading.plan?.alerts.count == 1)
    }

    @Test("the reference names every key once in its block, each with a meaning and an example")
    func reference() {
        let text = ConfigReference.markdown(
            kinds: [("http", [SettingDescription("url", "What to ask.", example: "https://example.com/a|b")])],
            channels: [("webhook", [SettingDescription("url", "Where to.", example: "u", isBuilt: false)])])
        var section = ""
        var rows: Set<String> = []
        for line in text.split(separator: "\n") {
            if line.hasPrefix("## ") { section = String(line) }
            guard line.hasPrefix("| `"), !section.contains("Values") else { continue }
            #expect(line.split(separator: "|").allSatisfy { !$0.allSatisfy { $0 == " " } }, "\(line)")
            #expect(
                rows.insert(section + line.prefix { $0 != " " }.description + line.dropFirst(2).prefix { $0 != " " })
                    .inserted)
        }
        #expect(text.contains("| `url` | What to ask. | `https://example.com/a\\|b` |"))
        #expect(text.contains("| `url` | Where to. *Not built yet.* | `u` |"))
        #expect(rows.count > 60)
    }
}
