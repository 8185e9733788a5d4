import Testing
import Vocabulary

/// Expectations that cannot be, and the exact words that say so.
@Suite struct ExpectationRefusalTests {
    private static let url = "https://a.test/"

    private static func row(
        _ name: String, _ expect: SettingLiteral, kind: String = "http", at settings: SettingLiteral? = nil,
        _ mistakes: [String]
    ) -> RefusalTests.Row {
        RefusalTests.Row(name, kind, settings ?? .text(url), expect: expect, mistakes)
    }

    static let rows = [
        row(
            "a certificate of plain http", ["certificate": ["days_left": 14]], at: "http://a.test/",
            [
                "2:3: \"certificate\" in expect of http check \"shop\" needs TLS, which this check does not speak; "
                    + "ask by https:// or tls, or take it out"
            ]),
        row(
            "a TLS version of plain http", ["tls": ["version": "1.3"]], at: ["url": "http://a.test/"],
            [
                "2:3: \"tls\" in expect of http check \"shop\" needs TLS, which this check does not speak; "
                    + "ask by https:// or tls, or take it out"
            ]),
        row(
            "a certificate of plain tcp", ["certificate": ["days_left": 14]], kind: "tcp", at: "a.test:25",
            [
                "2:3: \"certificate\" in expect of tcp check \"shop\" needs TLS, which this check does not speak; "
                    + "ask by https:// or tls, or take it out"
            ]),
        row(
            "a handshake's limit on plain tcp", ["legs": ["handshake": ["under": "1s"]]], kind: "tcp", at: "a.test:25",
            [
                "2:3: \"legs\" in expect of tcp check \"shop\" needs TLS, which this check does not speak; "
                    + "ask by https:// or tls, or take it out"
            ]),
        row(
            "headers of tcp", ["headers": ["x": "y"]], kind: "tcp", at: "a.test:25",
            [
                "2:3: tcp cannot check \"headers\"; it can check total, legs, certificate, tls, remote_address, cause"
            ]),
        row(
            "headers that are a text", ["headers": "json"],
            [
                "2:3: headers of expect of http check \"shop\" must be a map of header fields, such as "
                    + "{content-type: {matches: json}}"
            ]),
        row(
            "a name that is no field", ["headers": ["content type": "json"]],
            ["3:5: \"content type\" in headers of expect of http check \"shop\" is not a header field"]),
        row(
            "a rule that nobody knows", ["headers": ["content-type": ["match": "json"]]],
            [
                "4:7: unknown key \"match\" in \"content-type\" in headers of expect of http check \"shop\"; "
                    + "did you mean \"matches\"?"
            ]),
        row(
            "a field with no question", ["headers": ["content-type": ["severity": "warn"]]],
            [
                "3:5: \"content-type\" in headers of expect of http check \"shop\" asks for nothing; say so with "
                    + "{present: true} or {content-type: {matches: json}}"
            ]),
        row(
            "absent, and with a value", ["headers": ["server": ["contains": "nginx", "present": false]]],
            [
                "5:7: \"server\" in headers of expect of http check \"shop\" cannot be absent and hold a value; "
                    + "keep one"
            ]),
        row(
            "a header pattern that does not compile", ["headers": ["server": ["matches": "[a"]]],
            ["4:7: the regular expression \"[a\" does not compile: missing ]: [a"]),
        row(
            "an HTTP version that is none", ["http_version": ["1.1", "3"]],
            ["4:5: http_version of expect of http check \"shop\" must be of 1.0, 1.1, 2, not \"3\""]),
        row(
            "a TLS version that is none", ["tls": ["version": "TLSv1.3"]],
            [
                "3:5: version in tls of expect of http check \"shop\" must be of 1.0, 1.1, 1.2, 1.3, not \"TLSv1.3\""
            ]),
        row(
            "no TLS version", ["tls": ["severity": "warn"]],
            ["2:3: tls of expect of http check \"shop\" needs \"version\", such as {version: 1.3}"]),
        row(
            "a leg that there is not", ["legs": ["conect": ["under": "1s"]]],
            ["3:5: unknown key \"conect\" in legs of expect of http check \"shop\"; did you mean \"connect\"?"]),
        row(
            "a leg without a limit", ["legs": ["connect": ["severity": "fail"]]],
            ["3:5: connect in legs of expect of http check \"shop\" needs \"under\", such as {under: 800ms}"]),
        row(
            "an address range that is none", ["remote_address": ["in": "10.0.0.0/33"]],
            [
                "3:5: an address range in checks[0].expect.remote_address.in must be such as 10.0.0.0/8 or "
                    + "2001:db8::/32, not \"10.0.0.0/33\""
            ]),
        row(
            "no address range", ["remote_address": ["severity": "warn"]],
            ["2:3: remote_address of expect of http check \"shop\" needs \"in\", such as {in: 192.0.2.0/24}"]),
        row(
            "a cause that nobody knows", ["cause": ["refusd"]],
            ["3:5: unknown cause \"refusd\" in expect of http check \"shop\"; did you mean \"refused\"?"]),
        row(
            "our own fault", ["cause": "no-descriptors"],
            [
                "2:3: cause \"no-descriptors\" in expect of http check \"shop\" is our own fault, never the target's; "
                    + "take it out"
            ]),
        row(
            "no failure", ["cause": "ok"],
            ["2:3: cause \"ok\" in expect of http check \"shop\" is no way to fail; take it out"]),
        row(
            "no cause", ["cause": []],
            ["2:3: cause of expect of http check \"shop\" must name at least one cause"]),
        row(
            "statuses without their key", ["status": ["severity": "warn"]],
            [
                "2:3: status of expect of http check \"shop\" needs \"in\", such as {in: [200-299, 304]}",
                "2:3: status must name at least one code",
            ]),
        row(
            "a JSON path that is none", ["body": ["json": ["$.a[": true]]],
            [
                "4:7: \"$.a[\" in json of body of expect of http check \"shop\" is no JSON path: a selector must stand "
                    + "here: a name in quotation marks, an index, *, at character 5"
            ]),
        row(
            "a JSON path that is not well-typed", ["body": ["json": ["$[?length(@.*) > 1]": true]]],
            [
                "4:7: \"$[?length(@.*) > 1]\" in json of body of expect of http check \"shop\" is no JSON path: a path "
                    + "that may select several values cannot be compared or measured, at character 11"
            ]),
        row(
            "a JSON limit that is no number", ["body": ["json": ["$.n": ["over": "many"]]]],
            [
                "5:9: over of \"$.n\" in json of body of expect of http check \"shop\" must be a number, not \"many\""
            ]),
        row(
            "a JSON path without a question", ["body": ["json": ["$.n": ["severity": "warn"]]]],
            [
                "4:7: \"$.n\" in json of body of expect of http check \"shop\" asks for nothing; say so with a value "
                    + "or {exists: true}"
            ]),
        row(
            "no JSON path", ["body": ["json": "$.a"]],
            [
                "3:5: json of body of expect of http check \"shop\" must be a map of JSON paths, such as {\"$.ok\": true}"
            ]),
        row(
            "a count that cannot be", ["body": ["json": ["$.n[*]": ["count": ["over": 5, "under": 6]]]]],
            [
                "5:9: count of \"$.n[*]\" in json of body of expect of http check \"shop\" must be a number, {over: n} "
                    + "or {under: n}"
            ]),
    ]

    @Test("an expectation that cannot be is named by its place and in exact words", arguments: rows)
    func refused(row: RefusalTests.Row) {
        #expect(Candidate.mistakes(of: [row.candidate]) == [row.mistakes])
    }
}
