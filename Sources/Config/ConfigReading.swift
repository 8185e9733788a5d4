import Vocabulary

/// What a reading gives.
package struct ConfigReading: Sendable {
    /// nil exactly when there is any mistake.
    package let plan: Plan?
    /// The plan as far as it can be trusted: without the checks and channels in whose settings there is a mistake. Only
    /// for those who know the kinds to find further mistakes in; nil when the main file could not be read.
    package let draft: Plan?
    /// By file in the order read, then line, then column.
    package let mistakes: Mistakes
    /// Paths of the files, in the order read; the main file is the first.
    package let files: [String]
    /// One sentence each, with its place: allowed, and hardly meant.
    package let warnings: [String]

    /// These mistakes and `others`, in the order of `mistakes`.
    package func mistakes(with others: Mistakes) -> Mistakes {
        var order: [String: Int] = [:]
        for (index, path) in files.enumerated() where order[path] == nil { order[path] = index }
        let all = mistakes.all + others.all
        func key(_ index: Int) -> (Int, Int, Int, Int) {
            let place = all[index].place
            return (order[place.file] ?? files.count, place.line, place.column, index)
        }
        var sorted = Mistakes()
        for index in all.indices.sorted(by: { key($0) < key($1) }) {
            sorted.add(all[index].place, ConfigReading.printable(all[index].text))
        }
        return sorted
    }

    private static let messageLengthMax = 600

    /// Messages quote the file: what a terminal would obey is written out, what has no end is cut.
    private static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars
        let short = scalars.count <= messageLengthMax ? text : String(scalars.prefix(messageLengthMax)) + "…"
        // A backslash of the file is shown as it stands there, not doubled.
        let parts = short.split(separator: "\\", omittingEmptySubsequences: false)
        return parts.map { escaped(String($0), limit: .max) }.joined(separator: "\\")
    }

    /// With its mistakes sorted.
    func inOrder() -> ConfigReading {
        ConfigReading(
            plan: plan, draft: draft, mistakes: mistakes(with: Mistakes()), files: files, warnings: warnings)
    }
}
