import Glibc

/// A socket bound to a loopback address. A TCP one does not listen yet: the kernel refuses whoever connects to it, and
/// nobody else can take the port.
struct BoundSocket: ~Copyable {
    let descriptor: Int32
    let port: Int

    init(address: String, port: Int, type: __socket_type = SOCK_STREAM) throws(LoopbackError) {
        guard address.hasPrefix("127.") || address == "::1" else {
            throw LoopbackError("\(address) is not a loopback address; use 127.0.0.0/8 or ::1")
        }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(type.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address, "\(port)", &hints, &found) == 0, let list = found else {
            throw LoopbackError("\(address):\(port) is not an address and a port")
        }
        defer { freeaddrinfo(list) }
        let socket = Glibc.socket(list.pointee.ai_family, BoundSocket.nonBlocking(type), 0)
        guard socket >= 0 else { throw LoopbackError("no socket: \(describe(errno: errno))") }
        var on: Int32 = 1
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(socket, list.pointee.ai_addr, list.pointee.ai_addrlen) == 0 else {
            let reason = describe(errno: errno)
            Glibc.close(socket)
            throw LoopbackError("cannot listen on \(address):\(port): \(reason)")
        }
        descriptor = socket
        self.port = Int(SocketAddress.local(of: socket)?.port ?? 0)
    }

    deinit { Glibc.close(descriptor) }

    private static func nonBlocking(_ type: __socket_type) -> Int32 {
        Int32(type.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    }

    /// A socket that has begun to connect to this one.
    func connectToItself() throws(LoopbackError) -> Int32 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let socket = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { own in
                guard getsockname(descriptor, own, &length) == 0 else { return Int32(-1) }
                let socket = Glibc.socket(Int32(own.pointee.sa_family), BoundSocket.nonBlocking(SOCK_STREAM), 0)
                // Under way or standing: either fills the backlog.
                if socket >= 0 { connect(socket, own, length) }
                return socket
            }
        }
        guard socket >= 0 else { throw LoopbackError("cannot connect to port \(port): \(describe(errno: errno))") }
        return socket
    }

    func listen(backlog: Int) throws(LoopbackError) {
        guard Glibc.listen(descriptor, Int32(backlog)) == 0 else {
            throw LoopbackError("cannot listen on port \(port): \(describe(errno: errno))")
        }
    }

    /// The next connection and where it comes from; nil when none waits.
    func accept() -> (descriptor: Int32, peer: String)? {
        var peer: SocketAddress?
        let connection = SocketAddress.filled(&peer) { Glibc.accept(descriptor, $0, $1) }
        guard connection >= 0 else { return nil }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        _ = fcntl(connection, F_SETFL, O_NONBLOCK)
        return (connection, peer?.host ?? "unknown")
    }
}

/// A bound socket that a server and its thread own together.
final class HeldSocket: Sendable {
    let socket: BoundSocket
    init(_ socket: consuming BoundSocket) { self.socket = socket }
}

/// Host and port of one end of a socket.
struct SocketAddress {
    let host: String
    let port: UInt16

    static func local(of socket: Int32) -> SocketAddress? {
        var address: SocketAddress?
        return filled(&address) { getsockname(socket, $0, $1) } == 0 ? address : nil
    }

    /// Calls `call` with room for any address and reads what it filled in.
    static func filled(
        _ address: inout SocketAddress?,
        by call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> Int32 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                let answer = call(plain, &length)
                if answer >= 0, let filled = SocketAddress(plain, length) { address = filled }
                return answer
            }
        }
    }

    /// nil when it is none of an IP family.
    init?(_ plain: UnsafePointer<sockaddr>, _ length: socklen_t) {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var port = [CChar](repeating: 0, count: Int(NI_MAXSERV))
        let flags = NI_NUMERICHOST | NI_NUMERICSERV
        guard getnameinfo(plain, length, &host, socklen_t(host.count), &port, socklen_t(port.count), flags) == 0 else {
            return nil
        }
        self.init(host: SocketAddress.text(host), port: UInt16(SocketAddress.text(port)) ?? 0)
    }

    private init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
