import Glibc

/// A blocking TCP client of 127.0.0.1.
struct Client: Sendable {
    let port: Int

    enum Conversation: Equatable, Sendable {
        case refused
        /// What came before the orderly end.
        case closed(String)
        /// What came before the reset.
        case reset(String)
        /// What came, and the connection stays.
        case open(String)
    }

    /// A socket that closes with its last reference.
    final class Socket {
        let descriptor: Int32
        init(_ descriptor: Int32) { self.descriptor = descriptor }
        deinit { close(descriptor) }
    }

    /// nil when refused.
    func connect() -> Socket? {
        let socket = Socket(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        let answer = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(socket.descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return answer == 0 ? socket : nil
    }

    /// Sends, and reads to the end; or, where an open connection is expected, as much as is expected.
    func converse(sends: String, expects: Conversation) -> Conversation {
        guard let socket = connect() else { return .refused }
        send(socket.descriptor, sends, sends.utf8.count, Int32(MSG_NOSIGNAL))
        var received: [UInt8] = []
        while true {
            if case .open(let text) = expects, received.count >= text.utf8.count { return .open(read(received)) }
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = recv(socket.descriptor, &bytes, bytes.count, 0)
            if count == 0 { return .closed(read(received)) }
            if count < 0 { return .reset(read(received)) }
            received += bytes.prefix(count)
        }
    }

    private func read(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
