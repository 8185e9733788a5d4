import Vocabulary

/// `tcp`: connects, perhaps shakes hands, perhaps holds a dialogue.
enum TCPKind: DrivenKind {
    static let name = "tcp"
    static let shortKey = "address"
    static let keys = [
        SettingDescription("address", "what to connect to, HOST:PORT", example: "mx.example.com:25"),
        SettingDescription("send", "a text sent as soon as connected", example: "\"PING\\r\\n\""),
        SettingDescription(
            "expect", "a regular expression (RE2, multi-line) searched in what arrives after that, up to 64 KiB",
            example: "\"^220 \""),
        SettingDescription(
            "steps",
            "a dialogue in place of send and expect: 1 to 32 steps in order, each {expect: …}, {send: …} or "
                + "{starttls: true}",
            example: "[{expect: \"^220\"}, {send: \"QUIT\\r\\n\"}, {expect: \"^221\"}]"),
        SettingDescription(
            "tls", "TLS before the dialogue, or at its starttls step; absent: plain", example: "{insecure: true}"),
    ]
    static let expectations: [ExpectationKey] = [.total, .legs, .certificate, .tls, .remoteAddress, .cause]
    typealias Driver = SocketDriver

    static func decode(
        _ check: Check, _ reader: SettingReader, _ contexts: inout TLSContexts, _ mistakes: inout Mistakes
    ) -> SocketSettings? {
        let dialogue = Dialogue.decode(reader, &mistakes)
        var tls: TLSContext?
        if reader.has("tls") || !dialogue.shakesFirst {
            tls = contexts.context(
                reader.value("tls"), subject: reader.subject, at: check.settings.place, isNeeded: true,
                takesALPN: true, &mistakes)
        }
        guard let endpoint = reader.endpoint("address", check, &mistakes) else { return nil }
        return SocketSettings(endpoint: endpoint, tls: tls, dialogue: dialogue)
    }
}

extension SettingReader {
    /// The HOST:PORT that the key must hold; nil, and a mistake, when it does not.
    func endpoint(_ key: String, _ check: Check, _ mistakes: inout Mistakes) -> HostPort? {
        guard has(key) else {
            mistakes.add(setting.place, "\(subject) needs \"\(key)\"")
            return nil
        }
        guard let text = text(key, &mistakes), let value = value(key) else { return nil }
        guard let endpoint = HostPort(text: text.value) else {
            mistakes.add(
                value.place,
                "\(value.path) must be HOST:PORT, such as mx.example.com:25 or [2001:db8::1]:25, not \"\(text.shown)\"")
            return nil
        }
        return endpoint
    }
}
