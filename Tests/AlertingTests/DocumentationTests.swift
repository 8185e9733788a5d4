import Foundation
import Testing
import Vocabulary

@testable import Alerting

@Suite("What docs/alerting.md says")
struct DocumentationTests {
    static let text: String? = {
        let root = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return try? String(contentsOf: root.appendingPathComponent("docs/alerting.md"), encoding: .utf8)
    }()

    /// What stands between the first line `start` and the next line `end`.
    func section(from start: String, to end: String) throws -> [String] {
        let lines = try #require(Self.text).components(separatedBy: "\n")
        let first = try #require(lines.firstIndex { $0.hasPrefix(start) })
        let rest = lines[(first + 1)...]
        return Array(rest.prefix { !$0.hasPrefix(end) })
    }

    @Test("its message is what is sent, byte for byte")
    func message() throws {
        let opened = try #require(Instant(rfc3339: "2026-11-22T10:15:00.381Z"))
        let notification = Notification(
            change: .opened, time: try #require(Instant(rfc3339: "2026-11-22T10:15:02.114Z")),
            incident: Incident(
                check: "shop", title: "Shop", opened: opened, cause: .status5xx, regions: ["tw", "jp"],
                outages: [Incident.IncidentOutage(start: opened)]))
        let example = try section(from: "```json", to: "```").map { $0.drop { $0 == " " } }.joined()
        #expect(example == notification.json.text)
    }

    @Test("it has every key of every kind of channel, and every variable of a command")
    func keys() throws {
        for kind in ChannelKinds.all {
            let table = try section(from: "## `\(kind.kind)`", to: "## ").filter { $0.hasPrefix("| `") }
            let named = table.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) }
            #expect(named == kind.keys.map(\.name), "\(kind.kind)")
        }
        let environment = CommandEnvironment.variables(for: notification())
        let text = try section(from: "## `command`", to: "## ").joined()
        for variable in environment {
            let name = variable.prefix { $0 != "=" }
            #expect(text.contains("`\(name)`"), "\(name)")
        }
    }
}
