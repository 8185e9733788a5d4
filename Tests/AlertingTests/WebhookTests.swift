import Foundation
import Loopback
import Support
import Synchronization
import Testing
import Vocabulary

@testable import Alerting

@Suite("The webhook channel", .timeLimit(.minutes(1)))
struct WebhookTests {
    func send(to url: String, _ more: [(String, SettingLiteral)] = []) async throws -> Delivery {
        let settings = SettingLiteral.map([("url", "\(url)"), ("timeout", "30s")] + more)
        let (channel, mistakes) = channel("webhook", settings)
        #expect(mistakes == [])
        let webhook = try #require(channel)
        return await onThread { webhook.send(notification()) }
    }

    @Test(
        "the status decides: taken, refused for good, or to be tried again",
        arguments: [
            (200, .delivered), (201, .delivered), (202, .delivered), (204, .delivered), (299, .delivered),
            (301, .failed("ops: answered 301, and redirects are not followed")),
            (307, .failed("ops: answered 307, and redirects are not followed")),
            (400, .rejected("ops: answered 400")), (401, .rejected("ops: answered 401")),
            (404, .rejected("ops: answered 404")), (410, .rejected("ops: answered 410")),
            (408, .failed("ops: answered 408")), (425, .failed("ops: answered 425")),
            (429, .failed("ops: answered 429")), (500, .failed("ops: answered 500")),
            (503, .failed("ops: answered 503")), (599, .failed("ops: answered 599")),
        ] as [(Int, Delivery)])
    func statuses(status: Int, delivery: Delivery) async throws {
        let server = try LoopbackServer(.http(HTTPReply(status)))
        #expect(try await send(to: "http://\(server.hostAndPort)/") == delivery)
    }

    @Test(
        "whatever the receiver does is an answer or none, within the timeout",
        arguments: [
            ("endless body", .endlessBody, .delivered),
            ("body cut short", .shortBody, .delivered),
            ("chunks of nonsense", .wrongChunk, .delivered),
            ("endless header", .endlessHeader, .delivered),
            ("header of 1 MB", .longHeader(bytes: 1 << 20), .delivered),
            ("half a header", .halfHeader, .delivered),
            ("a status line of words", .wrongStatusLine, .failed("ops: no answer (no status line)")),
            ("garbage", .garbage, .failed("ops: no answer (Unsupported protocol)")),
            ("closed at once", .closeAtOnce, .failed("ops: no answer (*)")),
            ("reset", .resetAfterRequest, .failed("ops: no answer (*)")),
            ("interim answer first", .informationalFirst, .delivered),
            ("nobody listens", .refuse, .failed("ops: no answer (Couldn't connect to server)")),
        ] as [(String, Behaviour, Delivery)])
    func misbehaviour(name: String, behaviour: Behaviour, expected: Delivery) async throws {
        let server = try LoopbackServer(behaviour)
        let delivery = try await send(to: "http://\(server.hostAndPort)/")
        if case .failed(let text) = expected, text.hasSuffix("(*)"), case .failed(let seen) = delivery {
            // Which of libcurl's texts it is depends on how far the bytes came.
            #expect(seen.hasPrefix(text.dropLast(2)), "\(name): \(seen)")
        } else {
            #expect(delivery == expected, "\(name)")
        }
    }

    @Test("the request is a POST of JSON with the key, the configured headers and nothing to confirm")
    func request() async throws {
        let heads = Handed<String>()
        let server = try LoopbackServer(
            .requests { head, _ in
                heads.put(head)
                return HTTPReply(200)
            })
        let headers: SettingLiteral = [
            "Authorization": .secret("Bearer s3cret-token", shown: "Bearer ${TOKEN}"), "X-Empty": "", "X-Team": "o:ps",
        ]
        #expect(try await send(to: "http://\(server.hostAndPort)/a?b=c", [("headers", headers)]) == .delivered)
        let head = await heads.take(1)[0]
        var lines = head.split(separator: "\r\n").map(String.init)
        #expect(lines.removeFirst() == "POST /a?b=c HTTP/1.1")
        #expect(
            lines.sorted() == [
                "Accept: */*", "Authorization: Bearer s3cret-token",
                "Content-Length: \(notification().json.text.utf8.count)", "Content-Type: application/json",
                "Host: \(server.hostAndPort)", "Idempotency-Key: shop-20261122T120000Z/opened", "User-Agent: sonde",
                "X-Empty:", "X-Team: o:ps",
            ])
    }

    @Test("a redirect is not followed, so the message and its headers go nowhere else")
    func redirect() async throws {
        let elsewhere = try LoopbackServer(.http(200))
        let server = try LoopbackServer(.http(.redirect(to: "http://\(elsewhere.hostAndPort)/", status: 308)))
        #expect(
            try await send(to: "http://\(server.hostAndPort)/")
                == .failed("ops: answered 308, and redirects are not followed"))
        #expect(elsewhere.connections == 0)
    }

    @Test("a long message goes out whole")
    func longMessage() async throws {
        let bodies = Handed<String>()
        let server = try LoopbackServer(
            .requests { _, body in
                bodies.put(body)
                return HTTPReply(200)
            })
        let long = notification(title: String(repeating: "長", count: 100_000))
        let webhook = try #require(channel("webhook", ["url": "http://\(server.hostAndPort)/"]).channel)
        #expect(await onThread { webhook.send(long) } == .delivered)
        #expect(await bodies.take(1) == [long.json.text])
    }

    @Test("no part of a secret URL is in a message")
    func secretURL() async throws {
        let url = "http://hooks.invalid:9/T0P-SECRET/path"
        let secret = SettingLiteral.secret(url, shown: "${OPS_URL}")
        let webhook = try #require(channel("webhook", ["url": secret, "timeout": "5s"]).channel)
        guard case .failed(let text) = await onThread({ webhook.send(notification()) }) else {
            Issue.record("delivered to nowhere")
            return
        }
        #expect(text.hasPrefix("ops: no answer ("))
        for part in ["hooks", "invalid", "SECRET", "path"] { #expect(!text.contains(part), "\(text)") }
    }
}

@Suite("The webhook channel over TLS", .timeLimit(.minutes(1)))
struct WebhookTLSTests {
    let folder: TemporaryFolder
    let authority: CertificateAuthority
    let server: LoopbackServer
    static let valid = Interval(
        start: Instant(rfc3339: "2020-01-01T00:00:00Z")!, end: Instant(rfc3339: "2090-01-01T00:00:00Z")!)

    init() throws {
        folder = try TemporaryFolder()
        authority = try CertificateAuthority(name: "Test", folder: folder.path, valid: Self.valid)
        server = try LoopbackServer(
            .http(200), identity: try authority.issue(host: "127.0.0.1", valid: Self.valid))
    }

    @Test("the given authority, or none at all when told so, decides whether the receiver is trusted")
    func trust() async throws {
        let ca = SettingLiteral.text(SettingText(authority.certificateFile))
        let untrusted = Delivery.failed("ops: no answer (SSL peer certificate or SSH remote key was not OK)")
        let rows: [(name: String, host: String, tls: SettingLiteral?, delivery: Delivery)] = [
            ("the system's authorities", "127.0.0.1", nil, untrusted),
            ("the given one", "127.0.0.1", ["ca": ca], .delivered),
            ("the given one, another name", "localhost", ["ca": ca], untrusted),
            ("no verification", "localhost", ["insecure": "true"], .delivered),
        ]
        for row in rows {
            var settings: [(String, SettingLiteral)] = [("url", "https://\(row.host):\(server.port)/")]
            if let tls = row.tls { settings.append(("tls", tls)) }
            let (channel, mistakes) = channel("webhook", .map(settings))
            #expect(mistakes == [])
            let webhook = try #require(channel)
            #expect(await onThread { webhook.send(notification()) } == row.delivery, "\(row.name)")
        }
    }
}
