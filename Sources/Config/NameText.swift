import Vocabulary

/// Names of checks, regions, channels, windows and contracts.
enum NameText {
    static let lengthMax = 64

    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isSmall(first), text.utf8.count <= lengthMax else { return false }
        return text.utf8.allSatisfy { isSmall($0) || "._-".utf8.contains($0) }
    }

    /// `what`: `check`, `region`, ….
    static func check(_ name: String, of what: String, at place: Place, _ mistakes: inout Mistakes) {
        guard !isName(name) else { return }
        mistakes.add(
            place,
            "\"\(name)\" is no name for a \(what); take 1 to \(lengthMax) small letters, digits, \".\", \"_\" and "
                + "\"-\", a letter or digit first")
    }

    private static func isSmall(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) && !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }
}
