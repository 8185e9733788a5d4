import Foundation
import Testing

@Suite("The words of docs/glossary.md")
struct GlossaryTests {
    /// Standard names of other things: options that commands have in common.
    static let standard: Set<String> = ["CommonOptions"]

    /// The words of the glossary's last column.
    static func bannedWords() throws -> Set<String> {
        var words: Set<String> = []
        for line in try Repository.lines("docs/glossary.md") where line.hasPrefix("|") {
            let columns = line.split(separator: "|", omittingEmptySubsequences: false)
            guard columns.count == 5 else { continue }
            for word in columns[3].split(separator: ",") {
                let word = word.trimmingCharacters(in: .whitespaces)
                if !word.isEmpty, word != "not", !word.hasPrefix("-"), !word.contains(" ") { words.insert(word) }
            }
        }
        return words
    }

    /// `HTTPCertificateChain` → http, certificate, chain.
    static func words(of name: String) -> [String] {
        var words: [String] = []
        let letters = Array(name)
        for (index, letter) in letters.enumerated() {
            let isStart =
                letter.isUppercase
                && (index == 0 || letters[index - 1].isLowercase
                    || (index + 1 < letters.count && letters[index + 1].isLowercase))
            if isStart || words.isEmpty { words.append("") }
            words[words.count - 1] += letter.lowercased()
        }
        return words
    }

    @Test("no type of ours bears a word that the glossary keeps out")
    func typeNames() throws {
        let banned = try Self.bannedWords().union(["manager", "helper", "helpers", "util", "utils", "common", "base"])
        #expect(
            banned.isSuperset(of: ["monitor", "endpoint", "timestamp", "bucket", "quorum"]), "the glossary was read")
        let declaration = /\b(?:struct|class|enum|actor|protocol|typealias)\s+([A-Z]\w*)/
        for source in try Repository.sources() {
            for (number, line) in source.lines.enumerated() {
                guard let name = line.firstMatch(of: declaration)?.output.1 else { continue }
                if Self.standard.contains(String(name)) { continue }
                for word in Self.words(of: String(name)) {
                    #expect(!banned.contains(word), "\(source.path):\(number + 1): \(name) bears \"\(word)\"")
                }
            }
        }
    }

    @Test("every term of the glossary that is a type of the vocabulary has that name there")
    func vocabulary() throws {
        let text = try Repository.sources().filter { $0.target == "Vocabulary" }.flatMap(\.lines).joined(
            separator: "\n")
        let glossary = try Repository.lines("docs/glossary.md").joined(separator: "\n")
        for (term, type) in [
            ("instant", "struct Instant"), ("interval", "struct Interval"), ("slot", "struct Slot"),
            ("check", "struct Check"), ("region", "struct Region"), ("sample", "struct Sample"), ("leg", "enum Leg"),
            ("cause", "enum Cause"), ("verdict", "enum Verdict"), ("vote", "enum Vote"), ("era", "struct Era"),
            ("incident", "struct Incident"), ("notification", "struct Notification"), ("contract", "struct Contract"),
            ("maintenance window", "struct MaintenanceWindow"), ("evidence", "struct Evidence"),
        ] {
            #expect(glossary.contains("| \(term) |"), "\(term)")
            #expect(text.contains("package \(type)"), "\(type)")
        }
    }
}
