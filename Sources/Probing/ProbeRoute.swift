import Glibc
import Vocabulary

/// How the packets of one check leave in one region, ready for the socket calls. There is none where nothing is said.
final class ProbeRoute: Sendable {
    let source: SocketAddress?
    /// Name of a network interface.
    let interface: CText?
    /// Place of its resolver in `ProbeBook.resolvers`.
    let resolver: Int
    let proxy: Proxy?

    init(source: SocketAddress?, interface: CText?, resolver: Int, proxy: Proxy?) {
        self.source = source
        self.interface = interface
        self.resolver = resolver
        self.proxy = proxy
    }

    /// Ties a fresh socket to interface and source address; the cause, our own, when that is not possible.
    func prepare(_ socket: Int32, family: Int32) -> Cause? {
        // Linux allows this to everybody since 5.7, as long as the socket is tied to none yet.
        if let interface,
            setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, interface.bytes, socklen_t(interface.count + 1)) != 0
        {
            return errno == ENODEV ? .sourceUnavailable : SystemError.cause(errno, isImmediate: true)
        }
        guard let source else { return nil }
        guard source.family == family else { return .sourceUnavailable }
        // Leaves the choice of the port to connect(), so that ports can be shared between destinations.
        var isOn: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &isOn, socklen_t(MemoryLayout<Int32>.size))
        guard source.bind(socket) != 0 else { return nil }
        return [EADDRNOTAVAIL, EINVAL].contains(errno)
            ? .sourceUnavailable : SystemError.cause(errno, isImmediate: true)
    }

    /// The families in which it can be left: those of `wanted` that the source address has, too.
    func family(_ wanted: AddressFamily) -> AddressFamily {
        guard wanted == .any, let source else { return wanted }
        return source.ip.family
    }
}

/// The routes of a plan, each made once however many series leave by it.
struct ProbeRoutes {
    /// Whom names are looked up at, and how that is reached.
    struct Resolver: Hashable, Sendable {
        /// nil: as this host does it, by /etc/resolv.conf and /etc/hosts.
        let servers: [NameServerAddress]?
        let source: IPAddress?
        let interface: String?

        static let system = Resolver(servers: nil, source: nil, interface: nil)
    }

    private(set) var resolvers = [Resolver.system]
    private var known: [Route: ProbeRoute] = [:]

    /// nil when the route says nothing. A proxy that cannot be used is a mistake.
    mutating func route(_ route: Route, _ mistakes: inout Mistakes) -> ProbeRoute? {
        if route == Route() { return nil }
        if let made = known[route] { return made }
        let made = ProbeRoute(
            source: route.source.map { SocketAddress($0, port: 0) }, interface: route.interface.map { CText($0) },
            resolver: resolver(of: route), proxy: route.proxy.flatMap { Proxy.decode($0, &mistakes) })
        known[route] = made
        return made
    }

    /// What a route says of its own resolver it is reached by, too; the host's is reached as the host does it.
    private mutating func resolver(of route: Route) -> Int {
        guard let servers = route.resolver else { return 0 }
        let wanted = Resolver(servers: servers, source: route.source, interface: route.interface)
        if let place = resolvers.firstIndex(of: wanted) { return place }
        resolvers.append(wanted)
        return resolvers.count - 1
    }
}
