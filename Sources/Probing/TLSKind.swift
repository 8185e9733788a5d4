import Vocabulary

/// `tls`: connects and shakes hands, after a dialogue that leads to it where one is named; looks at the certificate
/// and goes.
enum TLSKind: DrivenKind {
    static let name = "tls"
    static let shortKey = "address"
    static let keys = [
        SettingDescription("address", "what to connect to, HOST:PORT", example: "example.com:443"),
        SettingDescription(
            "server_name", "the name asked for and looked for in the certificate; default the host of address",
            example: "www.example.com"),
        SettingDescription(
            "starttls",
            "the protocol that leads to TLS: " + StartTLSProtocols.all.map { $0.name }.joined(separator: ", "),
            example: "smtp"),
        SettingDescription("tls", "what to trust and offer", example: "{ca: ca.pem}"),
    ]
    static let expectations: [ExpectationKey] = [.total, .legs, .certificate, .tls, .remoteAddress, .cause]
    typealias Driver = SocketDriver

    static func decode(
        _ check: Check, _ reader: SettingReader, _ contexts: inout TLSContexts, _ mistakes: inout Mistakes
    ) -> SocketSettings? {
        let context = contexts.context(
            reader.value("tls"), subject: reader.subject, at: check.settings.place, isNeeded: true,
            takesALPN: true, &mistakes)
        let serverName = reader.text("server_name", &mistakes)
        let name = serverName.flatMap { HostPort(host: $0.value, port: 0) }
        if let serverName, name == nil || name?.zone != nil {
            mistakes.add(
                reader.value("server_name")?.place ?? check.place,
                "server_name of \(reader.subject) must be a host name or an address, not \"\(serverName.shown)\"")
        }
        let starttls = reader.choice("starttls", of: StartTLSProtocols.all.map { $0.name }, &mistakes)
        guard let endpoint = reader.endpoint("address", check, &mistakes) else { return nil }
        return SocketSettings(
            endpoint: endpoint, tls: context, serverName: name?.host,
            starttls: StartTLSProtocols.all.first { $0.name == starttls })
    }
}
