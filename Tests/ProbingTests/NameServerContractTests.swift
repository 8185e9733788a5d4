import Loopback
import Support
import Testing
import Vocabulary

/// Names, looked up at Debian's dnsmasq.
@Suite(.timeLimit(.minutes(1))) struct NameServerContractTests {
    @Test("what dnsmasq says of a name is what the probe does, or its cause")
    func dnsmasq() async throws {
        let made = try Certificates()
        let target = try LoopbackServer(.httpEcho)
        // Forty addresses do not fit into a datagram of 512 bytes: they are asked for again over TCP.
        let many = (1...39).map { "--host-record=many.test,127.0.3.\($0)" } + ["--host-record=many.test,127.0.0.1"]
        let names = try RealServers(made.good()).dnsmasq(
            [
                "--host-record=shop.test,127.0.0.1", "--cname=www.test,shop.test", "--cname=a.test,b.test",
                "--cname=b.test,www.test", "--host-record=six.test,::1", "--host-record=both.test,127.0.0.1,::1",
                "--host-record=dead.test,127.0.0.9", "--cname=loose.test,nobody.test", "--mx-host=mail.test,shop.test",
            ] + many)
        func rows(_ name: String, family: AddressFamily = .any, is seen: (http: Seen, tcp: Seen)) -> [ContractRow] {
            [
                ContractRow(
                    "\(name) (http)", "http", ["url": .text("http://\(name):\(target.port)/")], family: family,
                    is: seen.http),
                ContractRow(
                    "\(name) (tcp)", "tcp", ["address": .text("\(name):\(target.port)")], family: family, is: seen.tcp),
            ]
        }
        func down(_ cause: Cause) -> (Seen, Seen) { (.failed(cause), .failed(cause)) }
        let up: (Seen, Seen) = (.up(200), .up)
        try await expectContract(
            [
                rows("shop.test", is: up), rows("SHOP.test.", is: up), rows("www.test", is: up), rows("a.test", is: up),
                rows("shop.test", family: .ipv4, is: up), rows("shop.test", family: .ipv6, is: down(.dnsNoAddress)),
                rows("six.test", is: down(.refused)), rows("six.test", family: .ipv4, is: down(.dnsNoAddress)),
                rows("both.test", is: up), rows("dead.test", is: down(.refused)),
                rows("nobody.test", is: down(.nameNotFound)), rows("mail.test", is: down(.dnsNoAddress)),
                rows("elsewhere.example", is: down(.dnsRefused)),
            ].flatMap { $0 }, resolver: names.address)
        withExtendedLifetime(names) {}
    }
}
