import Glibc

/// Where a probe connects to: a name or an address, and a port.
struct HostPort: Sendable {
    /// In ASCII, without brackets or zone.
    let host: String
    let port: UInt16
    /// Set when `host` is an address, which needs no resolver.
    let literal: SocketAddress?
    /// The interface, by name or number, on which a link-local address is meant. Source: RFC 4007, 11.
    let zone: String?

    /// Before anything is asked for.
    static let none = HostPort()

    private init() {
        host = ""
        port = 0
        literal = nil
        zone = nil
    }

    /// nil when `host` is neither an address nor a name that can be looked up.
    init?(host: some StringProtocol, port: UInt16) {
        self.port = port
        let parts = host.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        let address = String(parts[0])
        literal = SocketAddress(literal: address, port: port)
        zone = parts.count == 2 ? String(parts[1]) : nil
        if let literal {
            guard zone == nil || literal.family == AF_INET6 && HostPort.isZone(parts[1]) else { return nil }
            self.host = address
        } else {
            guard zone == nil, let name = HostName.ascii(address) else { return nil }
            self.host = name
        }
    }

    /// `mx.example.com:25`, `192.0.2.1:25`, `[2001:db8::1]:25`, `[fe80::1%eth0]:25`; nil for anything else.
    init?(text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let port = UInt16(digits), port > 0
        else { return nil }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        self.init(host: host, port: port)
        guard isBracketed == (literal?.family == AF_INET6) else { return nil }
    }

    /// What an address and port of one interface may be called. Source: Linux, IFNAMSIZ.
    private static func isZone(_ text: some StringProtocol) -> Bool {
        (1...15).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && !"/:%[]".utf8.contains($0) }
    }

    /// `mx.example.com:25`, `[2001:db8::1]:25`.
    var text: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
