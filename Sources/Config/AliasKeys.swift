import Vocabulary
import Yams

/// Refuses keys with aliases before any alias is put in. Yams hashes every key, and the hash of an alias walks all that
/// it stands for: aliases of aliases of aliases would keep it busy for ever.
enum AliasKeys {
    /// Stands for the `*` of an alias, which so becomes a plain text: from the private use area, where no text starts.
    private static let star: Unicode.Scalar = "\u{f8ff}"

    /// false, with a mistake for each, when there are any. Throws Yams' errors.
    static func areAbsent(in text: String, file: String, _ mistakes: inout Mistakes) throws -> Bool {
        // Without an anchor there is no alias: the usual file is read once.
        guard text.utf8.contains(UInt8(ascii: "*")), text.utf8.contains(UInt8(ascii: "&")) else { return true }
        let plain = String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "*" ? star : $0 }))
        guard let root = try Yams.compose(yaml: plain, .basic, .default, .utf8) else { return true }
        var keys: [Mark] = []
        collect(root, &keys)
        for mark in keys {
            mistakes.add(
                Place(file: file, line: mark.line, column: mark.column),
                "an alias cannot stand in a key; write it out, or quote a \"*\" that is text")
        }
        return keys.isEmpty
    }

    private static func collect(_ node: Node, _ keys: inout [Mark]) {
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                if let mark = key.mark, holdsAlias(key) { keys.append(mark) }
                collect(value, &keys)
            }
        case .sequence(let sequence):
            for item in sequence { collect(item, &keys) }
        case .scalar, .alias: break
        }
    }

    private static func holdsAlias(_ node: Node) -> Bool {
        switch node {
        case .scalar(let scalar): scalar.style == .plain && scalar.string.unicodeScalars.first == star
        case .sequence(let sequence): sequence.contains { holdsAlias($0) }
        case .mapping(let mapping): mapping.contains { holdsAlias($0.key) || holdsAlias($0.value) }
        case .alias: true
        }
    }
}
