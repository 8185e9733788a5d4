import Testing

@testable import Probing

@Suite struct UnitAddressTests {
    @Test("HOST:PORT is a name or an address with a port, or nothing")
    func endpoints() {
        let good = [
            "mx.example.com:25": ("mx.example.com", 25, false), "192.0.2.1:65535": ("192.0.2.1", 65_535, true),
            "[2001:db8::1]:443": ("2001:db8::1", 443, true),
            "_sip.example.com.:5060": ("_sip.example.com.", 5060, false),
        ]
        for (text, expected) in good {
            let endpoint = HostPort(text: text)
            #expect(endpoint?.host == expected.0, "\(text)")
            #expect(endpoint?.port == UInt16(expected.1), "\(text)")
            #expect((endpoint?.literal != nil) == expected.2, "\(text)")
        }
        let wrong = [
            "", ":", "host", "host:", ":25", "host:0", "host:65536", "host:+25", "host:2 5", "2001:db8::1:443",
            "[2001:db8::1]", "[host]:25", "a b:25", "a..b:25", "http://host:25", "host:٣", "[]:25",
            String(repeating: "a", count: 64) + ".test:25", String(repeating: "a.", count: 127) + "ab:25",
        ]
        for text in wrong { #expect(HostPort(text: text) == nil, "\(text)") }
    }

    @Test("an address reads back as it was written")
    func addresses() {
        for (host, text) in [("192.0.2.1", "192.0.2.1:80"), ("2001:db8::1", "[2001:db8::1]:80"), ("::", "[::]:80")] {
            #expect(SocketAddress(literal: host, port: 80)?.text == text)
        }
        for wrong in ["192.0.2", "192.0.2.256", "[::1]", "host", ""] {
            #expect(SocketAddress(literal: wrong, port: 80) == nil, "\(wrong)")
        }
    }

    @Test("a URL is taken apart as libcurl will take it, and what is not to be probed is refused")
    func urls() throws {
        let url = try URLText("HTTPS://Example.COM/a?b#c")
        #expect(url.text == "https://Example.COM/a?b")
        #expect(url.isHTTPS && url.endpoint.port == 443 && url.endpoint.host == "Example.COM")
        #expect(url.hasSameOrigin(as: try URLText("https://example.com:443/other")))
        for other in ["http://example.com:443/", "https://example.com:8443/", "https://www.example.com/"] {
            #expect(!url.hasSameOrigin(as: try URLText(other)), "\(other)")
        }
        #expect(try URLText("http://[::1]:8080/").endpoint.literal != nil)
        let wrong = [
            "ftp://a.test/", "file:///etc/passwd", "http://", "http://a b/", "http://user@a.test/", "http://a.test:0/",
            "http://a.test:65536/", "http://a..test/", "javascript:alert(1)", "http://b\u{FFFD}cher.example/",
        ]
        for text in wrong { #expect(throws: URLText.Flaw.self, "\(text)") { _ = try URLText(text) } }
    }
}
