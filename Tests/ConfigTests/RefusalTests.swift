import Config
import Foundation
import Testing
import Vocabulary

/// One broken configuration of the folder `Refusals`: a file, or a folder whose `sonde.yaml` is the main file. Lines at
/// its end that begin with `# expect: ` are the exact messages, in their order.
struct Refusal: CustomTestStringConvertible, Sendable {
    static let marker = "# expect: "
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Refusals")
        .path

    let name: String
    /// The main file as it stands on disk.
    let file: String
    /// As which it is read: files that it includes stand beside it.
    let readAs: String

    var testDescription: String { name }

    static let all: [Refusal] = {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return entries.sorted().map { entry in
            let isFile = entry.hasSuffix(".yaml")
            let home = isFile ? folder : "\(folder)/\(entry)"
            return Refusal(
                name: isFile ? String(entry.dropLast(5)) : entry,
                file: isFile ? "\(folder)/\(entry)" : home + "/sonde.yaml",
                readAs: home + "/sonde.yaml")
        }
    }()

    /// The configuration without the expected messages, and these.
    func parts() throws -> (text: String, expected: [String]) {
        let all = try String(contentsOfFile: file, encoding: .utf8)
        guard let start = all.range(of: Refusal.marker) else { return (all, []) }
        let expected = all[start.lowerBound...].split(separator: "\n").map {
            String($0.dropFirst(Refusal.marker.count))
        }
        return (String(all[..<start.lowerBound]), expected)
    }
}

@Suite("Refusals")
struct RefusalTests {
    @Test("there are at least sixty")
    func count() { #expect(Refusal.all.count >= 60) }

    @Test("a broken configuration gives all its mistakes, word for word, and no plan", arguments: Refusal.all)
    func refusal(_ refusal: Refusal) throws {
        let (text, expected) = try refusal.parts()
        let reading = configReader(["SECRET_NAME": "hidden", "API_TOKEN": "t", "OPS_URL": "u"]).read(
            text: text, path: refusal.readAs)
        let folder = PathOf(refusal.readAs).folder
        let messages = reading.messages.map { $0.replacingOccurrences(of: folder, with: "") }
        if ProcessInfo.processInfo.environment["SONDE_GOLDEN"] == "rewrite" {
            let lines = messages.map { Refusal.marker + $0 + "\n" }.joined()
            try (text + lines).write(toFile: refusal.file, atomically: true, encoding: .utf8)
            return
        }
        #expect(messages == expected)
        #expect(!messages.isEmpty)
        #expect(reading.plan == nil)
    }
}

struct PathOf {
    let folder: String
    init(_ file: String) { folder = (file as NSString).deletingLastPathComponent + "/" }
}
