/// What the kinds on plain sockets are asked to do: connect, perhaps shake hands, perhaps say and hear something.
final class SocketSettings: Sendable {
    let endpoint: HostPort
    /// nil: plain TCP.
    let tls: TLSContext?
    /// The name asked for in the handshake and looked for in the certificate; an address stands for itself.
    let serverName: String
    let isServerAddress: Bool
    /// Goes out as soon as connected.
    let send: [UInt8]
    /// Searched in what comes back; nil: nothing is awaited.
    let expect: Pattern?

    init(endpoint: HostPort, tls: TLSContext?, serverName: String? = nil, send: [UInt8] = [], expect: Pattern? = nil) {
        self.endpoint = endpoint
        self.tls = tls
        self.serverName = serverName ?? endpoint.host
        isServerAddress = SocketAddress(literal: self.serverName, port: 0) != nil
        self.send = send
        self.expect = expect
    }
}
