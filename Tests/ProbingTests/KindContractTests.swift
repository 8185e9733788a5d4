import Foundation
import Probing
import Support
import Testing
import Vocabulary

/// What every kind promises of itself.
@Suite struct KindContractTests {
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
        let certificate = try String(contentsOfFile: certificates.root.certificateFile, encoding: .utf8)
        for name in ["ca.pem", "query.json"] { _ = try folder.file(name, certificate) }
        var candidates: [Candidate] = []
        var expected: [[String]] = []
        for kind in ProbeKinds.all {
            #expect(Set(kind.keys.map(\.name)).count == kind.keys.count)
            for key in kind.keys {
                #expect(key.meaning.count > 5, "\(key.name) of \(kind.name)")
                let example = try #require(SettingExample.read(key.example), "\(key.name) of \(kind.name)")
                candidates.append(try Candidate(kind, and: key.name, example))
                expected.append(
                    key.isBuilt
                        ? [] : ["3:3: \"\(key.name)\" in \(kind.name) check \"shop\" is not built yet; take it out"])
            }
        }
        #expect(Candidate.mistakes(of: candidates, folder: folder.path) == expected)
    }

    @Test("every expectation decodes its example in the kinds that can check it, and is refused in the others")
    func expectations() throws {
        var candidates: [Candidate] = []
        var expected: [[String]] = []
        for kind in ProbeKinds.all {
            for key in ExpectationKey.allCases {
                let name = key.rawValue
                #expect(key.description.meaning.count > 5, "\(name)")
                let example = try #require(SettingExample.read(key.description.example), "\(name)")
                var candidate = try Candidate(kind)
                candidate.expect = .map([(key: name, value: example)])
                candidates.append(candidate)
                let can = kind.expectations.map(\.rawValue).joined(separator: ", ")
                if !key.description.isBuilt {
                    expected.append([
                        "2:3: \"\(name)\" in expect of \(kind.name) check \"shop\" is not built yet; take it out"
                    ])
                } else if kind.name == "tcp", [.certificate, .tls].contains(key) {
                    expected.append([
                        "2:3: \"\(name)\" in expect of tcp check \"shop\" needs TLS, which this check does not speak; "
                            + "ask by https:// or tls, or take it out"
                    ])
                } else if kind.expectations.contains(key) {
                    expected.append([])
                } else {
                    expected.append(["2:3: \(kind.name) cannot check \"\(name)\"; it can check \(can)"])
                }
            }
        }
        #expect(Candidate.mistakes(of: candidates) == expected)
    }

    @Test("an unknown key is refused in every kind, with the one that was meant")
    func unknownKeys() throws {
        for kind in ProbeKinds.all {
            let key = kind.shortKey
            #expect(
                Candidate.mistakes(of: [try Candidate(kind, and: key + "s", "x")])
                    == [["3:3: unknown key \"\(key)s\" in \(kind.name) check \"shop\"; did you mean \"\(key)\"?"]])
        }
    }

    @Test("the short form stands for its key, and the target is shown either way without its secrets")
    func targets() throws {
        for kind in ProbeKinds.all {
            let short = try #require(kind.keys.first { $0.name == kind.shortKey })
            let text = SettingLiteral.secret(short.example, shown: "${TARGET}", secrets: [short.example])
            for settings in [text, .map([(key: short.name, value: text)])] {
                let check = Check(name: "shop", kind: kind.name, settings: settings.setting(path: kind.name))
                #expect(kind.target(of: check) == "${TARGET}")
                #expect(Candidate.mistakes(of: [Candidate(kind: kind.name, settings: settings)]) == [[]])
            }
        }
    }
}
