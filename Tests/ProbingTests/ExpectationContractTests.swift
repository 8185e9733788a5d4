import Loopback
import Support
import Testing
import Vocabulary

/// What a check expects beside a status and a body, asked of real servers.
@Suite(.timeLimit(.minutes(1))) struct ExpectationContractTests {
    private func nginx() throws -> Nginx {
        try Nginx([
            .init(
                "web",
                """
                location / {
                    default_type "application/json; charset=utf-8";
                    add_header X-Node seven;
                    add_header X-Part one;
                    add_header X-Part two;
                    return 200 "pong";
                }
                location /missing { return 404; }
                location /away { return 503; }
                """)
        ])
    }

    @Test("header fields are asked by name in any case: whole, in parts, by pattern, or for being there at all")
    func headers() async throws {
        let nginx = try nginx()
        let url: SettingLiteral = .text("http://127.0.0.1:\(nginx.port("web"))/")
        func row(_ name: String, _ headers: SettingLiteral, _ seen: Seen = .failed(.headerMismatch, 200)) -> ContractRow
        {
            ContractRow(name, "http", url, expect: ["headers": headers], is: seen)
        }
        try await expectContract([
            row("a bare text is the whole value", ["x-node": "seven"], .up(200)),
            row("a bare text is not a part", ["x-node": "seve"]),
            row("letters of a value count", ["x-node": "Seven"]),
            row("letters of a name do not", ["X-NODE": "seven"], .up(200)),
            row("a list of which one is enough", ["x-node": ["six", "seven"]], .up(200)),
            row("a list of which none is there", ["x-node": ["five", "six"]]),
            row("equals, written out", ["x-node": ["equals": "seven"]], .up(200)),
            row("contains", ["content-type": ["contains": "json"]], .up(200)),
            row("contains what is not there", ["content-type": ["contains": "xml"]]),
            row("contains both", ["content-type": ["contains": ["json", "utf-8"]]], .up(200)),
            row("contains only one of two", ["content-type": ["contains": ["json", "latin1"]]]),
            row("not_contains", ["content-type": ["not_contains": "html"]], .up(200)),
            row("not_contains what is there", ["content-type": ["not_contains": "json"]]),
            row("not_contains of a field that never came", ["x-none": ["not_contains": "x"]], .up(200)),
            row("matches", ["content-type": ["matches": "^application/.*json"]], .up(200)),
            row("matches not", ["content-type": ["matches": "^text/"]]),
            row("matches of a field that never came", ["x-none": ["matches": ".*"]]),
            row("the second field of a name", ["x-part": "two"], .up(200)),
            row("what must not be there is in the second field", ["x-part": ["not_contains": "wo"]]),
            row("a field that must be there", ["x-node": ["present": true]], .up(200)),
            row("a field that must be there, and is not", ["x-none": ["present": true]]),
            row("a field that must not be there", ["x-powered-by": ["present": false]], .up(200)),
            row("a field that must not be there, and is", ["x-node": ["present": false]]),
            row(
                "a miss that degrades", ["x-node": ["equals": "six", "severity": "degrade"]],
                .degraded(.headerMismatch, 200)),
            row(
                "a miss that only warns", ["x-node": ["equals": "six", "severity": "warn"]],
                Seen(.headerMismatch, .warn, 200)),
            row(
                "of two misses the heavier one",
                [
                    "x-node": ["equals": "six", "severity": "warn"], "x-part": ["equals": "three", "severity": "fail"],
                ]),
        ])
    }

    @Test("a field behind 100 KiB of others is found, and one of a trailer is none")
    func farField() async throws {
        let fields = (0..<100).map { "X-Filler-\($0): " + String(repeating: "x", count: 1000) }
        let long = try LoopbackServer(.http(headers: fields + ["X-Last: here"]))
        let trailer = try LoopbackServer(.trailer)
        try await expectContract([
            ContractRow(
                "behind 100 KiB", "http", ["url": "http://\(long.hostAndPort)/"],
                expect: ["headers": ["x-last": "here"]], is: .up(200)),
            ContractRow(
                "an interim answer's field", "http", ["url": "http://\(trailer.hostAndPort)/"],
                expect: ["headers": ["content-type": ["present": false]]], is: .up(200)),
        ])
    }

    @Test("versions of HTTP are held against those that are fine")
    func httpVersion() async throws {
        let nginx = try nginx()
        let url: SettingLiteral = .text("http://127.0.0.1:\(nginx.port("web"))/")
        func row(_ name: String, _ versions: SettingLiteral, _ seen: Seen) -> ContractRow {
            ContractRow(name, "http", url, expect: ["http_version": versions], is: seen)
        }
        try await expectContract([
            row("1.1", "1.1", .up(200)),
            row("one of two", ["1.1", "2"], .up(200)),
            row("another one", "2", .failed(.httpVersionMismatch, 200)),
            row("an older one", ["1.0"], .failed(.httpVersionMismatch, 200)),
            row(
                "another one, degrading", ["in": "2", "severity": "degrade"], .degraded(.httpVersionMismatch, 200)),
        ])
    }

    @Test("a leg over its limit degrades, or weighs what it is told to")
    func legs() async throws {
        let nginx = try nginx()
        let slow = try LoopbackServer(.drippingHeader(everyMs: 3))
        let web: SettingLiteral = .text("http://127.0.0.1:\(nginx.port("web"))/")
        let dripping: SettingLiteral = .text("http://\(slow.hostAndPort)/")
        func row(_ name: String, _ url: SettingLiteral, _ legs: SettingLiteral, _ seen: Seen) -> ContractRow {
            ContractRow(name, "http", url, expect: ["legs": legs], timeoutMs: 10_000, is: seen)
        }
        try await expectContract([
            row("all within", web, ["connect": ["under": "5s"], "wait": ["under": "5s"]], .up(200)),
            row("a leg that there was not", web, ["resolve": ["under": "1ms"]], .up(200)),
            row("transfer over", dripping, ["transfer": ["under": "1ms"]], .degraded(.legOver, 200)),
            row(
                "transfer over, failing", dripping, ["transfer": ["under": "1ms", "severity": "fail"]],
                .failed(.legOver, 200)),
            row(
                "transfer over, warning", dripping, ["transfer": ["under": "1ms", "severity": "warn"]],
                Seen(.legOver, .warn, 200)),
            row("connect within, whatever transfer takes", dripping, ["connect": ["under": "5s"]], .up(200)),
        ])
    }

    @Test("versions of TLS are held against those that are fine, by both kinds that speak it")
    func tlsVersion() async throws {
        let made = try Certificates()
        let server = try LoopbackServer(.http(), identity: made.good(), versions: .only13)
        func rows(_ name: String, _ tls: SettingLiteral, _ cause: Cause, _ unmet: Severity?) -> [ContractRow] {
            CertificateContractTests.both(
                name, server, tls: made.tls, expect: ["tls": tls], cause: cause, unmet, httpStatus: 200)
        }
        try await expectContract(
            rows("exact", ["version": "1.3"], .ok, nil) + rows("in a list", ["version": ["1.2", "1.3"]], .ok, nil)
                + rows("another", ["version": "1.2"], .tlsVersionMismatch, .fail)
                + rows(
                    "another, degrading", ["version": "1.2", "severity": "degrade"], .tlsVersionMismatch, .degrade))
    }

    @Test("the address that answered is held against the networks it must be of")
    func address() async throws {
        let server = try LoopbackServer(.http(), address: "127.0.0.3")
        func rows(_ name: String, _ ranges: SettingLiteral, _ cause: Cause, _ unmet: Severity?) -> [ContractRow] {
            let expect: SettingLiteral = ["remote_address": ranges]
            return [
                ContractRow(
                    "\(name) (http)", "http", ["url": "http://\(server.hostAndPort)/"], expect: expect,
                    is: Seen(cause, unmet, 200)),
                ContractRow(
                    "\(name) (tcp)", "tcp", .text(server.hostAndPort), expect: expect, is: Seen(cause, unmet)),
            ]
        }
        try await expectContract(
            rows("inside", ["in": "127.0.0.0/8"], .ok, nil) + rows("itself", ["in": "127.0.0.3"], .ok, nil)
                + rows("inside one of two", ["in": ["10.0.0.0/8", "127.0.0.2/31"]], .ok, nil)
                + rows("outside", ["in": ["10.0.0.0/8", "::1"]], .addressMismatch, .fail)
                + rows("outside by one", ["in": "127.0.0.0/31"], .addressMismatch, .fail)
                + rows("outside, warning", ["in": "10.0.0.0/8", "severity": "warn"], .addressMismatch, .warn))
    }

    @Test("a probe that must fail in some way is up when it does, and a mismatch when it does not")
    func causes() async throws {
        let nginx = try nginx()
        let refusing = try LoopbackServer(.refuse)
        let silent = try LoopbackServer(.silent)
        let open = try LoopbackServer(.banner("220 hello\r\n"))
        let web = "http://127.0.0.1:\(nginx.port("web"))"
        func http(_ name: String, _ path: String, _ causes: SettingLiteral, _ seen: Seen) -> ContractRow {
            ContractRow(name, "http", .text(web + path), expect: ["cause": causes], is: seen)
        }
        func tcp(_ name: String, _ server: LoopbackServer, _ causes: SettingLiteral, _ seen: Seen) -> ContractRow {
            ContractRow(name, "tcp", .text(server.hostAndPort), expect: ["cause": causes], is: seen)
        }
        try await expectContract([
            tcp("refused", refusing, "refused", .up),
            tcp("refused, one of two", refusing, ["timeout-connect", "refused"], .up),
            tcp("refused where a timeout is expected", refusing, ["timeout-connect"], .failed(.causeMismatch)),
            tcp("open where it must be closed", open, ["refused"], .failed(.causeMismatch)),
            tcp(
                "open where it must be closed, degrading", open, ["in": "refused", "severity": "degrade"],
                .degraded(.causeMismatch)),
            http("404 by its class", "/missing", "status-4xx", .up(404)),
            http("503 where 4xx is expected", "/away", "status-4xx", .failed(.causeMismatch, 503)),
            http("200 where 4xx is expected", "/", "status-4xx", .failed(.causeMismatch, 200)),
            ContractRow(
                "a timeout that is expected", "http", .text("http://\(silent.hostAndPort)/"),
                expect: ["cause": "timeout-wait"], timeoutMs: 100, is: .up),
            ContractRow(
                "a body that must not be right", "http", .text(web + "/"),
                expect: ["body": ["contains": "ping"], "cause": "body-mismatch"], is: .up(200)),
            ContractRow(
                "our own fault stays unknown", "tcp", .text(refusing.hostAndPort), expect: ["cause": "refused"],
                source: "192.0.2.77", is: .failed(.sourceUnavailable)),
        ])
    }

    @Test("a status that is not fine weighs what it is told to")
    func statusSeverity() async throws {
        let nginx = try nginx()
        let url: SettingLiteral = .text("http://127.0.0.1:\(nginx.port("web"))/missing")
        func row(_ name: String, _ status: SettingLiteral, _ seen: Seen) -> ContractRow {
            ContractRow(name, "http", url, expect: ["status": status], is: seen)
        }
        try await expectContract([
            row("fine, in the long form", ["in": ["200-299", "404"]], .up(404)),
            row("degrades", ["in": "200", "severity": "degrade"], .degraded(.status404, 404)),
            row("warns", ["in": "200", "severity": "warn"], Seen(.status404, .warn, 404)),
        ])
    }

    @Test("a miss is told with what was expected and what was seen, and every expectation with its answer")
    func findings() async throws {
        let nginx = try nginx()
        let web = "http://127.0.0.1:\(nginx.port("web"))/"
        let open = try LoopbackServer(.banner("220 hello\r\n"))
        let asking = try Asking(
            [
                ContractRow(
                    "header", "http", .text(web),
                    expect: [
                        "headers": ["x-node": ["equals": "six"], "x-none": ["present": false]], "http_version": "1.1",
                        "remote_address": ["in": "127.0.0.0/8"],
                    ], is: .up),
                ContractRow("cause", "tcp", .text(open.hostAndPort), expect: ["cause": "refused"], is: .up),
                ContractRow("gone", "http", .text(web + "missing"), expect: ["cause": "status-4xx"], is: .up),
            ], collectsFindings: true)
        defer { asking.reactor.stop() }
        let found = await asking.all().compactMap(\.sample.findings)
        #expect(
            found.map(\.detail) == [
                "not met: headers x-node equals \"six\", saw seven", "expected refused, got ok",
                "status 404, expected 200-299, as expected",
            ])
        #expect(
            found[0].answers.map { "\($0.isMet ? "✓" : "✗") \($0.name): \($0.seen)" } == [
                "✓ status 200-299: 200", "✗ headers x-node equals \"six\": seven",
                "✓ headers x-none present false: no such field", "✓ http_version 1.1: 1.1",
                "✓ remote_address in 127.0.0.0/8: 127.0.0.1",
            ])
        #expect(found[1].answers.map(\.name) == ["cause refused"])
    }
}
