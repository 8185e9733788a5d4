import Loopback
import Support
import Testing
import Vocabulary

/// Targets behind Debian's haproxy.
@Suite(.timeLimit(.minutes(1))) struct BalancerContractTests {
    @Test("what haproxy answers for itself and for the servers behind it has its cause")
    func haproxy() async throws {
        let made = try Certificates()
        let gone = try LoopbackServer(.refuse)
        let slow = try LoopbackServer(.silent)
        let (plain, secure, strict) = try RealServers(made.good()).haproxy(gone: gone.port, slow: slow.port)
        func row(_ path: String, is seen: Seen) -> ContractRow {
            ContractRow(path, "http", ["url": .text("http://\(plain.address)\(path)")], is: seen)
        }
        func secureRow(_ version: SettingLiteral, _ path: String = "/", is seen: Seen) -> ContractRow {
            ContractRow(
                "over TLS\(path)", "http",
                ["url": .text("https://127.0.0.1:\(secure)\(path)"), "http_version": version, "tls": made.tls],
                is: seen)
        }
        let older: SettingLiteral = ["ca": made.ca, "max_version": "1.2"]
        try await expectContract([
            row("/", is: .up(200)), row("/moved", is: .up(200)), row("/round", is: .failed(.redirectLoop, 308)),
            row("/denied", is: .failed(.status403, 403)), row("/limited", is: .failed(.status429, 429)),
            row("/rejected", is: .failed(.closedEarly)), row("/gone", is: .failed(.status503, 503)),
            row("/slow", is: .failed(.status504, 504)), row("/none", is: .failed(.status503, 503)),
            secureRow("auto", is: .up(200)), secureRow("1.1", is: .up(200)), secureRow("2", is: .up(200)),
            secureRow("2", "/denied", is: .failed(.status410, 410)),
            ContractRow(
                "plain to the secure one", "http", ["url": .text("http://127.0.0.1:\(secure)/")],
                is: .failed(.closedEarly)),
            ContractRow(
                "TLS to the plain one", "tls", ["address": .text(plain.address)], is: .failed(.tlsProtocol)),
            ContractRow(
                "an older TLS", "tls", ["address": .text("127.0.0.1:\(secure)"), "tls": older],
                is: .failed(.tlsVersion, 70)),
            ContractRow(
                "taken and closed", "tcp", ["address": .text("127.0.0.1:\(strict)"), "expect": "^220 "],
                is: .failed(.reset)),
        ])
        withExtendedLifetime(plain) {}
    }
}
