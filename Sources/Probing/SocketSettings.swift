/// What the kinds on plain sockets are asked to do: connect, perhaps shake hands, perhaps say and hear something.
final class SocketSettings: Sendable {
    let endpoint: HostPort
    /// nil: plain TCP.
    let tls: TLSContext?
    /// The name asked for in the handshake and looked for in the certificate; an address stands for itself.
    let serverName: String
    let isServerAddress: Bool
    /// The protocol that leads to TLS; nil: none does.
    let starttls: (any StartTLS.Type)?
    let dialogue: Dialogue

    init(
        endpoint: HostPort, tls: TLSContext?, serverName: String? = nil, starttls: (any StartTLS.Type)? = nil,
        dialogue: Dialogue = Dialogue()
    ) {
        self.endpoint = endpoint
        self.tls = tls
        self.serverName = serverName ?? endpoint.host
        isServerAddress = SocketAddress(literal: self.serverName, port: 0) != nil
        self.starttls = starttls
        self.dialogue = dialogue
    }
}

extension DrivenKind where Settings == SocketSettings {
    static func speaksTLS(_ settings: SocketSettings) -> Bool { settings.tls != nil }
}
