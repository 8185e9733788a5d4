import Foundation
import Loopback
import Support
import Testing
import Vocabulary

/// What a `tls:` block asks of a handshake, the same for `tls` and `https`, against OpenSSL's own server.
@Suite(.timeLimit(.minutes(1))) struct TLSContractTests {
    /// A `tls` row and an `https` row, which must tell the same cause.
    private func both(
        _ name: String, _ address: String, _ tls: [(String, SettingLiteral)], cause: Cause = .ok, alert: UInt16 = 0,
        timeoutMs: Int64 = 5000
    ) -> [ContractRow] {
        let block = SettingLiteral.map(tls.map { (key: $0.0, value: $0.1) })
        let unmet: Severity? = cause == .ok ? nil : .fail
        return [
            ContractRow(
                "\(name) (tls)", "tls", ["address": .text(address), "tls": block], timeoutMs: timeoutMs,
                is: Seen(cause, unmet, alert)),
            ContractRow(
                "\(name) (https)", "http", ["url": "https://\(address)/", "tls": block], timeoutMs: timeoutMs,
                is: Seen(cause, unmet, cause == .ok ? 200 : alert)),
        ]
    }

    @Test("client certificates are shown where they are asked for, in TLS 1.2 and 1.3")
    func clientCertificates() async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority)
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server, by: root)
        let middle = try tool.issue("middle", extensions: OpenSSLTool.authority, by: root)
        let known = try tool.issue("known", extensions: "basicConstraints=CA:FALSE", by: middle)
        let stranger = try tool.issue("stranger", extensions: "basicConstraints=CA:FALSE")
        let ca = ("ca", SettingLiteral.text(root.certificate))
        func shows(_ certificate: String, _ key: String) -> [(String, SettingLiteral)] {
            [ca, ("client_cert", .text(certificate)), ("client_key", .text(key))]
        }
        let chain = try tool.bundle([known, middle])
        var rows: [ContractRow] = []
        var servers: [OpenSSLServer] = []
        for (version, missing) in [("-tls1_2", UInt16(40)), ("-tls1_3", 116)] {
            let demanding = try tool.serve(
                leaf, ["-Verify", "3", "-verify_return_error", "-CAfile", root.certificate, version])
            let asking = try tool.serve(leaf, ["-verify", "3", "-CAfile", root.certificate, version])
            servers += [demanding, asking]
            let none: Cause = missing == 40 ? .tlsAlertHandshakeFailure : .tlsAlertCertificateRequired
            rows += both("none is shown \(version)", demanding.hostAndPort, [ca], cause: none, alert: missing)
            rows += both("a good one \(version)", demanding.hostAndPort, shows(chain, known.key))
            rows += both(
                "one without its intermediate \(version)", demanding.hostAndPort,
                shows(known.certificate, known.key), cause: .tlsAlertUnknownCA, alert: 48)
            rows += both(
                "one of a stranger \(version)", demanding.hostAndPort, shows(stranger.certificate, stranger.key),
                cause: .tlsAlertUnknownCA, alert: 48)
            rows += both("none where one is only welcome \(version)", asking.hostAndPort, [ca])
        }
        try await expectContract(rows)
    }

    @Test("cipher suites and versions meet, or the cause says that they do not")
    func ciphers() async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority)
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server, by: root)
        let ca = ("ca", SettingLiteral.text(root.certificate))
        let old = try tool.serve(leaf, ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"])
        let new = try tool.serve(leaf, ["-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"])
        func offering(_ words: SettingLiteral) -> [(String, SettingLiteral)] { [ca, ("ciphers", words)] }
        try await expectContract(
            both("the same suite", old.hostAndPort, offering("ECDHE-ECDSA-AES256-GCM-SHA384"))
                + both("one of several", old.hostAndPort, offering(["AES128-SHA", "ECDHE+AESGCM"]))
                + both(
                    "another suite", old.hostAndPort, offering("ECDHE-ECDSA-AES128-GCM-SHA256"),
                    cause: .tlsAlertHandshakeFailure, alert: 40)
                + both("the same suite of 1.3", new.hostAndPort, offering("TLS_AES_256_GCM_SHA384"))
                + both(
                    "another suite of 1.3", new.hostAndPort, offering("TLS_AES_128_GCM_SHA256"),
                    cause: .tlsAlertHandshakeFailure, alert: 40)
                + both("only older ones named", new.hostAndPort, offering("ECDHE-ECDSA-AES128-GCM-SHA256"))
                + both("only newer ones named", old.hostAndPort, offering("TLS_AES_128_GCM_SHA256"))
                + both(
                    "older ones taken off", old.hostAndPort, offering("ALL:!AESGCM"), cause: .tlsAlertHandshakeFailure,
                    alert: 40)
                + both(
                    "1.2 where 1.3 is the least", old.hostAndPort, [ca, ("min_version", "1.3")], cause: .tlsVersion,
                    alert: 70)
                + both(
                    "1.3 where 1.2 is the most", new.hostAndPort, [ca, ("max_version", "1.2")], cause: .tlsVersion,
                    alert: 70))
    }

    @Test("one of the application protocols offered must be chosen")
    func protocols() async throws {
        let tool = try OpenSSLTool()
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server)
        let ca = ("ca", SettingLiteral.text(leaf.certificate))
        let chooses = try tool.serve(leaf, ["-alpn", "h2,http/1.1"])
        let ignores = try tool.serve(leaf)
        func row(
            _ name: String, _ server: OpenSSLServer, _ alpn: SettingLiteral, is seen: Seen, kind: String = "tls"
        ) -> ContractRow {
            ContractRow(
                name, kind,
                ["address": .text(server.hostAndPort), "tls": .map([(ca.0, ca.1), (key: "alpn", value: alpn)])],
                is: seen)
        }
        try await expectContract([
            row("the one that is served", chooses, "h2", is: .up),
            row("one of several", chooses, ["imap", "http/1.1"], is: .up),
            row("one of several, over tcp", chooses, ["imap", "http/1.1"], is: .up, kind: "tcp"),
            row("none that is served", chooses, ["imap", "pop3"], is: Seen(.tlsALPN, .fail, 120)),
            row("a target that does not choose", ignores, "h2", is: .failed(.tlsALPN)),
            row("a target that does not choose, over tcp", ignores, "h2", is: .failed(.tlsALPN), kind: "tcp"),
        ])
    }

    @Test("a stapled OCSP answer is demanded and must be good")
    func staples() async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority)
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server, by: root)
        let other = try tool.issue("other", extensions: OpenSSLTool.server, by: root)
        let delegate = try tool.issue("delegate", extensions: "extendedKeyUsage=OCSPSigning", by: root)
        let imposter = try tool.issue("imposter", extensions: "extendedKeyUsage=OCSPSigning")
        let undelegated = try tool.issue("undelegated", extensions: "basicConstraints=CA:FALSE", by: root)
        try tool.folder.writeFile("garbage.der", "this is no OCSP answer")
        let block: [(String, SettingLiteral)] = [("ca", .text(root.certificate)), ("ocsp", "stapled")]
        func serve(_ file: String?, _ more: [String] = []) throws -> OpenSSLServer {
            try tool.serve(leaf, (file.map { ["-status_file", $0] } ?? []) + more)
        }
        let good = try tool.answer(about: leaf, by: root, signer: root)
        let long = try tool.answer(about: leaf, by: root, signer: root, [])
        let late = try tool.issue("late", extensions: "extendedKeyUsage=OCSPSigning", by: root, key: ["ed25519"])
        let ended = try tool.datedAnswer(about: leaf, by: root, signer: late, days: -3 ... -1)
        let inTime = try tool.datedAnswer(about: leaf, by: root, signer: late, days: -3...1)
        let servers = [
            ("good", try serve(good), Cause.ok, UInt16(0)),
            ("good, TLS 1.2", try serve(good, ["-tls1_2"]), .ok, 0),
            ("good, of a delegate", try serve(try tool.answer(about: leaf, by: root, signer: delegate)), .ok, 0),
            ("good, without an end", try serve(long), .ok, 0),
            ("none", try serve(nil), .ocspMissing, 0),
            ("none, TLS 1.2", try serve(nil, ["-tls1_2"]), .ocspMissing, 0),
            ("past its end", try serve(ended), .ocspInvalid, 0),
            ("by the same signer in time", try serve(inTime), .ok, 0),
            (
                "of a stranger", try serve(try tool.answer(about: leaf, by: root, signer: imposter)), .ocspInvalid, 0
            ),
            (
                "of one who may not", try serve(try tool.answer(about: leaf, by: root, signer: undelegated)),
                .ocspInvalid, 0
            ),
            (
                "about another certificate", try serve(try tool.answer(about: other, by: root, signer: root)),
                .ocspInvalid, 0
            ),
            (
                "revoked", try serve(try tool.answer(about: leaf, by: root, signer: root, status: "R")),
                .certificateRevoked, 0
            ),
            (
                "unknown to the responder",
                try serve(try tool.answer(about: leaf, by: root, signer: root, status: "unknown")), .ocspInvalid, 0
            ),
        ]
        var rows = servers.flatMap { both($0.0, $0.1.hostAndPort, block, cause: $0.2, alert: $0.3) }
        rows += both("none, and none demanded", servers[4].1.hostAndPort, [("ca", .text(root.certificate))])
        try await expectContract(rows)
    }

    @Test("a chain that is not what it should be is told by its cause, and the words say which certificate and why")
    func chains() async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority)
        func leaf(_ name: String, _ more: String = "", by issuer: OpenSSLTool.Pair? = nil) throws -> OpenSSLTool.Pair {
            try tool.issue(name, extensions: OpenSSLTool.server + "\n" + more, by: issuer ?? root)
        }
        let short = try tool.issue(
            "short", extensions: "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign", by: root)
        let below = try tool.issue("below", extensions: OpenSSLTool.authority, by: short)
        let elsewhere = try tool.issue(
            "elsewhere",
            extensions: OpenSSLTool.authority + "\nnameConstraints=critical,permitted;IP:10.0.0.0/255.0.0.0",
            by: root)
        let noAuthority = try tool.issue("no-authority", extensions: "basicConstraints=critical,CA:FALSE", by: root)
        let rows: [(name: String, server: OpenSSLServer, cause: Cause, words: String)] = [
            (
                "a weak key",
                try tool.serve(
                    try tool.issue("weak-key", extensions: OpenSSLTool.server, by: root, key: ["rsa:1024"]),
                    ["-cipher", "DEFAULT@SECLEVEL=0"]),
                .certificateInvalid, "the certificate is no good: EE certificate key too weak"
            ),
            (
                "a weak signature",
                try tool.serve(
                    try tool.issue("weak-digest", extensions: OpenSSLTool.server, by: root, digest: "sha1"),
                    ["-cipher", "DEFAULT@SECLEVEL=0"]),
                .certificateInvalid, "the certificate is no good: CA signature digest algorithm too weak"
            ),
            (
                "another purpose", try tool.serve(try leaf("client", "extendedKeyUsage=clientAuth")),
                .certificateInvalid, "the certificate is no good: unsuitable certificate purpose"
            ),
            (
                "an extension nobody knows", try tool.serve(try leaf("critical", "1.2.3.4=critical,DER:0500")),
                .certificateInvalid, "the certificate is no good: unhandled critical extension"
            ),
            (
                "a path that is too long", try tool.serve(try leaf("deep", by: below), chain: [below, short]),
                .certificateInvalid,
                "the intermediate certificate \"CN=short\" is no good: path length constraint exceeded"
            ),
            (
                "a name that its authority may not give",
                try tool.serve(try leaf("constrained", by: elsewhere), chain: [elsewhere]), .certificateInvalid,
                "the certificate is no good: permitted subtree violation"
            ),
            (
                "an issuer that is no authority",
                try tool.serve(try leaf("orphan", by: noAuthority), chain: [noAuthority]), .certificateInvalid,
                "the intermediate certificate \"CN=no-authority\" is no good: invalid CA certificate"
            ),
        ]
        let ca = [("ca", SettingLiteral.text(root.certificate))]
        try await expectWords(
            rows.flatMap { row in
                both(row.name, row.server.hostAndPort, ca, cause: row.cause).map { ($0, row.words) }
            })
    }

    @Test("an authority that is out of its time is told apart from a leaf that is")
    func authoritiesOutOfTime() async throws {
        let made = try Certificates()
        let past = Certificates.days(from: -90, to: -1)
        let future = Certificates.days(from: 1, to: 90)
        let now = Certificates.days(from: -1, to: 90)
        let expired = try made.root.intermediate(name: "Expired intermediate", valid: past)
        let early = try made.root.intermediate(name: "Early intermediate", valid: future)
        let oldRoot = try CertificateAuthority(name: "Expired root", folder: made.folder.path, valid: past)
        func serve(_ authority: CertificateAuthority) throws -> LoopbackServer {
            try LoopbackServer(.http(), identity: authority.issue(host: "127.0.0.1", valid: now))
        }
        let servers = [try serve(expired), try serve(early), try serve(oldRoot)]
        let trusted = [("ca", made.ca)]
        let old = [("ca", SettingLiteral.text(oldRoot.certificateFile))]
        func rows(
            _ name: String, _ index: Int, _ tls: [(String, SettingLiteral)], _ cause: Cause, _ words: String
        ) -> [(ContractRow, String)] {
            both(name, servers[index].hostAndPort, tls, cause: cause).map { ($0, words) }
        }
        try await expectWords(
            rows(
                "an expired intermediate", 0, trusted, .certificateExpired,
                "the intermediate certificate \"CN=Expired intermediate\" expired at \(past.end.wholeSecond.rfc3339)")
                + rows(
                    "an intermediate before its time", 1, trusted, .certificateNotYetValid,
                    "the intermediate certificate \"CN=Early intermediate\" is not valid before "
                        + future.start.wholeSecond.rfc3339)
                + rows(
                    "an expired root", 2, old, .certificateExpired,
                    "the root certificate \"CN=Expired root\" expired at \(past.end.wholeSecond.rfc3339)"))
    }

    @Test("a chain may have 14 intermediates and 100 KiB, and not one more")
    func bounds() async throws {
        let made = try Certificates()
        let now = Certificates.days(from: -1, to: 90)
        func below(_ count: Int) throws -> CertificateAuthority {
            try (0..<count).reduce(made.root) { authority, index in
                try authority.intermediate(name: "Below \(index)", valid: now)
            }
        }
        func deep(_ count: Int) throws -> LoopbackServer {
            try LoopbackServer(.http(), identity: below(count).issue(host: "127.0.0.1", valid: now))
        }
        let tool = try OpenSSLTool()
        // Signatures of Ed25519 have one length, so the size of the message is a matter of the padding alone.
        func padded(_ bytes: Int) throws -> OpenSSLTool.Pair {
            let text = String(repeating: "x", count: bytes)
            // As long as the others' names.
            return try tool.issue(
                "padded-\(10_000 + bytes % 10_000)", extensions: OpenSSLTool.server + "\nnsComment=\(text)",
                key: ["ed25519"])
        }
        func message(_ pair: OpenSSLTool.Pair) throws -> Int {
            try tool.openssl(["x509", "-in", pair.certificate, "-outform", "DER", "-out", tool.path("size.der")])
            // TLS 1.2: the length of the list, then of each certificate, in 3 bytes. Source: RFC 5246, 7.4.2.
            return try Data(contentsOf: URL(fileURLWithPath: tool.path("size.der"))).count + 6
        }
        let probe = 90_000
        let overhead = try message(padded(probe)) - probe
        let full = try padded(102_400 - overhead)
        let over = try padded(102_401 - overhead)
        #expect(try message(full) == 102_400)
        #expect(try message(over) == 102_401)
        let servers = (try tool.serve(full, ["-tls1_2"]), try tool.serve(over, ["-tls1_2"]))
        let most = try deep(14)
        let tooMany = try deep(15)
        func trust(_ pair: OpenSSLTool.Pair) -> [(String, SettingLiteral)] { [("ca", .text(pair.certificate))] }
        try await expectContract(
            both("14 intermediates", most.hostAndPort, [("ca", made.ca)])
                + both("15 intermediates", tooMany.hostAndPort, [("ca", made.ca)], cause: .certificateChainTooLarge)
                + both("100 KiB", servers.0.hostAndPort, trust(full))
                + both("more than 100 KiB", servers.1.hostAndPort, trust(over), cause: .certificateChainTooLarge))
    }

    /// Each alert a target can send, and what it is called.
    static let alerts: [(UInt8, String)] = [
        (10, "tls-alert-unexpected-message"), (20, "tls-alert-bad-record-mac"), (21, "tls-alert-decryption-failed"),
        (22, "tls-alert-record-overflow"), (30, "tls-alert-decompression-failure"),
        (40, "tls-alert-handshake-failure"), (41, "tls-alert-no-certificate"), (42, "tls-alert-bad-certificate"),
        (43, "tls-alert-unsupported-certificate"), (44, "tls-alert-certificate-revoked"),
        (45, "tls-alert-certificate-expired"), (46, "tls-alert-certificate-unknown"),
        (47, "tls-alert-illegal-parameter"), (48, "tls-alert-unknown-ca"), (49, "tls-alert-access-denied"),
        (50, "tls-alert-decode-error"), (51, "tls-alert-decrypt-error"), (60, "tls-alert-export-restriction"),
        (70, "tls-version"), (71, "tls-cipher"), (80, "tls-alert-internal-error"),
        (86, "tls-alert-inappropriate-fallback"), (90, "tls-alert-user-canceled"),
        (100, "tls-alert-no-renegotiation"), (109, "tls-alert-missing-extension"),
        (110, "tls-alert-unsupported-extension"), (112, "tls-alert-unrecognized-name"),
        (113, "tls-alert-bad-certificate-status-response"), (116, "tls-alert-certificate-required"),
        (120, "tls-alpn"), (115, "tls-alert"), (255, "tls-alert"),
    ]

    @Test("every alert has its name, and its number stands in the sample's status")
    func alertNames() async throws {
        let servers = try Self.alerts.map { try LoopbackServer(.tlsAlert($0.0)) }
        try await expectContract(
            zip(Self.alerts, servers).flatMap { alert, server in
                both(
                    "alert \(alert.0)", server.hostAndPort, [], cause: try #require(Cause(name: alert.1)),
                    alert: UInt16(alert.0))
            })
    }

    /// Asks every row at once, and holds what its findings say against its words.
    private func expectWords(_ rows: [(ContractRow, String)]) async throws {
        let asking = try Asking(rows.map(\.0))
        defer { asking.reactor.stop() }
        for (row, arrival) in zip(rows, await asking.all()) {
            #expect(Seen(arrival.sample) == row.0.expected, "\(row.0.name)")
            #expect(arrival.sample.findings?.detail == row.1, "\(row.0.name)")
        }
    }
}

extension Instant {
    /// Certificates know whole seconds.
    fileprivate var wholeSecond: Instant { Instant(seconds: seconds) }
}
