import Loopback
import Support
import Testing
import Vocabulary

@testable import Probing

/// Bodies asked by pattern and by JSON path, of real servers.
@Suite(.timeLimit(.minutes(1))) struct ExpectationBodyTests {
    static let body =
        #"{"ok":true,"n":42,"s":"3","name":"pong é","none":null,"list":[1,2,"x"],"nodes":[{"id":1,"up":true},{"id":2,"up":false}],"big":9007199254740993,"o":{}}"#

    @Test("values at JSON paths are held against what they must be")
    func json() async throws {
        let server = try LoopbackServer(.http(body: Self.body))
        let url: SettingLiteral = .text("http://\(server.hostAndPort)/")
        func row(_ name: String, _ json: SettingLiteral, _ seen: Seen = .failed(.bodyMismatch, 200)) -> ContractRow {
            ContractRow(name, "http", url, expect: ["body": ["json": json]], is: seen)
        }
        try await expectContract([
            row("true", ["$.ok": true], .up(200)), row("false where true is", ["$.ok": false]),
            row("true is not a text", ["$.ok": "\"true\""]), row("a number", ["$.n": 42], .up(200)),
            row("a number, otherwise written", ["$.n": "4.2e1"], .up(200)), row("another number", ["$.n": 43]),
            row("a number is not a text", ["$.s": 3]),
            row("a text that looks like a number", ["$.s": "\"3\""], .up(200)),
            row("a text", ["$.name": "pong é"], .up(200)), row("null", ["$.none": "null"], .up(200)),
            row("null is not absent", ["$.absent": "null"]), row("one of several", ["$.n": [41, 42]], .up(200)),
            row("every digit counts", ["$.big": "9007199254740992"]),
            row("over", ["$.n": ["over": 41]], .up(200)), row("over, at it", ["$.n": ["over": 42]]),
            row("under", ["$.n": ["under": "42.5"]], .up(200)), row("under, at it", ["$.n": ["under": 42]]),
            row("between", ["$.n": ["over": 3, "under": 50]], .up(200)), row("over of a text", ["$.s": ["over": 1]]),
            row("contains", ["$.name": ["contains": "ong"]], .up(200)),
            row("contains what is not there", ["$.name": ["contains": "ping"]]),
            row("a list contains", ["$.list": ["contains": ["x", "2"]]], .up(200)),
            row("a list does not contain", ["$.list": ["contains": "3"]]),
            row("not_contains of a list", ["$.list": ["not_contains": "y"]], .up(200)),
            row("not_contains what is there", ["$.name": ["not_contains": "pong"]]),
            row("matches", ["$.name": ["matches": "^pong .$"]], .up(200)),
            row("matches not", ["$.name": ["matches": "^ong"]]), row("matches of a number", ["$.n": ["matches": "42"]]),
            row("exists", ["$.nodes[1].id": ["exists": true]], .up(200)), row("exists not", ["$.x": ["exists": true]]),
            row("must not exist", ["$.error": ["exists": false]], .up(200)),
            row("must not exist, and does", ["$.none": ["exists": false]]),
            row("count", ["$.nodes[*]": ["count": 2]], .up(200)), row("another count", ["$.nodes[*]": ["count": 3]]),
            row("count over", ["$.nodes[*]": ["count": ["over": 1]]], .up(200)),
            row("count under", ["$.nodes[*]": ["count": ["under": 2]]]),
            row("a filter that finds nothing bad", ["$.nodes[?@.id > 2]": ["exists": false]], .up(200)),
            row("every selected value", ["$.nodes[*].up": true]), row("none selected", ["$.nodes[7].up": true]),
            row("two paths, one missed", ["$.ok": true, "$.n": 41]),
            row("degrades", ["$.n": ["equals": 41, "severity": "degrade"]], .degraded(.bodyMismatch, 200)),
        ])
    }

    @Test("what is no JSON, or too deep, is a mismatch that says where")
    func notJSON() async throws {
        let html = try LoopbackServer(.http(body: "<html>sorry</html>"))
        let empty = try LoopbackServer(.http(body: ""))
        let cut = try LoopbackServer(.http(body: #"{"ok":true"#))
        let deep = try LoopbackServer(.http(body: String(repeating: "[", count: 600)))
        let rows = [html, empty, cut, deep].map { server in
            ContractRow(
                "not JSON", "http", .text("http://\(server.hostAndPort)/"),
                expect: ["body": ["json": ["$.ok": true]]], is: .failed(.bodyMismatch, 200))
        }
        let asking = try Asking(rows)
        defer { asking.reactor.stop() }
        let samples = await asking.all().map(\.sample)
        #expect(samples.map { Seen($0) } == rows.map(\.expected))
        #expect(
            samples.map { $0.findings?.detail ?? "" }
                == [
                    "not JSON: something that is no value at byte 1", "not JSON: nothing at byte 1",
                    "not JSON: something else where a comma or the end should be at byte 11",
                    "JSON nested more than 512 levels deep",
                ].map { "not met: body json $.ok equals true, saw \($0)" })
    }

    @Test("a pattern that makes others backtrack for ever, and 32 patterns over 10 MiB, end within the deadline")
    func patterns() async throws {
        let evil = try LoopbackServer(.http(body: String(repeating: "a", count: 50_000) + "!"))
        let large = try LoopbackServer(.http(body: String(repeating: "0123456789abcdef", count: (10 << 20) / 16 - 1)))
        let patterns = SettingLiteral.list((0..<32).map { .text("a{1,3}b+c[d-e]*\($0)x") })
        let hits = SettingLiteral.list((0..<32).map { .text("cdef0123.{\($0)}") })
        try await expectContract([
            ContractRow(
                "^(a+)+$", "http", .text("http://\(evil.hostAndPort)/"), expect: ["body": ["matches": "^(a+)+$"]],
                timeoutMs: 2000, is: .failed(.bodyMismatch, 200)),
            ContractRow(
                "32 patterns that miss", "http", .text("http://\(large.hostAndPort)/"),
                expect: ["body": ["matches": patterns]], timeoutMs: 20_000, is: .failed(.bodyMismatch, 200)),
            ContractRow(
                "32 patterns that hit", "http", .text("http://\(large.hostAndPort)/"),
                expect: ["body": ["matches": hits]], timeoutMs: 20_000, is: .up(200)),
        ])
    }

    @Test("cut in two at any byte, a body gives the answers of the whole")
    func everyCut() throws {
        let body = Array("é pong [1] ☺ err".utf8) + [0xff, 0xfe] + Array("or end".utf8)
        var rules = BodyRules()
        rules.contains = ["pong", "☺", "é"].map { BodyText(bytes: Array($0.utf8), shown: $0) }
        rules.notContains = ["error", "pongo"].map { BodyText(bytes: Array($0.utf8), shown: $0) }
        rules.matches = try ["^é", "\\[1\\] .", "end$", "(?i)PONG"].map { try Pattern(SettingText($0)) }
        let scanner = BodyScanner()
        for cut in 0...body.count {
            scanner.begin(rules)
            for piece in [body[..<cut], body[cut...]] where !piece.isEmpty {
                #expect(scanner.add(piece.map { CChar(bitPattern: $0) }, piece.count))
            }
            var outcome = Outcome()
            scanner.end(&outcome)
            #expect(outcome.unmet == nil, "cut at \(cut): \(scanner.answers.filter { !$0.isMet })")
            scanner.clear()
        }
    }

    @Test("a JSON body that comes byte by byte is read as one")
    func pieces() throws {
        var mistakes = Mistakes()
        let json: SettingLiteral = ["$.nodes[*].id": ["count": 2], "$.ok": true]
        var rules = BodyRules()
        rules.json = JSONRule.decode(json.setting(path: "json"), of: "body", .fail, &mistakes)
        #expect(mistakes.isEmpty)
        let scanner = BodyScanner()
        scanner.begin(rules)
        for byte in Self.body.utf8 {
            _ = scanner.add([CChar(bitPattern: byte)], 1)
            #expect(!scanner.hasSeenEnough)
        }
        var outcome = Outcome()
        scanner.end(&outcome)
        #expect(outcome.unmet == nil)
        #expect(scanner.answers.map(\.seen) == ["2", "true"])
    }
}
