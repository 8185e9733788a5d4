import Config
import Foundation
import Loopback
import Vocabulary

/// The demonstration's world: a shop, its API, its mail and its TLS door on loopback, a receiver of notifications, and
/// the folder with the configuration that declares checks for them.
final class DemoSite: Sendable {
    let folder: String
    private let shop: LoopbackServer
    private let api: LoopbackServer
    private let mail: LoopbackServer
    private let door: LoopbackServer
    private let receiver: LoopbackServer
    private let authorityFile: String

    init() throws {
        folder = NSTemporaryDirectory().trimmingSuffix("/") + "/sonde-demo-" + UUID().uuidString.prefix(8).lowercased()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let now = SystemClock.now
        let valid = Interval(start: now - Duration.dayNs, end: now + 40 * Duration.dayNs)
        do {
            let authority = try CertificateAuthority(name: "Sonde demonstration CA", folder: folder, valid: valid)
            authorityFile = authority.certificateFile
            let identity = try authority.issue(host: "127.0.0.1", valid: valid)
            shop = try LoopbackServer(.http(body: "<h1>Shop</h1>\n", delayMs: 24))
            api = try LoopbackServer(DemoSite.healthy)
            mail = try LoopbackServer(.banner("220 mail.demo ESMTP ready\r\n"))
            door = try LoopbackServer(.http(body: "ok\n"), identity: identity)
            receiver = try LoopbackServer(.http(204, body: ""))
        } catch {
            throw Failure(.failed, "the demonstration's own targets cannot start: \(error)")
        }
    }

    private static let healthy = Behaviour.http(
        headers: ["Content-Type: application/json"], body: "{\"ok\": true}\n", delayMs: 8)

    /// How many notifications have come in.
    var notifications: Int { receiver.connections }

    func breakAPI() throws { try api.change(to: .http(503, body: "broken on purpose\n")) }
    func mendAPI() throws { try api.change(to: DemoSite.healthy) }

    func remove() {
        for server in [shop, api, mail, door, receiver] { server.stop() }
        try? FileManager.default.removeItem(atPath: folder)  // a left-over folder harms nobody
    }

    /// Writes the configuration with this period and reads it as anybody's.
    func plan(period: String, timeout: String) throws -> Plan {
        let path = folder + "/sonde.yaml"
        // The well-known port when it is free, else any.
        let port = try DemoSite.freePort(preferred: 8787)
        try Folder.write(configuration(period: period, timeout: timeout, port: port), to: path, mode: 0o600)
        let options = try CommonOptions.parse(["--config", path])
        return try options.plan()
    }

    private func configuration(period: String, timeout: String, port: Int) -> String {
        """
        version: 1
        store: {path: data, slots: 40d, hours: 400d}
        listen: 127.0.0.1:\(port)
        zone: UTC
        regions:
          tw: {country: TW, source: 127.0.0.2}
          jp: {country: JP, source: 127.0.0.3}
          us: {country: US, source: 127.0.0.4}
        defaults: {period: \(period), timeout: \(timeout)}
        checks:
          - name: shop
            title: Shop (demonstration)
            http: http://\(shop.hostAndPort)/
            expect: {body: {contains: Shop}, total: {under: 250ms}}
          - name: api
            title: API, broken on purpose for a while
            http: {url: "http://\(api.hostAndPort)/v1/ping", method: POST, body: '{"q": 1}'}
            expect: {body: {contains: "\\"ok\\": true"}}
          - name: mail
            tcp: {address: "\(mail.hostAndPort)", expect: "^220 "}
          - name: door
            title: TLS door
            tls: {address: "\(door.hostAndPort)", tls: {ca: \((authorityFile as NSString).lastPathComponent)}}
            expect: {certificate: {days_left: 14}}
        maintenance:
          - {name: weekly, checks: [api], every: "Sun 02:00-02:30"}
        channels:
          receiver: {webhook: {url: "http://\(receiver.hostAndPort)/"}}
        contracts:
          gold: {checks: [shop, api], objective: 99.9, zone: UTC, credits: [{below: 99.9, credit: 10}]}
        """
    }

    private static func freePort(preferred: Int) throws(LoopbackError) -> Int {
        // Bound and let go again: what took the port in between would be said by the server.
        let probe: LoopbackServer
        do { probe = try LoopbackServer(.silent, port: preferred) } catch { probe = try LoopbackServer(.silent) }
        defer { probe.stop() }
        return probe.port
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
