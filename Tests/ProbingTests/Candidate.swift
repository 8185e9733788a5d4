import Probing
import Testing
import Vocabulary

/// A check that may or may not be accepted.
struct Candidate: Sendable {
    let kind: String
    let settings: SettingLiteral
    var expect: SettingLiteral?

    init(kind: String, settings: SettingLiteral, expect: SettingLiteral? = nil) {
        self.kind = kind
        self.settings = settings
        self.expect = expect
    }

    /// Good settings of `kind`, made of its own example, with one more key.
    init(_ kind: any ProbeKind.Type, and key: String? = nil, _ value: SettingLiteral = "") throws {
        let short = try #require(kind.keys.first { $0.name == kind.shortKey })
        let target = (key: short.name, value: SettingLiteral.text(short.example))
        var members = [target]
        if let key, key != short.name { members.append((key: key, value: value)) }
        self.init(kind: kind.name, settings: .map(members))
    }

    /// The mistakes of each candidate, `LINE:COLUMN: TEXT`. All are compiled at once, each as a check named `shop` in a
    /// file of its own in `folder`.
    static func mistakes(of candidates: [Candidate], folder: String = "/nowhere") -> [[String]] {
        func file(_ index: Int) -> String { "\(folder)/\(index).yaml" }
        var plan = Asking.plan([])
        plan.checks = candidates.enumerated().map { index, candidate in
            Check(
                name: "shop", kind: candidate.kind,
                settings: candidate.settings.setting(path: "checks[0].\(candidate.kind)", file: file(index)),
                expect: candidate.expect?.setting(path: "checks[0].expect", file: file(index)),
                place: Place(file: file(index), line: 1, column: 1))
        }
        var mistakes = Mistakes()
        let book = ProbeBook.compile(plan, &mistakes)
        #expect((book == nil) == !mistakes.isEmpty)
        return candidates.indices.map { index in
            mistakes.all.filter { $0.place.file == file(index) }
                .map { "\($0.place.line):\($0.place.column): \($0.text)" }
        }
    }
}
