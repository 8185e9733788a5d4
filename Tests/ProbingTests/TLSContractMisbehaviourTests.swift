import Loopback
import Support
import Testing
import Vocabulary

/// Targets that break a handshake at each point, the same for `tls`, `tcp` through TLS, and `https`.
@Suite(.timeLimit(.minutes(1))) struct TLSContractMisbehaviourTests {
    /// A ServerHello in a record of its own. Source: RFC 5246, 7.4.1.3; RFC 8446, 5.1.
    private static func hello(version: UInt8 = 3, suite: [UInt8] = [0xc0, 0x2b], length: [UInt8]? = nil) -> [UInt8] {
        let body = [3, version] + [UInt8](repeating: 7, count: 32) + [0] + suite + [0] + renegotiation
        let message = [2] + (length ?? [0, 0, UInt8(body.count)]) + body
        return [22, 3, version, 0, UInt8(message.count)] + message
    }

    /// The extension without which OpenSSL goes no further. Source: RFC 5746, 3.2.
    private static let renegotiation: [UInt8] = [0, 5, 255, 1, 0, 1, 0]

    private static let half = Array(hello().prefix(20))

    /// Each is served after the client's first bytes have come.
    private static let broken: [(name: String, acts: [Behaviour.Act], timeoutMs: Int64, seen: Seen)] = [
        ("closes in the middle of its hello", [.sayBytes(half), .end], 5000, .failed(.closedEarly)),
        ("resets in the middle of its hello", [.sayBytes(half), .pause(ms: 20), .reset], 5000, .failed(.reset)),
        ("closes after its hello", [.sayBytes(hello()), .end], 5000, .failed(.closedEarly)),
        ("says nothing after its hello", [.sayBytes(hello())], 300, .failed(.timeoutHandshake)),
        (
            "drips its hello", hello().flatMap { [.sayBytes([$0]), .pause(ms: 20)] }, 300, .failed(.timeoutHandshake)
        ),
        ("a hello of SSL 3", [.sayBytes(hello(version: 0))], 5000, .failed(.tlsVersion)),
        ("a suite that nobody offered", [.sayBytes(hello(suite: [0, 1]))], 5000, .failed(.tlsCipher)),
        (
            "a hello of 16 MiB", [.sayBytes(hello(length: [255, 255, 255]))], 5000, .failed(.tlsProtocol)
        ),
        ("a record past its bound", [.sayBytes([22, 3, 3, 255, 255])], 5000, .failed(.tlsProtocol)),
        ("data before a hello", [.sayBytes([23, 3, 3, 0, 3, 1, 2, 3])], 5000, .failed(.tlsProtocol)),
        ("endless garbage", [.repeatEndlessly("garbage ")], 5000, .failed(.tlsProtocol)),
        ("a warning, then silence", [.sayBytes([21, 3, 3, 0, 2, 1, 112])], 300, .failed(.timeoutHandshake)),
        (
            "endless warnings", [Behaviour.Act](repeating: .sayBytes([21, 3, 3, 0, 2, 1, 90]), count: 20), 5000,
            Seen(.tlsAlertUserCanceled, .fail, 90)
        ),
    ]

    /// A row for each kind that speaks TLS.
    private static func all(_ name: String, _ address: String, timeoutMs: Int64, is seen: Seen) -> [ContractRow] {
        [
            ContractRow("\(name) (tls)", "tls", ["address": .text(address)], timeoutMs: timeoutMs, is: seen),
            ContractRow(
                "\(name) (tcp)", "tcp", ["address": .text(address), "tls": ["insecure": true], "expect": "x"],
                timeoutMs: timeoutMs, is: seen),
            ContractRow("\(name) (https)", "http", ["url": "https://\(address)/"], timeoutMs: timeoutMs, is: seen),
        ]
    }

    @Test("a handshake that breaks has its cause, in time, whoever asked for it")
    func handshakes() async throws {
        var rows: [ContractRow] = []
        var servers: [LoopbackServer] = []
        for row in Self.broken {
            // The client's record header, so that its first bytes are here.
            let server = try LoopbackServer(.script([.hearBytes(5)] + row.acts))
            servers.append(server)
            rows += Self.all(row.name, server.hostAndPort, timeoutMs: row.timeoutMs, is: row.seen)
        }
        for (name, behaviour, timeoutMs, cause) in [
            ("resets at once", Behaviour.resetAtOnce, Int64(5000), Cause.reset),
            ("closes at once", .closeAtOnce, 5000, .closedEarly), ("refuses", .refuse, 5000, .refused),
            ("does not answer", .deaf, 300, .timeoutConnect), ("says nothing", .silent, 300, .timeoutHandshake),
        ] {
            let server = try LoopbackServer(behaviour)
            servers.append(server)
            rows += Self.all(name, server.hostAndPort, timeoutMs: timeoutMs, is: .failed(cause))
        }
        try await expectContract(rows)
        for server in servers { server.stop() }
    }

    @Test("a plain dialogue that breaks has its cause, in time")
    func plain() async throws {
        let cases: [(String, [Behaviour.Act], Int64, Cause)] = [
            ("resets in the middle of its banner", [.say("22"), .pause(ms: 20), .reset], 5000, .reset),
            ("closes in the middle of its banner", [.say("22"), .end], 5000, .replyMismatch),
            ("half a banner, then silence", [.say("22")], 300, .replyMismatch),
            ("zeros", [.sayBytes([UInt8](repeating: 0, count: 1000)), .end], 5000, .replyMismatch),
            ("not text", [.sayBytes([0xff, 0xfe, 0xc0]), .end], 5000, .replyMismatch),
            ("an endless banner", [.repeatEndlessly("\u{0}")], 5000, .replyMismatch),
        ]
        let servers = try cases.map { try LoopbackServer(.script($0.1)) }
        try await expectContract(
            zip(cases, servers).map { row, server in
                ContractRow(
                    row.0, "tcp", ["address": .text(server.hostAndPort), "expect": "^220 "], timeoutMs: row.2,
                    is: .failed(row.3))
            })
        for server in servers { server.stop() }
    }

    @Test("a client certificate follows a redirect within its origin, and never to another")
    func redirects() async throws {
        let tool = try OpenSSLTool()
        let root = try tool.issue("root", extensions: OpenSSLTool.authority)
        let leaf = try tool.issue("leaf", extensions: OpenSSLTool.server, by: root)
        let client = try tool.issue("client", extensions: "basicConstraints=CA:FALSE", by: root)
        let demanding = try tool.serve(
            leaf, ["-Verify", "3", "-verify_return_error", "-CAfile", root.certificate, "-tls1_3"])
        let nginx = try Nginx([
            .init(
                "secure", isTLS: true,
                """
                ssl_certificate \(leaf.certificate); ssl_certificate_key \(leaf.key);
                ssl_client_certificate \(root.certificate); ssl_verify_client on;
                location /here { return 302 /there; }
                location /there { return 200 "there\\n"; }
                location /away { return 302 https://\(demanding.hostAndPort)/; }
                """)
        ])
        let shows: SettingLiteral = [
            "ca": .text(root.certificate), "client_cert": .text(client.certificate), "client_key": .text(client.key),
        ]
        let origin = "https://127.0.0.1:\(nginx.port("secure"))"
        func row(_ name: String, _ url: String, _ tls: SettingLiteral, is seen: Seen) -> ContractRow {
            ContractRow(name, "http", ["url": .text(url), "tls": tls], is: seen)
        }
        try await expectContract([
            row("asked at once", "https://\(demanding.hostAndPort)/", shows, is: .up(200)),
            row("within the origin", origin + "/here", shows, is: .up(200)),
            row("to another port", origin + "/away", shows, is: Seen(.tlsAlertCertificateRequired, .fail, 116)),
        ])
    }
}
