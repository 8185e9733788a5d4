import Glibc
import Vocabulary

/// An IPv4 or IPv6 address with a port, as the socket calls want it.
struct SocketAddress: Sendable {
    /// Large enough for both families; a `sockaddr_in` stands at its front.
    private var bytes = sockaddr_in6()

    /// `literal`: `192.0.2.1`, `2001:db8::1` (without brackets); nil when it is not an address.
    init?(literal: String, port: UInt16) {
        var v4 = sockaddr_in()
        if inet_pton(AF_INET, literal, &v4.sin_addr) == 1 {
            v4.sin_family = sa_family_t(AF_INET)
            v4.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &bytes) { to in withUnsafeBytes(of: v4) { to.copyMemory(from: $0) } }
            return
        }
        guard inet_pton(AF_INET6, literal, &bytes.sin6_addr) == 1 else { return nil }
        bytes.sin6_family = sa_family_t(AF_INET6)
        bytes.sin6_port = port.bigEndian
    }

    /// Copies what the resolver gave; nil for another family.
    init?(_ address: UnsafePointer<sockaddr>, port: UInt16) {
        let family = Int32(address.pointee.sa_family)
        guard family == AF_INET || family == AF_INET6 else { return nil }
        let count = family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size
        withUnsafeMutableBytes(of: &bytes) { to in
            to.copyMemory(from: UnsafeRawBufferPointer(start: address, count: count))
        }
        // The port stands at the same place in both.
        bytes.sin6_port = port.bigEndian
    }

    var family: Int32 { Int32(bytes.sin6_family) }
    var port: UInt16 { UInt16(bigEndian: bytes.sin6_port) }
    private var count: socklen_t {
        socklen_t(family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
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
    var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        withUnsafeBytes(of: bytes) { raw in
            // The address stands after family and port in IPv4, after the flow label as well in IPv6.
            let offset = family == AF_INET ? 4 : 8
            _ = inet_ntop(family, raw.baseAddress?.advanced(by: offset), &text, socklen_t(text.count))
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// `192.0.2.1:443`, `[2001:db8::1]:443`.
    var text: String { family == AF_INET ? "\(host):\(port)" : "[\(host)]:\(port)" }
}
