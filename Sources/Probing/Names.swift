import CNet
import Glibc
import Vocabulary

/// Whom the names of some series are looked up at: name servers in their order, and where it is this host's own way of
/// looking up, its hosts file and search domains.
final class Resolver {
    let servers: [NameServerLink]
    /// Tried, in this order, behind a name without a dot, before the name itself.
    let domains: [String]
    let hosts: HostsFile?

    init(servers: [NameServerLink], domains: [String] = [], hosts: HostsFile? = nil) {
        self.servers = servers
        self.domains = domains
        self.hosts = hosts
    }
}

/// The resolvers of one reactor, each name looked up afresh for every probe.
final class Names {
    /// As in `ProbeBook.resolvers`.
    private let resolvers: [Resolver]

    init(poll: Poll, _ plans: [ProbeRoutes.Resolver]) throws(ReactorError) {
        var links: [ProbeRoutes.Resolver: NameServerLink] = [:]
        var resolvers: [Resolver] = []
        for plan in plans {
            let system = plan.servers == nil ? try SystemResolver() : nil
            var servers: [NameServerLink] = []
            for server in plan.servers ?? system?.servers ?? [] {
                // One link for each server and way, however many resolvers ask it.
                // A source address of the other family is meant for the targets.
                let source = plan.source?.family == server.address.family ? plan.source : nil
                let way = ProbeRoutes.Resolver(servers: [server], source: source, interface: plan.interface)
                if let link = links[way] {
                    servers.append(link)
                } else {
                    let link = try NameServerLink(server, route: way.route, poll: poll)
                    links[way] = link
                    servers.append(link)
                }
            }
            resolvers.append(
                Resolver(
                    servers: servers, domains: system?.domains ?? [],
                    hosts: system?.readsHosts == true ? HostsFile(path: "/etc/hosts") : nil))
        }
        self.resolvers = resolvers
    }

    /// Gives up everything under way.
    func close() { for resolver in resolvers { for server in resolver.servers { server.close() } } }

    /// Asks for the addresses of `host`; the answers go to the flight, family by family, perhaps at once.
    /// `resolver`: as in `ProbeBook.resolvers`.
    func look(up host: String, family: AddressFamily, at resolver: Int, for flight: Flight) {
        let resolver = resolvers[resolver]
        if let known = Names.loopback(host) ?? resolver.hosts?.addresses(of: host) {
            return flight.namesKnown(known.filter { family == .any || $0.family == family })
        }
        let lookup = Lookup(host, family, resolver, for: flight)
        flight.dialling.lookup = lookup
        lookup.begin()
    }

    /// Source: RFC 6761, 6.3.
    private static func loopback(_ host: String) -> [IPAddress]? {
        guard host.utf8.count == 9, host.lowercased() == "localhost" else { return nil }
        return [IPAddress(v6: 1), IPAddress(v4: 0x7f00_0001)]
    }
}

extension ProbeRoutes.Resolver {
    /// How its servers are reached; nil: as the routing table has it.
    fileprivate var route: ProbeRoute? {
        guard source != nil || interface != nil else { return nil }
        return ProbeRoute(
            source: source.map { SocketAddress($0, port: 0) }, interface: interface.map { CText($0) }, resolver: 0,
            proxy: nil)
    }
}

/// What /etc/resolv.conf and /etc/nsswitch.conf say, read by c-ares.
private struct SystemResolver {
    let servers: [NameServerAddress]
    let domains: [String]
    let readsHosts: Bool

    init() throws(ReactorError) {
        var channel: OpaquePointer?
        var options = ares_options()
        var mask: Int32 = 0
        var status = ares_init(&channel)
        defer { if let channel { ares_destroy(channel) } }
        if status == ARES_SUCCESS { status = ares_save_options(channel, &options, &mask) }
        guard status == ARES_SUCCESS else { throw .noResolver(text: String(cString: ares_strerror(status))) }
        defer { ares_destroy_options(&options) }
        domains = (0..<Int(options.ndomains)).compactMap { options.domains?[$0].map { String(cString: $0) } }
            // The root, which systemd-resolved writes where there are none, completes nothing.
            .filter { $0 != "." }
        // `b` stands for name servers, `f` for the hosts file.
        readsHosts = options.lookups.map { String(cString: $0).contains("f") } ?? true
        var list: UnsafeMutablePointer<ares_addr_port_node>?
        var servers: [NameServerAddress] = []
        if ares_get_servers_ports(channel, &list) == ARES_SUCCESS {
            var node = list
            while let found = node, servers.count < NameServerAddress.countMax {
                servers.append(NameServerAddress(found.pointee))
                node = found.pointee.next
            }
            ares_free_data(list)
        }
        self.servers = servers
    }
}

extension NameServerAddress {
    fileprivate init(_ node: ares_addr_port_node) {
        var node = node
        let port = UInt16(truncatingIfNeeded: node.udp_port)
        let isFour = node.family == AF_INET
        let address = withUnsafeBytes(of: &node.addr) { raw in
            isFour
                ? IPAddress(v4: UInt32(bigEndian: raw.loadUnaligned(as: UInt32.self)))
                : IPAddress(v6: UInt128(bigEndian: raw.loadUnaligned(as: UInt128.self)))
        }
        self.init(address: address, port: port == 0 ? 53 : port)
    }
}
