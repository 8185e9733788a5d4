import Loopback
import Support
import Testing
import Vocabulary

/// Dialogues of `tcp`, plain and through TLS, with Debian's servers and with servers that misbehave at each point.
@Suite(.timeLimit(.minutes(2))) struct DialogueContractTests {
    private func row(
        _ name: String, _ address: String, steps: [SettingLiteral], tls: SettingLiteral? = nil,
        expect: SettingLiteral? = nil, timeoutMs: Int64 = 10_000, is seen: Seen
    ) -> ContractRow {
        row(name, address, [("steps", .list(steps))], tls: tls, expect: expect, timeoutMs: timeoutMs, is: seen)
    }

    private func row(
        _ name: String, _ address: String, _ more: [(String, SettingLiteral)], tls: SettingLiteral? = nil,
        expect: SettingLiteral? = nil, timeoutMs: Int64 = 10_000, is seen: Seen
    ) -> ContractRow {
        let block: [(key: String, value: SettingLiteral)] = tls.map { [(key: "tls", value: $0)] } ?? []
        return ContractRow(
            name, "tcp",
            .map([(key: "address", value: .text(address))] + more.map { (key: $0.0, value: $0.1) } + block),
            expect: expect, timeoutMs: timeoutMs, is: seen)
    }

    @Test("whole conversations with SMTP, redis, PostgreSQL and TLS servers")
    func realServers() async throws {
        let made = try Certificates()
        let servers = try RealServers(try made.good())
        let smtp = try servers.smtp()
        let redis = try servers.redis()
        let secureRedis = try servers.redisTLS()
        let secure = try LoopbackServer(.reply("+PONG\r\n"), identity: made.good())
        let greeting = try LoopbackServer(.banner("220 ready\r\n"), identity: made.good())
        let plain = try LoopbackServer(.banner("220 ready\r\n"))
        let expired = try LoopbackServer(.banner("220 ready\r\n"), identity: made.expired())
        let tls = made.tls
        let ehlo: SettingLiteral = ["send": "EHLO probe.test\r\n"]
        let greeted: [SettingLiteral] = [["expect": "^220 "], ehlo, ["expect": "^250 "]]
        let toTLS = greeted + [["send": "STARTTLS\r\n"], ["expect": "^220 .*\\n"], ["starttls": true]]
        let mail: [SettingLiteral] = [
            ["send": "MAIL FROM:<a@probe.test>\r\n"], ["expect": "^250 "], ["send": "RCPT TO:<b@probe.test>\r\n"],
            ["expect": "^250 "], ["send": "DATA\r\n"], ["expect": "^354 "], ["send": "Subject: x\r\n\r\nx\r\n.\r\n"],
            ["expect": "^250 "], ["send": "QUIT\r\n"], ["expect": "^221 "],
        ]
        let ping: [(String, SettingLiteral)] = [("send", "PING\r\n"), ("expect", "^\\+PONG")]
        try await expectContract([
            row("a greeting", smtp.address, steps: [["expect": "^220 "]], is: .up),
            row("a greeting and its capabilities", smtp.address, steps: greeted, is: .up),
            row("a mail", smtp.address, steps: greeted + mail, is: .up),
            row(
                "a mail through STARTTLS", smtp.address, steps: toTLS + [ehlo, ["expect": "^250 "]] + mail, tls: tls,
                is: .up),
            row(
                "STARTTLS, by the system's certificates", smtp.address, steps: toTLS,
                is: .failed(.certificateUntrusted)),
            row(
                "STARTTLS and nothing after it", smtp.address, steps: toTLS, tls: tls,
                expect: ["certificate": ["days_left": 14]], is: .up),
            row(
                "STARTTLS and a certificate that runs out", smtp.address, steps: toTLS, tls: tls,
                expect: ["certificate": ["days_left": 365]], is: .degraded(.certificateExpiring)),
            row(
                "a capability that is gone after STARTTLS", smtp.address,
                steps: toTLS + [ehlo, ["expect": "STARTTLS"]], tls: tls, timeoutMs: 500, is: .failed(.replyMismatch)),
            row(
                "a command that is refused", smtp.address,
                steps: greeted + [["send": "VRFY\r\n"], ["expect": "^250 "]], timeoutMs: 500,
                is: .failed(.replyMismatch)),
            row(
                "redis sets and gets", redis.address,
                steps: [
                    ["send": "SET probe 42\r\n"], ["expect": "^\\+OK"], ["send": "GET probe\r\n"],
                    ["expect": "^42"], ["send": "DEL probe\r\n"], ["expect": "^:1"],
                ], is: .up),
            row("redis, the short way", redis.address, ping, is: .up),
            row("redis through TLS", secureRedis.address, ping, tls: tls, is: .up),
            row(
                "redis through TLS, in steps", secureRedis.address,
                steps: [["send": "SET a 1\r\n"], ["expect": "OK"], ["send": "PING\r\n"], ["expect": "PONG"]], tls: tls,
                is: .up),
            row("TLS, asked of plain", plain.hostAndPort, ping, tls: tls, is: .failed(.tlsProtocol)),
            row("TLS and nothing more", secure.hostAndPort, [], tls: tls, is: .up),
            row("TLS, then a question", secure.hostAndPort, ping, tls: tls, is: .up),
            row("TLS, then a greeting", greeting.hostAndPort, [("expect", "^220 ")], tls: tls, is: .up),
            row(
                "TLS, then another greeting", greeting.hostAndPort, [("expect", "^221 ")], tls: tls, timeoutMs: 300,
                is: .failed(.replyMismatch)),
            row(
                "an expired certificate", expired.hostAndPort, [("expect", "^220 ")], tls: tls,
                is: .failed(.certificateExpired)),
            row(
                "an expired certificate, insecure", expired.hostAndPort, [("expect", "^220 ")],
                tls: ["insecure": true], is: .up),
        ])
    }

    @Test("PostgreSQL asks for a password, or says who may not come")
    func postgres() async throws {
        let made = try Certificates()
        let postgres = try RealServers(try made.good()).postgres()
        // Startup packet: length, protocol 3.0, then user and database; texts hold zero bytes as they are.
        let fields = "user\u{0}nobody\u{0}database\u{0}shop\u{0}\u{0}"
        let startup =
            "\u{0}\u{0}\u{0}" + String(UnicodeScalar(UInt8(8 + fields.utf8.count))) + "\u{0}\u{3}\u{0}\u{0}"
            + fields
        try await expectContract([
            row(
                "no such role", postgres.address,
                steps: [["send": .text(startup)], ["expect": "role .nobody. does not exist"]],
                is: .up),
            row(
                "the short way", postgres.address, [("send", .text(startup)), ("expect", "FATAL")], is: .up),
        ])
    }

    @Test("each step is searched in what came after the step before, and misbehaviour at any point has its cause")
    func steps() async throws {
        var servers: [LoopbackServer] = []
        func serve(
            _ name: String, _ acts: [Behaviour.Act], _ steps: [SettingLiteral], timeoutMs: Int64 = 5000, is seen: Seen
        ) throws -> ContractRow {
            let server = try LoopbackServer(.script(acts))
            servers.append(server)
            return row(name, server.hostAndPort, steps: steps, timeoutMs: timeoutMs, is: seen)
        }
        func expects(_ patterns: String...) -> [SettingLiteral] { patterns.map { ["expect": .text($0)] } }
        func asks(_ question: String, _ answer: String) -> [SettingLiteral] {
            [["send": .text(question)], ["expect": .text(answer)]]
        }
        let most = (0..<32).map { _ in SettingLiteral.map([(key: "expect", value: "x")]) }
        let kilobyte = String(repeating: "-", count: 1024)
        let rows = [
            try serve("two in one piece", [.say("a\nb\n")], expects("^a", "^b"), is: .up),
            try serve("two in two pieces", [.say("a\n"), .pause(ms: 20), .say("b\n")], expects("^a", "^b"), is: .up),
            try serve("byte by byte", "one two".map { .say(String($0)) }, expects("one", "two"), is: .up),
            try serve(
                "the second before the first", [.say("b a ")], expects("a", "b"), timeoutMs: 300,
                is: .failed(.replyMismatch)),
            try serve(
                "one answer serves one step", [.say("a")], expects("a", "a"), timeoutMs: 300,
                is: .failed(.timeoutTransfer)),
            try serve(
                "what came before a question is no answer", [.say("220 OK ready\r\n"), .hear("\n")],
                expects("^220") + asks("NOOP\r\n", "OK"), timeoutMs: 300, is: .failed(.timeoutTransfer)),
            try serve(
                "question and answer", [.hear("\n"), .say("1\n"), .hear("\n"), .say("2\n")],
                asks("a\n", "1") + asks("b\n", "2"), is: .up),
            try serve("only a send", [.hear("\n")], [["send": "bye\n"]], is: .up),
            try serve("a send at the end", [.say("hi"), .hear("\n")], expects("hi") + [["send": "bye\n"]], is: .up),
            try serve("32 steps", [.say(String(repeating: "x", count: 32))], most, is: .up),
            try serve(
                "32 steps and 31 answers", [.say(String(repeating: "x", count: 31)), .end], most,
                is: .failed(.closedEarly)),
            try serve(
                "64 KiB in each step",
                [.say(String(repeating: kilobyte, count: 63) + "a"), .hear("\n")]
                    + [.say(String(repeating: kilobyte, count: 63) + "b")], expects("a") + asks("go\n", "b"), is: .up),
            try serve(
                "a match that ends with the 64th KiB", [.say(String(repeating: "-", count: 65_533) + "end")],
                expects("end"), is: .up),
            try serve(
                "a match that ends a byte later", [.say(String(repeating: "-", count: 65_534) + "end")], expects("end"),
                is: .failed(.replyMismatch)),
            try serve(
                "endless in the first", [.repeatEndlessly("no ")], expects("yes", "x"), is: .failed(.replyMismatch)),
            try serve(
                "endless in the second", [.say("yes"), .repeatEndlessly("no ")], expects("yes", "x"),
                is: .failed(.replyMismatch)),
            try serve("silence", [], expects("a", "b"), timeoutMs: 300, is: .failed(.timeoutWait)),
            try serve("silence later", [.say("a")], expects("a", "b"), timeoutMs: 300, is: .failed(.timeoutTransfer)),
            try serve("closes first", [.end], expects("a", "b"), is: .failed(.closedEarly)),
            try serve("closes in between", [.say("a"), .end], expects("a", "b"), is: .failed(.closedEarly)),
            try serve(
                "closes after something else", [.say("ac"), .end], expects("a", "b"), is: .failed(.replyMismatch)),
            try serve("closes with the last answer", [.say("ab"), .end], expects("a", "b"), is: .up),
            try serve("resets first", [.reset], expects("a", "b"), is: .failed(.reset)),
            try serve(
                "resets when asked", [.say("a"), .hear("\n"), .reset], expects("a") + asks("b\n", "b"),
                is: .failed(.reset)),
            try serve(
                "drips past the deadline", (0..<200).flatMap { _ in [.say("x"), .pause(ms: 10)] }, expects("a", "b"),
                timeoutMs: 300, is: .failed(.replyMismatch)),
            try serve(
                "a pattern that takes others years", [.repeatEndlessly("aaaaaaaaaaaaaaaaaaaaaaaa!")],
                expects("(a*)*b", "x"), is: .failed(.replyMismatch)),
            try serve(
                "more after the go-ahead", [.say("220 go\r\n220 injected\r\n")],
                expects("^220 ") + [["starttls": true]],
                is: .failed(.starttlsInjection)),
            try serve(
                "no TLS after the go-ahead", [.say("220 go\r\n")], expects("^220 ") + [["starttls": true]],
                timeoutMs: 300, is: .failed(.timeoutHandshake)),
            try serve(
                "plain text after the go-ahead", [.say("220 go\r\n"), .hearBytes(20), .say("250 what?\r\n")],
                expects("^220 .*\\n") + [["starttls": true]], is: .failed(.tlsProtocol)),
        ]
        try await expectContract(rows)
        for server in servers { server.stop() }
    }

    @Test("the words say which step it was and what was seen in place of it")
    func words() async throws {
        let server = try LoopbackServer(.script([.say("220 a\r\n"), .hear("\n"), .say("554 never\r\n")]))
        let asking = try Asking([
            row(
                "refused", server.hostAndPort,
                steps: [["expect": "^220 "], ["send": "EHLO x\r\n"], ["expect": "^250 "]], timeoutMs: 300,
                is: .failed(.replyMismatch))
        ])
        defer { asking.reactor.stop() }
        let found = try #require(await asking.all().first?.sample.findings)
        #expect(found.detail == "step 3: the reply does not match \"^250 \": 554 never\r\n")
        #expect(found.evidence?.body == "554 never\r\n")
        #expect(
            found.answers.map { "\($0.name): \($0.isMet) \($0.seen)" } == [
                "step 1 expect \"^220 \": true ", "step 3 expect \"^250 \": false 11 bytes",
            ])
    }
}
