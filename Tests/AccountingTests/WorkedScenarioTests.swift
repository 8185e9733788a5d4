import Foundation
import Testing

@Suite("Worked examples and named scenarios")
struct WorkedScenarioTests {
    private static func text(_ path: String) -> String {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        return (try? String(contentsOf: tests.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }
    static let examples = WorkedScenario.all(in: text("../../docs/uptime.md"))
    static let table = WorkedScenario.all(in: text("Scenarios.md"))

    @Test("each worked example of docs/uptime.md comes out as it says", arguments: examples)
    func documented(scenario: WorkedScenario) throws { #expect(try scenario.differences() == []) }

    @Test("each named scenario comes out as it says", arguments: table)
    func named(scenario: WorkedScenario) throws { #expect(try scenario.differences() == []) }

    @Test("there is an example for each counting rule, and a table of at least sixty, each with a name of its own")
    func counts() {
        #expect(Self.examples.count >= 13)
        #expect(Self.table.count >= 60)
        #expect(Set(Self.table.map(\.name)).count == Self.table.count)
        for scenario in Self.table + Self.examples {
            #expect(scenario.lines.contains { $0.text.hasPrefix("= ") }, "\(scenario.name) expects something")
        }
    }

    @Test("a scenario that does not come out says where and how")
    func wrong() throws {
        let scenario = WorkedScenario(
            name: "wrong", lines: [(1, "tw@7s: uud"), (2, "= up 3m"), (3, "= outage 2m-3m down 2m"), (4, "= uptme 1")])
        #expect(
            try scenario.differences() == [
                "line 2: up is 2m, not 3m", "line 3: down is 1m, not 2m",
                "line 4: uptme is nothing of that name, not 1",
            ])
        #expect(throws: WorkedScenario.Wrong.self) {
            try WorkedScenario(name: "wrong", lines: [(1, "tw@7s: u"), (2, "perod: 1m")]).differences()
        }
    }
}
