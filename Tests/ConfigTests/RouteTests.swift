import Config
import Testing
import Vocabulary

/// How packets leave: what a check says goes before its region, and a region before the defaults.
@Suite("Routes")
struct RouteTests {
    private static let text = """
        regions:
          tw: {source: 10.0.0.2, interface: eth1, resolver: [10.8.0.1, "[2001:db8::1]:5353"]}
          jp: {resolver: "10.9.0.1:54", proxy: "socks5h://127.0.0.1:1080"}
          fr:
        defaults: {source: 10.0.0.9, resolver: [10.7.0.1], block_private: true, allow: [10.0.0.0/8]}
        checks:
          - {name: plain, tcp: "a:1"}
          - {name: own, tcp: "a:1", source: 10.0.0.3, interface: wg0, resolver: [10.6.0.1], allow: ["fd00::/8"]}
          - {name: open, tcp: "a:1", block_private: false}
        """

    private func servers(_ texts: String...) -> [NameServerAddress] { texts.compactMap { NameServerAddress($0) } }

    @Test("a region takes the defaults for what it does not say itself")
    func regions() throws {
        let plan = try readPlan(Self.text)
        #expect(
            plan.regions.map(\.route.source)
                == [IPAddress("10.0.0.2"), IPAddress("10.0.0.9"), IPAddress("10.0.0.9")])
        #expect(plan.regions.map(\.route.interface) == ["eth1", nil, nil])
        #expect(
            plan.regions.map(\.route.resolver)
                == [servers("10.8.0.1", "[2001:db8::1]:5353"), servers("10.9.0.1:54"), servers("10.7.0.1")])
        #expect(plan.regions.map { $0.route.proxy?.text?.value } == [nil, "socks5h://127.0.0.1:1080", nil])
    }

    @Test("without regions the defaults are the region's")
    func local() throws {
        let plan = try readPlan("{defaults: {source: 10.0.0.9}, checks: [{name: a, tcp: 'a:1'}]}")
        #expect(plan.regions == [Region(name: "local", route: Route(source: IPAddress("10.0.0.9")))])
    }

    @Test("a check's own word goes before its region's, key by key")
    func checks() throws {
        let plan = try readPlan(Self.text)
        let own = try #require(plan.check(named: "own")).route
        let tw = plan.regions[0].route
        #expect(
            own.or(tw)
                == Route(source: IPAddress("10.0.0.3"), interface: "wg0", resolver: servers("10.6.0.1")))
        #expect(try #require(plan.check(named: "plain")).route == Route())
        #expect(Route(source: own.source).or(tw).interface == "eth1")
    }

    @Test("what may be connected to is the check's, or else the defaults', word")
    func allowed() throws {
        let plan = try readPlan(Self.text)
        #expect(plan.checks.map(\.blocksPrivate) == [true, true, false])
        #expect(plan.checks.map { $0.allow.map(\.description) } == [["10.0.0.0/8"], ["fd00::/8"], ["10.0.0.0/8"]])
    }

    @Test("a name server is an address, perhaps with a port")
    func nameServers() {
        let good = [
            "10.8.0.1": "10.8.0.1:53", "10.8.0.1:5353": "10.8.0.1:5353", "2001:db8::1": "[2001:db8::1]:53",
            "[2001:db8::1]:65535": "[2001:db8::1]:65535",
        ]
        for (text, shown) in good { #expect(NameServerAddress(text)?.description == shown, "\(text)") }
        for text in [
            "", "ns.example.com", "10.8.0.1:", "10.8.0.1:0", "10.8.0.1:65536", "[10.8.0.1]:53", "[::1]", "::1:x",
        ] {
            #expect(NameServerAddress(text) == nil, "\(text)")
        }
    }
}
