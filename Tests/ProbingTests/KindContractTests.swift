import Foundation
import Loopback
import Probing
import Support
import Testing
import Vocabulary

/// What every kind promises of itself, and the exact words in which a check is refused.
@Suite struct KindContractTests {
    /// The mistakes of one check.
    static func mistakes(
        _ kind: String, _ settings: SettingLiteral, expect: SettingLiteral? = nil, file: String = "test.yaml"
    ) -> [String] {
        let check = Check(
            name: "shop", kind: kind, settings: settings.setting(path: "checks[0].\(kind)", file: file),
            expect: expect?.setting(path: "checks[0].expect", file: file),
            place: Place(file: file, line: 1, column: 1))
        var plan = Asking.plan([])
        plan.checks = [check]
        var mistakes = Mistakes()
        let book = ProbeBook.compile(plan, &mistakes)
        #expect((book == nil) == !mistakes.isEmpty)
        return mistakes.all.map(\.description)
    }

    /// Settings of `kind` that are good, with one more key.
    static func settings(of kind: any ProbeKind.Type, and key: String, _ value: SettingLiteral) throws -> SettingLiteral {
        let short = try #require(kind.keys.first { $0.name == kind.shortKey })
        let target = (key: short.name, value: SettingLiteral.text(short.example))
        return .map(key == short.name ? [target] : [target, (key: key, value: value)])
    }

    @Test("kinds are http, tcp and tls, and each is found by its name")
    func names() {
        #expect(ProbeKinds.names == ["http", "tcp", "tls"])
        for kind in ProbeKinds.all { #expect(ProbeKinds.kind(named: kind.name)?.name == kind.name) }
        #expect(ProbeKinds.kind(named: "gopher") == nil)
    }

    @Test("every key has a name of its own, a meaning, and an example that decodes; or is refused as not built yet")
    func keys() throws {
        let folder = try TemporaryFolder()
        let certificates = try Certificates()
        for name in ["ca.pem", "query.json"] {
            _ = try folder.file(name, String(contentsOfFile: certificates.root.certificateFile, encoding: .utf8))
        }
        for kind in ProbeKinds.all {
            #expect(Set(kind.keys.map(\.name)).count == kind.keys.count)
            for key in kind.keys {
                let comment: Comment = "\(key.name) of \(kind.name), example \(key.example)"
                #expect(key.meaning.count > 5, comment)
                let example = try #require(SettingExample.read(key.example), comment)
                let file = folder.path + "/sonde.yaml"
                let mistakes = Self.mistakes(
                    kind.name, try Self.settings(of: kind, and: key.name, example), file: file)
                let refusal = "\(file):3:3: \"\(key.name)\" in \(kind.name) check \"shop\" is not built yet; take it out"
                #expect(mistakes == (key.isBuilt ? [] : [refusal]), comment)
            }
        }
    }

    @Test("every expectation decodes its example in the kinds that can check it, and is refused in the others")
    func expectations() throws {
        for kind in ProbeKinds.all {
            let target = try Self.settings(of: kind, and: kind.shortKey, "")
            for key in ExpectationKey.allCases {
                let comment: Comment = "\(key.rawValue) in \(kind.name)"
                #expect(key.description.meaning.count > 5, comment)
                let example = try #require(SettingExample.read(key.description.example), comment)
                let mistakes = Self.mistakes(kind.name, target, expect: .map([(key: key.rawValue, value: example)]))
                let can = kind.expectations.map(\.rawValue).joined(separator: ", ")
                let expected =
                    if !key.description.isBuilt {
                        ["test.yaml:2:3: \"\(key.rawValue)\" in expect of \(kind.name) check \"shop\" is not built yet; take it out"]
                    } else if kind.expectations.contains(key) {
                        [String]()
                    } else {
                        ["test.yaml:2:3: \(kind.name) cannot check \"\(key.rawValue)\"; it can check \(can)"]
                    }
                #expect(mistakes == expected, comment)
            }
        }
    }

    @Test("an unknown key is refused in every kind, with the one that was meant")
    func unknownKeys() throws {
        for kind in ProbeKinds.all {
            let wrong = kind.shortKey + "s"
            #expect(
                Self.mistakes(kind.name, try Self.settings(of: kind, and: wrong, "x"))
                    == [
                        "test.yaml:3:3: unknown key \"\(wrong)\" in \(kind.name) check \"shop\"; did you mean \"\(kind.shortKey)\"?"
                    ])
        }
    }

    @Test("the short form stands for its key, and the target is shown either way without its secrets")
    func targets() throws {
        for kind in ProbeKinds.all {
            let short = try #require(kind.keys.first { $0.name == kind.shortKey })
            let text = SettingLiteral.secret(short.example, shown: "${TARGET}", secrets: [short.example])
            for settings in [text, .map([(key: short.name, value: text)])] {
                #expect(Self.mistakes(kind.name, settings) == [])
                let check = Check(name: "shop", kind: kind.name, settings: settings.setting(path: kind.name))
                #expect(kind.target(of: check) == "${TARGET}")
            }
        }
    }
}
