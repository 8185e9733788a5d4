import Foundation
import Testing

@Suite("The arrows of docs/architecture.md")
struct ArrowTests {
    /// What each target may import of ours and of others, beside Vocabulary, Foundation, Glibc and Synchronization.
    static let allowed: [String: Set<String>] = [
        "Vocabulary": [], "Config": ["Yams"], "Scheduling": [], "Probing": ["CNet"], "Judging": [], "Storage": [],
        "Ledger": ["GRDB"], "Accounting": [], "Reporting": ["Accounting"],
        "Serving": [
            "Reporting", "Hummingbird", "HummingbirdCore", "HTTPTypes", "NIOCore", "Logging", "ServiceLifecycle",
        ],
        "Alerting": ["CNet"], "Loopback": ["CNet"],
        "sonde": [
            "Config", "Scheduling", "Probing", "Judging", "Storage", "Ledger", "Accounting", "Reporting", "Alerting",
            "Serving", "Loopback", "ArgumentParser", "Logging", "ServiceLifecycle", "UnixSignals",
        ],
    ]
    /// Pure stages do without the system altogether.
    static let pure: Set<String> = ["Vocabulary", "Scheduling", "Judging", "Accounting", "Reporting"]
    static let system: Set<String> = ["Dispatch", "Foundation", "Glibc", "Synchronization"]

    @Test("no file imports what its target may not")
    func imports() throws {
        for source in try Repository.sources() {
            let allowed = try #require(Self.allowed[source.target], "a target of its own: \(source.target)")
            for line in source.lines where line.hasPrefix("import ") || line.contains(" import ") && line.hasPrefix("@")
            {
                let module = line.split(separator: " ").last.map(String.init) ?? ""
                let isFine =
                    module == "Vocabulary" && source.target != "Vocabulary" || allowed.contains(module)
                    || Self.system.contains(module) && !Self.pure.contains(source.target)
                #expect(isFine, "\(source.path): \(line)")
            }
        }
    }

    @Test("Probing alone sees CNet beside Alerting and Loopback; nothing is public; nobody forces a try or a cast")
    func access() throws {
        for source in try Repository.sources() {
            for (number, line) in source.lines.enumerated()
            where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
                let place = "\(source.path):\(number + 1)"
                #expect(!line.contains("public "), "\(place)")
                #expect(!line.contains("try! ") && !line.contains(" as! "), "\(place)")
            }
        }
    }

    @Test("one file outside Probing reads a clock")
    func clocks() throws {
        let readers = try Repository.sources().filter { source in
            source.lines.contains {
                $0.contains("clock_gettime") || $0.contains("Date()") || $0.contains("ContinuousClock")
            }
        }.map(\.path)
        #expect(
            readers.filter { !$0.hasPrefix("Sources/Probing/") && !$0.hasPrefix("Sources/Loopback/") }
                == ["Sources/sonde/SystemClock.swift"])
        #expect(readers.count { $0.hasPrefix("Sources/Probing/") } <= 1)
    }

    @Test("a file has one subject: at most 400 lines, of at most 120 columns")
    func sizes() throws {
        for source in try Repository.sources() {
            #expect(source.lines.count <= 400, "\(source.path) has \(source.lines.count) lines")
            for (number, line) in source.lines.enumerated() {
                #expect(line.count <= 120, "\(source.path):\(number + 1) has \(line.count) columns")
            }
        }
    }
}
