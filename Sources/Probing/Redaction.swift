import Vocabulary

/// Takes secrets out of what a target sent back.
enum Redaction {
    /// Shorter contents are not looked for: they would blank half of every text.
    static let secretMin = 8

    static func blank(_ text: String, _ secrets: [String]) -> String {
        var blanked = text
        for secret in secrets where blanked.contains(secret) {
            blanked = blanked.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***")
        }
        return blanked
    }
}
