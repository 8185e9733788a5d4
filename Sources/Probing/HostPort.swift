/// Where a probe connects to: a name or an address, and a port.
struct HostPort: Sendable {
    /// Without brackets.
    let host: String
    let port: UInt16
    /// Set when `host` is an address, which needs no resolver.
    let literal: SocketAddress?

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
        literal = SocketAddress(literal: host, port: port)
    }

    /// `mx.example.com:25`, `192.0.2.1:25`, `[2001:db8::1]:25`; nil for anything else.
    init?(text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        var host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        guard (1...5).contains(digits.count), digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let port = UInt16(digits), port > 0
        else { return nil }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        if isBracketed { host = host.dropFirst().dropLast() }
        self.init(host: String(host), port: port)
        if isBracketed || host.contains(":") {
            guard isBracketed, literal != nil else { return nil }
        } else if literal == nil {
            guard HostPort.isName(host) else { return nil }
        }
    }

    /// A name the resolver can be asked for: labels of 1 to 63 letters, digits, hyphens and underscores.
    static func isName(_ host: some StringProtocol) -> Bool {
        let labels = (host.hasSuffix(".") ? host.dropLast() : host[...]).split(
            separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253 && !labels.isEmpty
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy { byte in
                        switch byte {
                        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
                        default: false
                        }
                    }
            }
    }
}
