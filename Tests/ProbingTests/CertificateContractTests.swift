import Loopback
import Support
import Testing
import Vocabulary

/// Certificates and handshakes, good and bad, the same table for the two kinds that speak TLS.
@Suite(.timeLimit(.minutes(1))) struct CertificateContractTests {
    /// A `tls` row and an `http` row against the same server, which must tell the same cause. `status` is HTTP's.
    static func both(
        _ name: String, _ server: LoopbackServer, tls: SettingLiteral?, expect: SettingLiteral? = nil,
        timeoutMs: Int64 = 5000, cause: Cause, _ unmet: Severity?, httpStatus: UInt16 = 0, alert: UInt16 = 0
    ) -> [ContractRow] {
        let block: [(key: String, value: SettingLiteral)] = tls.map { [(key: "tls", value: $0)] } ?? []
        return [
            ContractRow(
                "\(name) (tls)", "tls", .map([(key: "address", value: .text(server.hostAndPort))] + block),
                expect: expect, timeoutMs: timeoutMs, is: Seen(cause, unmet, alert)),
            ContractRow(
                "\(name) (https)", "http",
                .map([(key: "url", value: .text("https://\(server.hostAndPort)/"))] + block), expect: expect,
                timeoutMs: timeoutMs, is: Seen(cause, unmet, alert == 0 ? httpStatus : alert)),
        ]
    }

    @Test("each fault of a certificate is told by its cause")
    func certificates() async throws {
        let made = try Certificates()
        let good = try LoopbackServer(.http(), identity: made.good())
        let expired = try LoopbackServer(.http(), identity: made.expired())
        let future = try LoopbackServer(.http(), identity: made.notYetValid())
        let wrongHost = try LoopbackServer(.http(), identity: made.good(host: "shop.test"))
        let wrongAddress = try LoopbackServer(.http(), identity: made.good(host: "127.0.0.9"))
        let selfSigned = try LoopbackServer(.http(), identity: made.selfSigned())
        let untrusted = try LoopbackServer(.http(), identity: made.untrusted())
        let cut = try LoopbackServer(.http(), identity: made.withoutIntermediate())
        let insecure: SettingLiteral = ["insecure": true]
        try await expectContract(
            Self.both("good", good, tls: made.tls, cause: .ok, nil, httpStatus: 200)
                + Self.both("expired", expired, tls: made.tls, cause: .certificateExpired, .fail)
                + Self.both("not yet valid", future, tls: made.tls, cause: .certificateNotYetValid, .fail)
                + Self.both("another name", wrongHost, tls: made.tls, cause: .certificateWrongHost, .fail)
                + Self.both("another address", wrongAddress, tls: made.tls, cause: .certificateWrongHost, .fail)
                + Self.both("self-signed", selfSigned, tls: made.tls, cause: .certificateSelfSigned, .fail)
                + Self.both("self-signed, by the system's", selfSigned, tls: nil, cause: .certificateSelfSigned, .fail)
                + Self.both("unknown authority", untrusted, tls: made.tls, cause: .certificateUntrusted, .fail)
                + Self.both("unknown authority, by the system's", good, tls: nil, cause: .certificateUntrusted, .fail)
                + Self.both(
                    "without its intermediate", cut, tls: made.tls, cause: .certificateIncompleteChain, .fail)
                + Self.both("self-signed, insecure", selfSigned, tls: insecure, cause: .ok, nil, httpStatus: 200)
                + Self.both("expired, insecure", expired, tls: insecure, cause: .ok, nil, httpStatus: 200)
                + Self.both("another name, insecure", wrongHost, tls: insecure, cause: .ok, nil, httpStatus: 200))
    }

    @Test("the days a certificate has left are held against their limit")
    func daysLeft() async throws {
        let made = try Certificates()
        let short = try LoopbackServer(.http(), identity: made.good(daysLeft: 5))
        func rows(_ name: String, _ limit: SettingLiteral, _ cause: Cause, _ unmet: Severity?) -> [ContractRow] {
            Self.both(
                name, short, tls: made.tls, expect: ["certificate": limit], cause: cause, unmet, httpStatus: 200)
        }
        try await expectContract(
            rows("5 of 5 days", ["days_left": 5], .ok, nil)
                + rows("5 of 6 days", ["days_left": 6], .certificateExpiring, .degrade)
                + rows("5 of 6 days, which fails", ["days_left": 6, "severity": "fail"], .certificateExpiring, .fail)
                + rows("5 of 6 days, which warns", ["days_left": 6, "severity": "warn"], .certificateExpiring, .warn))
    }

    @Test("each fault of a handshake is told by its cause")
    func handshakes() async throws {
        let made = try Certificates()
        let identity = try made.good()
        let only12 = try LoopbackServer(.http(), identity: identity, versions: .only12)
        let only13 = try LoopbackServer(.http(), identity: identity, versions: .only13)
        let only11 = try LoopbackServer(.http(), identity: identity, versions: .only11)
        let alert = try LoopbackServer(.tlsAlert(40))
        let oldAlert = try LoopbackServer(.tlsAlert(70))
        let plain = try LoopbackServer(.banner("HTTP/1.1 400 Bad Request\r\n\r\n"))
        let garbage = try LoopbackServer(.garbage)
        let closing = try LoopbackServer(.closeAfterRequest)
        let resetting = try LoopbackServer(.resetAfterRequest)
        let refusing = try LoopbackServer(.refuse)
        let deaf = try LoopbackServer(.deaf)
        let silent = try LoopbackServer(.silent)
        let half = try LoopbackServer(.halfHandshake)
        let tls = made.tls
        func newest(_ version: SettingLiteral) -> SettingLiteral { ["ca": made.ca, "max_version": version] }
        func oldest(_ version: SettingLiteral) -> SettingLiteral { ["ca": made.ca, "min_version": version] }
        try await expectContract(
            Self.both("TLS 1.2", only12, tls: tls, cause: .ok, nil, httpStatus: 200)
                + Self.both("TLS 1.3", only13, tls: tls, cause: .ok, nil, httpStatus: 200)
                + Self.both("TLS 1.1", only11, tls: tls, cause: .tlsVersion, .fail, alert: 70)
                + Self.both(
                    "1.2 where 1.3 is the least", only12, tls: oldest("1.3"), cause: .tlsVersion, .fail, alert: 70)
                + Self.both(
                    "1.3 where 1.2 is the most", only13, tls: newest("1.2"), cause: .tlsVersion, .fail, alert: 70)
                + Self.both("handshake failure", alert, tls: tls, cause: .tlsAlertHandshakeFailure, .fail, alert: 40)
                + Self.both("protocol version alert", oldAlert, tls: tls, cause: .tlsVersion, .fail, alert: 70)
                + Self.both("plain HTTP", plain, tls: tls, timeoutMs: 1000, cause: .tlsProtocol, .fail)
                + Self.both("garbage", garbage, tls: tls, cause: .tlsProtocol, .fail)
                + Self.both("closes after the hello", closing, tls: tls, cause: .closedEarly, .fail)
                + Self.both("resets after the hello", resetting, tls: tls, cause: .reset, .fail)
                + Self.both("refuses", refusing, tls: tls, cause: .refused, .fail)
                + Self.both("does not answer", deaf, tls: tls, timeoutMs: 300, cause: .timeoutConnect, .fail)
                + Self.both("says nothing", silent, tls: tls, timeoutMs: 300, cause: .timeoutHandshake, .fail)
                + Self.both("half a hello", half, tls: tls, timeoutMs: 300, cause: .timeoutHandshake, .fail))
    }

    @Test("nginx serves TLS to both kinds, by address and by name")
    func nginx() async throws {
        let made = try Certificates()
        let identity = try made.good(host: "localhost")
        let nginx = try Nginx([
            .init(
                "secure", isTLS: true,
                """
                ssl_certificate \(identity.certificateFile); ssl_certificate_key \(identity.keyFile);
                location / { return 200 "secure\\n"; }
                """)
        ])
        let port = nginx.port("secure")
        try await expectContract([
            ContractRow(
                "by name", "http", ["url": "https://localhost:\(port)/", "tls": made.tls], family: .ipv4,
                is: .up(200)),
            ContractRow("by name", "tls", ["address": "localhost:\(port)", "tls": made.tls], family: .ipv4, is: .up),
            ContractRow(
                "by address, with the name to ask for", "tls",
                ["address": "127.0.0.1:\(port)", "server_name": "localhost", "tls": made.tls], is: .up),
            ContractRow(
                "by address", "tls", ["address": "127.0.0.1:\(port)", "tls": made.tls],
                is: .failed(.certificateWrongHost)),
        ])
    }
}
