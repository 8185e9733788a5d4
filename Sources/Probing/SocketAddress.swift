import Glibc
import Vocabulary

/// An IPv4 or IPv6 address with a port, as the socket calls want it.
struct SocketAddress: Sendable {
    /// Large enough for both families; a `sockaddr_in` stands at its front.
    private var bytes = sockaddr_in6()

    /// `literal`: `192.0.2.1`, `2001:db8::1` (without brackets or zone); nil when it is not an address.
    init?(literal: String, port: UInt16) {
        guard let address = IPAddress(literal) else { return nil }
        self.init(address, port: port)
    }

    init(_ address: IPAddress, port: UInt16) {
        switch address.family {
        case .ipv4: self.init(v4: in_addr(s_addr: UInt32(truncatingIfNeeded: address.bits).bigEndian), port: port)
        case .ipv6, .any:
            var v6 = in6_addr()
            withUnsafeMutableBytes(of: &v6) { $0.storeBytes(of: address.bits.bigEndian, as: UInt128.self) }
            self.init(v6: v6, port: port)
        }
    }

    init(v4: in_addr, port: UInt16) {
        var four = sockaddr_in()
        four.sin_family = sa_family_t(AF_INET)
        four.sin_port = port.bigEndian
        four.sin_addr = v4
        withUnsafeMutableBytes(of: &bytes) { to in withUnsafeBytes(of: four) { to.copyMemory(from: $0) } }
    }

    init(v6: in6_addr, port: UInt16) {
        bytes.sin6_family = sa_family_t(AF_INET6)
        bytes.sin6_port = port.bigEndian
        bytes.sin6_addr = v6
    }

    var family: Int32 { Int32(bytes.sin6_family) }
    /// The port stands at the same place in both families.
    var port: UInt16 {
        get { UInt16(bigEndian: bytes.sin6_port) }
        set { bytes.sin6_port = newValue.bigEndian }
    }
    private var count: socklen_t {
        socklen_t(family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
    }

    /// The address without its port.
    var ip: IPAddress {
        withUnsafeBytes(of: bytes) { raw in
            // It stands after family and port in IPv4, after the flow label as well in IPv6.
            family == AF_INET
                ? IPAddress(v4: UInt32(bigEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
                : IPAddress(v6: UInt128(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt128.self)))
        }
    }

    /// On the interface of that name or number; false when there is none.
    mutating func setZone(_ zone: String) -> Bool {
        let scope = UInt32(zone) ?? if_nametoindex(zone)
        bytes.sin6_scope_id = scope
        return scope != 0
    }

    func isOf(_ wanted: AddressFamily) -> Bool {
        switch wanted {
        case .any: true
        case .ipv4: family == AF_INET
        case .ipv6: family == AF_INET6
        }
    }

    /// `connect(2)`; 0 or -1 with errno.
    func connect(_ socket: Int32) -> Int32 {
        withUnsafeBytes(of: bytes) { raw in
            Glibc.connect(socket, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), count)
        }
    }

    /// `bind(2)` to this address and any port; 0 or -1 with errno.
    func bind(_ socket: Int32) -> Int32 {
        withUnsafeBytes(of: bytes) { raw in
            Glibc.bind(socket, raw.baseAddress?.assumingMemoryBound(to: sockaddr.self), count)
        }
    }

    /// `192.0.2.1`, `2001:db8::1`.
    var host: String { ip.description }

    /// `192.0.2.1:443`, `[2001:db8::1]:443`.
    var text: String { family == AF_INET ? "\(host):\(port)" : "[\(host)]:\(port)" }
}
