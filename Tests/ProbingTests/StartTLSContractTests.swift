import Loopback
import Support
import Testing
import Vocabulary

/// Dialogues that lead to TLS, with Debian's servers and with servers that do it wrong.
@Suite(.timeLimit(.minutes(2))) struct StartTLSContractTests {
    private func row(
        _ name: String, _ address: String, _ starttls: SettingLiteral, tls: SettingLiteral? = nil,
        serverName: SettingLiteral? = nil, timeoutMs: Int64 = 10_000, is seen: Seen
    ) -> ContractRow {
        var settings: [(key: String, value: SettingLiteral)] = [
            (key: "address", value: .text(address)), (key: "starttls", value: starttls),
        ]
        if let tls { settings.append((key: "tls", value: tls)) }
        if let serverName { settings.append((key: "server_name", value: serverName)) }
        return ContractRow(name, "tls", .map(settings), timeoutMs: timeoutMs, is: seen)
    }

    @Test("Debian's servers are led to TLS, and their certificates are looked at")
    func realServers() async throws {
        let made = try Certificates()
        // MariaDB and vsftpd show one certificate only.
        let identity = try made.root.issue(host: "127.0.0.1", valid: Certificates.days(from: -1, to: 90))
        let named = try made.root.issue(host: "localhost", valid: Certificates.days(from: -1, to: 90))
        let servers = try RealServers(identity)
        let chat = try RealServers(named).xmpp()
        let smtp = try servers.smtp()
        let (imap, popPort) = try servers.dovecot()
        let ftp = try servers.ftp()
        let postgres = try servers.postgres()
        let plainPostgres = try servers.postgres(hasTLS: false)
        let ldap = try servers.ldap()
        let plainLDAP = try servers.ldap(hasTLS: false)
        let mariadb = try servers.mariadb()
        let redis = try servers.redis()
        let tls = made.tls
        let pop = "127.0.0.1:\(popPort)"
        try await expectContract([
            row("aiosmtpd", smtp.address, "smtp", tls: tls, is: .up),
            row("dovecot, IMAP", imap.address, "imap", tls: tls, is: .up),
            row("dovecot, POP3", pop, "pop3", tls: tls, is: .up),
            row("vsftpd", ftp.address, "ftp", tls: tls, is: .up),
            row("PostgreSQL", postgres.address, "postgres", tls: tls, is: .up),
            row("slapd", ldap.address, "ldap", tls: tls, is: .up),
            row("prosody", chat.address, "xmpp", tls: tls, serverName: "localhost", is: .up),
            row("MariaDB", mariadb.address, "mysql", tls: tls, is: .up),
            row("aiosmtpd, by the system's certificates", smtp.address, "smtp", is: .failed(.certificateUntrusted)),
            row("MariaDB, by the system's", mariadb.address, "mysql", is: .failed(.certificateUntrusted)),
            row(
                "another name", imap.address, "imap", tls: tls, serverName: "mail.test",
                is: .failed(.certificateWrongHost)),
            row("PostgreSQL without TLS", plainPostgres.address, "postgres", tls: tls, is: .failed(.starttlsRefused)),
            row("slapd without TLS", plainLDAP.address, "ldap", tls: tls, is: .failed(.starttlsRefused)),
            row(
                "prosody does not serve the domain", chat.address, "xmpp", tls: tls, serverName: "elsewhere.test",
                is: .failed(.starttlsRefused)),
            row("smtp asked of IMAP", imap.address, "smtp", tls: tls, is: .failed(.starttlsProtocol)),
            row("imap asked of SMTP", smtp.address, "imap", tls: tls, is: .failed(.starttlsProtocol)),
            row("mysql asked of FTP", ftp.address, "mysql", tls: tls, is: .failed(.starttlsProtocol)),
            row(
                "postgres asked of redis", redis.address, "postgres", tls: tls, timeoutMs: 500,
                is: .failed(.timeoutHandshake)),
        ])
    }

    @Test("a target that gets the dialogue wrong is told by its cause, in time")
    func misbehaviour() async throws {
        var servers: [LoopbackServer] = []
        func serve(_ acts: [Behaviour.Act]) throws -> String {
            let server = try LoopbackServer(.script(acts))
            servers.append(server)
            return server.hostAndPort
        }
        func misbehaves(
            _ name: String, _ starttls: SettingLiteral, _ acts: [Behaviour.Act], timeoutMs: Int64 = 5000,
            is cause: Cause, alert: UInt16 = 0
        ) throws -> ContractRow {
            row(name, try serve(acts), starttls, timeoutMs: timeoutMs, is: Seen(cause, .fail, alert))
        }
        let hello: [Behaviour.Act] = [.say("220 a\r\n"), .hear("\r\n"), .say("250 STARTTLS\r\n"), .hear("\r\n")]
        let full = String(repeating: "220-" + String(repeating: "x", count: 506) + "\r\n", count: 128)
        let rows = [
            try misbehaves("refuses", "smtp", [.say("554 no\r\n")], is: .starttlsRefused),
            try misbehaves("changes its mind", "smtp", hello + [.say("454 later\r\n")], is: .starttlsRefused),
            try misbehaves("says nothing", "smtp", [], timeoutMs: 300, is: .timeoutHandshake),
            try misbehaves("says nothing more", "smtp", [.say("220 a\r\n")], timeoutMs: 300, is: .timeoutHandshake),
            try misbehaves("half a line", "pop3", [.say("+OK")], timeoutMs: 300, is: .timeoutHandshake),
            try misbehaves(
                "drips", "ftp",
                [.say("2"), .pause(ms: 20), .say("20 a\r"), .pause(ms: 20), .say("\n"), .hear("\r\n")]
                    + [.say("530 no\r\n")], is: .starttlsRefused),
            try misbehaves("closes", "imap", [.end], is: .closedEarly),
            try misbehaves("closes when asked", "imap", [.say("* OK\r\n"), .hear("\r\n"), .end], is: .closedEarly),
            try misbehaves("resets", "imap", [.reset], is: .reset),
            try misbehaves("resets when asked", "pop3", [.say("+OK\r\n"), .hear("\r\n"), .reset], is: .reset),
            try misbehaves("garbage", "smtp", [.sayBytes([0xff, 0xfe, 10])], is: .starttlsProtocol),
            try misbehaves("garbage, ldap", "ldap", [.sayBytes([0xff, 0xfe, 10])], is: .starttlsProtocol),
            try misbehaves("an endless line", "smtp", [.repeatEndlessly("x")], is: .starttlsProtocol),
            try misbehaves("an endless greeting", "smtp", [.repeatEndlessly("220-more\r\n")], is: .starttlsProtocol),
            try misbehaves("endless untagged lines", "imap", [.repeatEndlessly("* OK\r\n")], is: .starttlsInjection),
            try misbehaves("endless features", "xmpp", [.repeatEndlessly("<a/>")], is: .starttlsProtocol),
            try misbehaves("64 KiB", "smtp", [.say(full)], timeoutMs: 500, is: .timeoutHandshake),
            try misbehaves("64 KiB and a byte", "smtp", [.say(full + "2")], is: .starttlsProtocol),
            try misbehaves(
                "more after the go-ahead", "smtp", hello + [.say("220 go\r\n250 injected\r\n")], is: .starttlsInjection),
            try misbehaves(
                "the go-ahead before the question", "smtp",
                [.say("220 a\r\n"), .hear("\r\n"), .say("250 STARTTLS\r\n220 go\r\n")], is: .starttlsInjection),
            try misbehaves(
                "more after the go-ahead, imap", "imap",
                [.say("* OK\r\n"), .hear("\r\n"), .say("a OK\r\n* CAPABILITY\r\n")], is: .starttlsInjection),
            try misbehaves(
                "more after the go-ahead, postgres", "postgres", [.hearBytes(8), .say("SSS")], is: .starttlsInjection),
            try misbehaves(
                "more a little later", "smtp", hello + [.say("220 go\r\n"), .pause(ms: 50), .say("250 injected\r\n")],
                is: .tlsProtocol),
            try misbehaves(
                "an alert after the go-ahead", "postgres",
                [.hearBytes(8), .say("S"), .hearBytes(20), .sayBytes([21, 3, 3, 0, 2, 2, 80])],
                is: .tlsAlertInternalError, alert: 80),
            try misbehaves(
                "no TLS after the go-ahead", "pop3", [.say("+OK\r\n"), .hear("\r\n"), .say("+OK\r\n")], timeoutMs: 300,
                is: .timeoutHandshake),
            try misbehaves(
                "closes after the go-ahead", "pop3", [.say("+OK\r\n"), .hear("\r\n"), .say("+OK\r\n"), .end],
                is: .closedEarly),
        ]
        // Apart from those that keep the reactor busy.
        let keepTime: Set<Cause> = [.timeoutHandshake, .tlsProtocol]
        try await expectContract(rows.filter { keepTime.contains($0.expected.cause) })
        try await expectContract(rows.filter { !keepTime.contains($0.expected.cause) })
        for server in servers { server.stop() }
    }

    @Test("what the target said stands in the words, escaped by whoever prints it")
    func words() async throws {
        let server = try LoopbackServer(.script([.say("554 go away \u{1b}[31m\r\n")]))
        let asking = try Asking([row("refuses", server.hostAndPort, "smtp", is: .failed(.starttlsRefused))])
        defer { asking.reactor.stop() }
        let sample = try #require(await asking.all().first).sample
        #expect(sample.findings?.detail == "the target refused to begin TLS: 554 go away \u{1b}[31m")
    }
}
