import Vocabulary

/// `tcp`: connects, perhaps sends a text, perhaps waits for one.
enum TCPKind: DrivenKind {
    static let name = "tcp"
    static let shortKey = "address"
    static let keys = [
        SettingDescription("address", "what to connect to, HOST:PORT", example: "mx.example.com:25"),
        SettingDescription("send", "a text sent as soon as connected", example: "\"PING\\r\\n\""),
        SettingDescription(
            "expect", "a regular expression (RE2, multi-line) searched in what arrives, up to 64 KiB",
            example: "\"^220 \""),
        SettingDescription("steps", "a dialogue of several steps", example: "[{expect: \"^220\"}]", isBuilt: false),
        SettingDescription("tls", "speaks TLS after connecting", example: "{insecure: true}", isBuilt: false),
    ]
    static let expectations: [ExpectationKey] = [.total]
    typealias Driver = SocketDriver

    static func decode(
        _ check: Check, _ reader: SettingReader, _ contexts: inout TLSContexts, _ mistakes: inout Mistakes
    ) -> SocketSettings? {
        let send = reader.text("send", &mistakes).map { Array($0.value.utf8) } ?? []
        var expect: Pattern?
        if let text = reader.text("expect", &mistakes) {
            let place = reader.value("expect")?.place ?? check.place
            expect = Pattern.decode(text, at: place, isMultiLine: true, &mistakes)
        }
        guard let endpoint = reader.endpoint("address", check, &mistakes) else { return nil }
        return SocketSettings(endpoint: endpoint, tls: nil, send: send, expect: expect)
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
