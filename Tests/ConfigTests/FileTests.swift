import Config
import Foundation
import Support
import Testing
import Vocabulary

/// A file that is no configuration, made of bytes.
struct BadFile: CustomTestStringConvertible, Sendable {
    let name: String
    let bytes: [UInt8]
    let expected: String
    var testDescription: String { name }
}

private let check = "checks: [{name: a, tcp: 'a:1'}]\n"

@Suite("Files")
struct FileTests {
    @Test(
        "a file that is no text is told by one sentence",
        arguments: [
            BadFile(
                name: "empty", bytes: [],
                expected: "1:1: the file is empty; write at least \"checks:\" and a check into it"),
            BadFile(
                name: "NUL", bytes: Array("version: 1\nzone: \0\n".utf8),
                expected: "2:7: the file holds a NUL byte; it must be plain text"),
            BadFile(
                name: "not UTF-8", bytes: Array("version: 1\nzoné: ".utf8) + [0xe9, 0x0a],
                expected: "2:7: the file is not UTF-8 here; save it as UTF-8"),
            BadFile(
                name: "cut inside a character", bytes: Array("a: ".utf8) + [0xe2, 0x82],
                expected: "1:4: the file is not UTF-8 here; save it as UTF-8"),
            BadFile(
                name: "UTF-16", bytes: [0xff, 0xfe, 0x61, 0x00], expected: "1:1: the file is UTF-16; save it as UTF-8"),
            BadFile(
                name: "control character", bytes: Array("version: 1\nzone: \u{7}\n".utf8),
                expected: "2:7: the file holds a control character (code 7), which YAML does not allow; take it out"),
            BadFile(
                name: "too deep for the parser", bytes: Array("checks: ".utf8) + Array(repeating: 0x5b, count: 100_000),
                expected: "1:10: the file is nested too deeply"),
            BadFile(
                name: "too large", bytes: Array(repeating: 0x23, count: 8 << 20 + 1),
                expected:
                    "1:1: cannot read the configuration: it is larger than 8 MiB; `sonde init` writes one to start from"
            ),
        ])
    func badFile(_ bad: BadFile) throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("sonde.yaml")
        try Data(bad.bytes).write(to: URL(fileURLWithPath: path))
        let reading = configReader().read(path: path)
        #expect(reading.messages == ["\(path):\(bad.expected)"])
        #expect(reading.plan == nil)
        #expect(reading.files == [path])
    }

    @Test(
        "what is no readable file is told by one sentence",
        arguments: [
            ("missing.yaml", "no such file"), ("folder", "it is a folder"), ("pipe", "it is not a plain file"),
            ("sonde.yaml/inside", "no such file"), ("loop", "Too many levels of symbolic links"),
        ])
    func notAFile(name: String, why: String) throws {
        let folder = try TemporaryFolder()
        _ = try folder.file("sonde.yaml", check)
        _ = try folder.file("folder/a", "")
        mkfifo(try folder.file("pipe"), 0o600)
        symlink("loop", try folder.file("loop"))
        let path = "\(folder.path)/\(name)"
        let expected = "\(path):1:1: cannot read the configuration: \(why); `sonde init` writes one to start from"
        #expect(configReader().read(path: path).messages == [expected])
    }

    @Test("line ends of Windows and a byte order mark change nothing")
    func windows() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("sonde.yaml", "\u{feff}checks:\r\n  - {name: a, tcp: 'a:1', perod: 1s}\r\n")
        #expect(
            configReader().read(path: path).messages
                == ["\(path):2:27: unknown key \"perod\" in check \"a\"; did you mean \"period\"?"])
    }

    @Test("aliases that grow into billions are stopped")
    func billionLaughs() {
        var text = "x-a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...12 {
            let references = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "x-a\(level): &a\(level) [\(references)]\n"
        }
        let reading = configReader().read(text: text + check, path: "sonde.yaml")
        #expect(
            reading.messages
                == [
                    "sonde.yaml:1:1: the aliases of this file make it more than 100000 values larger than it is written"
                ])
    }

    @Test(
        "aliases in keys are refused before they can grow",
        arguments: ["*a30 : 1", "? [b, *a30]\n: 1", "{x: {*a30 : 1}}"])
    func aliasKeys(entry: String) {
        var text = "x-a0: &a0 [lol, lol]\n"
        for level in 1...30 { text += "x-a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += entry.hasPrefix("{") ? "x-k: \(entry)\n" : "x-k:\n  \(entry.replacing("\n", with: "\n  "))\n"
        let messages = configReader().read(text: text + check, path: "sonde.yaml").messages
        #expect(messages.count == 1 && messages[0].hasPrefix("sonde.yaml:3"), "\(messages)")
        #expect(messages.first?.contains("an alias cannot stand in a key; write it out") == true, "\(messages)")
    }

    @Test("stars and ampersands in texts are no aliases")
    func stars() throws {
        let plan = try readPlan(
            "x-a: &a {period: 5s}\nchecks: [{<<: *a, name: a, title: 'a & *b', tags: {'*t': '*a'}, tcp: '*:1'}]")
        let check = try #require(plan.checks.first)
        #expect(check.periodNs == 5 * Duration.secondNs)
        #expect(
            [check.title, check.tags["*t"], check.settings.entries?.first?.value.text?.value] == [
                "a & *b", "*a", "*:1",
            ])
    }

    @Test("as many equal keys as are mended are all told, and one more stops the reading")
    func manyDuplicates() {
        func messages(_ count: Int) -> [String] {
            let keys = (0..<count).map { "x-\($0): 1\nx-\($0): 2\n" }.joined()
            return configReader().read(text: check + keys, path: "sonde.yaml").messages
        }
        #expect(messages(100).count == 100)
        #expect(
            messages(100).last == "sonde.yaml:201:1: duplicate key \"x-99\"; it stands already at line 200 of this map")
        #expect(messages(101).count == 1)
    }

    @Test("included files are read in the order of their names, seen from the file that includes them")
    func include() throws {
        let folder = try TemporaryFolder()
        let main = try folder.file("[conf]/sonde.yaml", "include: [checks/*.yaml, ../more.yaml]\n" + check)
        _ = try folder.file(
            "[conf]/checks/b.yaml",
            "checks: [{name: b, tcp: 'b:1'}]\nmaintenance: [{name: w, every: 'Sun 01:00-02:00'}]")
        _ = try folder.file("[conf]/checks/c.yaml", "version: 1\nchecks:\nx-note: nothing here")
        _ = try folder.file("[conf]/checks/a.yaml", "include: deep/a2.yaml\nchecks: [{name: a1, tcp: 'a:1'}]")
        _ = try folder.file("[conf]/checks/deep/a2.yaml", "checks: [{name: a2, tcp: 'a:2'}]")
        _ = try folder.file("more.yaml", "channels: {ops: {webhook: {url: u}}}\nalerts: [{to: ops}]")
        let reading = configReader().read(path: main)
        let home = "\(folder.path)/[conf]"
        #expect(reading.messages == [])
        #expect(
            reading.files
                == [
                    main, "\(home)/checks/a.yaml", "\(home)/checks/deep/a2.yaml", "\(home)/checks/b.yaml",
                    "\(home)/checks/c.yaml", "\(home)/../more.yaml",
                ])
        #expect(reading.plan?.checks.map(\.name) == ["a", "a1", "a2", "b"])
        #expect(reading.plan?.maintenance.map(\.name) == ["w"])
        #expect(reading.plan?.alerts == [AlertRule(checks: ["a", "a1", "a2", "b"], channels: ["ops"])])
        #expect(reading.plan?.store.path == "\(home)/data")
    }

    @Test("an included file that is no text is told at its own place, and hides no names")
    func includedBytes() throws {
        let folder = try TemporaryFolder()
        let main = try folder.file(
            "sonde.yaml", "include: a.yaml\n" + check + "contracts: {gold: {objective: 99, checks: [b]}}")
        let path = try folder.file("a.yaml")
        try Data([0x61, 0xff]).write(to: URL(fileURLWithPath: path))
        #expect(
            configReader().read(path: main).messages == ["\(path):1:2: the file is not UTF-8 here; save it as UTF-8"])
    }

    @Test("files that include each other too deep are stopped")
    func deepIncludes() throws {
        let folder = try TemporaryFolder()
        for level in 1...12 { _ = try folder.file("\(level).yaml", "include: \(level + 1).yaml") }
        let main = try folder.file("sonde.yaml", "include: 1.yaml\n" + check)
        let reading = configReader().read(path: main)
        #expect(
            reading.messages == ["\(folder.path)/8.yaml:1:10: files include each other more than 8 levels deep here"])
    }

    @Test("random bytes and cut files never crash, and give a plan or mistakes, never both")
    func fuzz() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        let whole = Array(StarterConfig.files[0].text.utf8)
        for round in 0..<400 {
            var bytes = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            for _ in 0..<Int.random(in: 0...8, using: &random) where !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0x0a...0x7f, using: &random)
            }
            let reading = configReader().read(text: String(decoding: bytes, as: UTF8.self), path: "sonde.yaml")
            #expect((reading.plan == nil) == !reading.messages.isEmpty, "seed \(seed), round \(round)")
        }
    }
}
