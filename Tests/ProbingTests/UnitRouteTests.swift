import Testing
import Vocabulary

@testable import Probing

@Suite struct UnitRouteTests {
    private func address(_ text: String) throws -> SocketAddress {
        try #require(SocketAddress(literal: text, port: 80))
    }

    @Test("families take turns, IPv6 first, each in its own order; those that come later take their turn")
    func queue() throws {
        var queue = AddressQueue()
        for text in ["192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2"] {
            queue.add(try address(text))
        }
        var taken: [String] = []
        for _ in 0..<3 { taken.append(queue.next()?.host ?? "none") }
        queue.add(try address("2001:db8::3"))
        while let next = queue.next() { taken.append(next.host) }
        #expect(
            taken == ["2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "2001:db8::3", "192.0.2.3"])
        queue.add(try address("192.0.2.4"))
        #expect(queue.next()?.host == "192.0.2.4")
    }

    @Test("sixteen addresses are taken in all, both families among them")
    func queueBound() throws {
        var queue = AddressQueue()
        for number in 1...20 {
            queue.add(try address("192.0.2.\(number)"))
            queue.add(try address("2001:db8::\(number)"))
        }
        var taken: [String] = []
        while let next = queue.next() { taken.append(next.host) }
        #expect(taken.count == AddressQueue.addressesMax)
        #expect(taken.filter { $0.contains(":") }.count == 8)
        #expect(!queue.hasNext)
    }

    @Test("what is not of the internet is blocked, at its edges and in every form, and its neighbours are not")
    func blocked() throws {
        let open = AddressGuard(allow: [])
        let blocked = [
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
            "127.255.255.255", "169.254.0.0", "169.254.169.254", "172.16.0.0", "172.31.255.255", "192.168.0.0",
            "192.168.255.255", "192.0.0.192", "198.18.0.1", "168.63.129.16", "224.0.0.1", "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255", "::", "::1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "fdff::1",
            "ff02::1", "100::1", "64:ff9b:1::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::10.0.0.1",
            "64:ff9b::192.168.1.1", "2002:a00:1::", "2002:7f00:1::1", "2002:c0a8:101::1",
            // Teredo, client 10.0.0.1.
            "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        ]
        for text in blocked { #expect(open.blocks(try #require(IPAddress(text))), "\(text)") }
        let free = [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
            "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
            "198.17.255.255", "198.20.0.0", "168.63.129.15", "223.255.255.255", "2001:db8::1", "2606:4700::1",
            "::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "2002:101:101::1", "2001:0:4136:e378:8000:63bf:fefe:fefe",
            "fbff::1", "2001:1::a00:1",
        ]
        for text in free { #expect(!open.blocks(try #require(IPAddress(text))), "\(text)") }
    }

    @Test("an exception holds for an address and for every form of it")
    func allowed() throws {
        let some = AddressGuard(
            allow: try ["10.1.0.0/16", "fd00::/8", "::ffff:192.168.0.0/112"].map { try AddressRange($0) })
        for text in [
            "10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "2002:a01:203::1", "fd00::1", "::ffff:192.168.1.1",
        ] { #expect(!some.blocks(try #require(IPAddress(text))), "\(text)") }
        for text in ["10.2.0.0", "::ffff:10.2.0.1", "fc00::1", "192.168.1.1", "127.0.0.1"] {
            #expect(some.blocks(try #require(IPAddress(text))), "\(text)")
        }
    }

    @Test("a hosts file names every address of a name, whatever stands around it")
    func hosts() {
        let found = HostsFile.parse(
            """
            # a comment
            127.0.0.1\tlocalhost  Shop.Example.com # and another
            ::1 localhost
            not-an-address other
            192.0.2.1
            fe80::1%lo0 zoned
            """)
        #expect(
            found == [
                "localhost": [IPAddress(v4: 0x7f00_0001), IPAddress(v6: 1)],
                "shop.example.com": [IPAddress(v4: 0x7f00_0001)],
            ])
    }

    @Test("names in other scripts become ASCII, and what is no name does not")
    func names() {
        let good = [
            "bücher.example": "xn--bcher-kva.example", "BÜCHER.example": "xn--bcher-kva.example",
            "faß.de": "xn--fa-hia.de", "例え.テスト": "xn--r8jz45g.xn--zckzah", "_sip.example.": "_sip.example.",
            "xn--bcher-kva.example": "xn--bcher-kva.example", "Example.COM": "Example.COM",
        ]
        for (text, ascii) in good { #expect(HostName.ascii(text) == ascii, "\(text)") }
        for text in ["", "a..b", "bü cher.example", "ü/x", "\u{FFFD}.example", "\u{202E}a.example", "-ü.example"] {
            #expect(HostName.ascii(text) == nil, "\(text)")
        }
    }

    @Test("HOST:PORT takes names in other scripts, and zones with IPv6 addresses only")
    func endpoints() {
        let zoned = HostPort(text: "[fe80::1%eth0]:80")
        #expect(zoned?.host == "fe80::1" && zoned?.zone == "eth0" && zoned?.text == "[fe80::1]:80")
        #expect(HostPort(text: "bücher.example:25")?.host == "xn--bcher-kva.example")
        for text in [
            "[fe80::1%]:80", "192.0.2.1%eth0:80", "host%eth0:80", "[192.0.2.1]:80", "[fe80::1%a-name-of-16-byt]:80",
        ] {
            #expect(HostPort(text: text) == nil, "\(text)")
        }
    }
}
