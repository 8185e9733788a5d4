/// How packets leave, as far as a check, a region or the defaults say. nil leaves it to the next of them, and in the
/// end to this host.
package struct Route: Hashable, Sendable {
    /// Source address of this host.
    package var source: IPAddress?
    /// Network interface of this host.
    package var interface: String?
    /// Name servers, in the order they are asked; never empty.
    package var resolver: [NameServerAddress]?
    /// The proxy as it stands in the configuration; decoded by Probing.
    package var proxy: Setting?

    package init(
        source: IPAddress? = nil, interface: String? = nil, resolver: [NameServerAddress]? = nil, proxy: Setting? = nil
    ) {
        self.source = source
        self.interface = interface
        self.resolver = resolver
        self.proxy = proxy
    }

    /// What this one leaves open, `next` says.
    package func or(_ next: Route) -> Route {
        Route(
            source: source ?? next.source, interface: interface ?? next.interface, resolver: resolver ?? next.resolver,
            proxy: proxy ?? next.proxy)
    }
}

/// Where a name server is asked.
package struct NameServerAddress: Hashable, Sendable, CustomStringConvertible {
    /// Most name servers of one resolver.
    package static let countMax = 4

    package let address: IPAddress
    package let port: UInt16

    package init(address: IPAddress, port: UInt16) {
        self.address = address
        self.port = port
    }

    /// `10.8.0.1`, `10.8.0.1:5353`, `2001:db8::1`, `[2001:db8::1]:5353`; nil for anything else. The port is 53 when it
    /// is left out.
    package init?(_ text: String) {
        if let address = IPAddress(text) {
            self.init(address: address, port: 53)
            return
        }
        guard let colon = text.lastIndex(of: ":") else { return nil }
        let host = text[..<colon]
        let digits = text[text.index(after: colon)...]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard let address = IPAddress(isBracketed ? host.dropFirst().dropLast() : host),
            isBracketed == (address.family == .ipv6), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let port = UInt16(digits), port > 0
        else { return nil }
        self.init(address: address, port: port)
    }

    package var description: String { address.family == .ipv4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
