import Vocabulary

/// Who a check says it is: at most one of `basic_auth`, `digest_auth`, `bearer` and `oauth2`.
struct HTTPCredentials: Sendable {
    /// Sent with the first request.
    var headers: [HTTPHeader] = []
    /// Sent when a challenge asks for it.
    var digest: DigestChallenge.User?
    var oauth2: OAuthClient?
    /// Never printed, beside what `${…}` put in.
    var secrets: [String] = []

    static let kinds = ["basic_auth", "digest_auth", "bearer", "oauth2"]

    private static let userKeys = [
        SettingDescription("user", "the user name", example: "sonde"),
        SettingDescription("password", "the password", example: "${PASSWORD}"),
    ]

    static func decode(
        _ reader: SettingReader, headers: [HTTPHeader], requiresHTTPS: Bool, _ mistakes: inout Mistakes
    ) -> HTTPCredentials {
        let given = kinds.filter { reader.has($0) }
        var credentials = HTTPCredentials()
        guard let first = given.first else { return credentials }
        for other in given.dropFirst() {
            mistakes.add(
                reader.place(other), "\(reader.subject) has both \"\(first)\" and \"\(other)\"; keep one")
        }
        if headers.contains(where: { $0.name.lowercased() == "authorization" }) {
            mistakes.add(
                reader.place(first), "\(reader.subject) has both \"\(first)\" and an Authorization header; keep one")
        }
        if let user = user(reader, "basic_auth", &mistakes) {
            let pair = Base64.encoded("\(user.name):\(user.password)")
            credentials.send("Basic \(pair)")
            credentials.secrets = [user.password, pair]
        }
        if let user = user(reader, "digest_auth", &mistakes) {
            credentials.digest = user
            credentials.secrets = [user.password]
        }
        if let token = bearer(reader, &mistakes) {
            credentials.send("Bearer \(token)")
            credentials.secrets = [token]
        }
        if let client = OAuthClient.decode(reader, requiresHTTPS: requiresHTTPS, &mistakes) {
            credentials.oauth2 = client
            credentials.secrets = client.secrets
        }
        return credentials
    }

    private mutating func send(_ authorization: String) {
        headers = [HTTPHeader(name: "Authorization", value: SettingText(authorization))]
    }

    private static func user(
        _ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes
    ) -> DigestChallenge.User? {
        guard let block = reader.block(key, keys: userKeys, &mistakes) else { return nil }
        let name = block.needed("user", &mistakes)
        let password = block.needed("password", &mistakes)
        guard let name, let password else { return nil }
        for (key, text) in [("user", name), ("password", password)] where !isOneLine(text.value) {
            mistakes.add(block.place(key), "\(key) of \(block.subject) must be one line")
        }
        // The colon ends the name: RFC 7617, 2; RFC 7616, 3.4.2.
        if name.value.utf8.contains(UInt8(ascii: ":")) {
            mistakes.add(block.place("user"), "user of \(block.subject) must not hold a colon")
        }
        return DigestChallenge.User(name: name.value, password: password.value)
    }

    private static func bearer(_ reader: SettingReader, _ mistakes: inout Mistakes) -> String? {
        guard let text = reader.text("bearer", &mistakes) else { return nil }
        guard !text.value.isEmpty, text.value.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            mistakes.add(
                reader.value("bearer")?.place ?? reader.setting.place,
                "bearer of \(reader.subject) must be one word of visible characters; \"Bearer\" is put before it")
            return nil
        }
        return text.value
    }

    static func isOneLine(_ text: String) -> Bool { !text.utf8.contains { $0 < 0x20 || $0 == 0x7f } }
}

extension OAuthClient {
    static let keys = [
        SettingDescription("token_url", "where tokens are fetched", example: "https://id.example.com/token"),
        SettingDescription("client_id", "the client's name there", example: "sonde"),
        SettingDescription("client_secret", "its secret", example: "${SECRET}"),
        SettingDescription("scopes", "what the token is to allow; default: what the server thinks", example: "[read]"),
    ]

    fileprivate static func decode(
        _ reader: SettingReader, requiresHTTPS: Bool, _ mistakes: inout Mistakes
    ) -> OAuthClient? {
        guard let block = reader.block("oauth2", keys: keys, &mistakes) else { return nil }
        let url = URLText.decode(block, "token_url", &mistakes)
        let id = block.needed("client_id", &mistakes)
        let secret = block.needed("client_secret", &mistakes)
        var scopes: [String] = []
        for (text, place) in block.texts("scopes", &mistakes) ?? [] {
            // Source: RFC 6749, 3.3.
            if text.value.isEmpty
                || !text.value.utf8.allSatisfy({ (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c })
            {
                mistakes.add(place, "\"\(text.shown)\" in scopes of \(block.subject) is not a scope")
            }
            scopes.append(text.value)
        }
        if let url, requiresHTTPS, !url.isHTTPS {
            mistakes.add(
                block.place("token_url"), "\(reader.subject) requires https, but its token_url begins with http://")
        }
        guard let url, let id, let secret else { return nil }
        return OAuthClient(url: url, clientID: id.value, clientSecret: secret.value, scopes: scopes)
    }
}

extension SettingReader {
    /// The reader of a block inside this one; nil when it is not there.
    fileprivate func block(_ key: String, keys: [SettingDescription], _ mistakes: inout Mistakes) -> SettingReader? {
        value(key).map { SettingReader($0, subject: "\(key) of \(subject)", keys: keys, &mistakes) }
    }

    /// A text that must be there and hold something.
    fileprivate func needed(_ key: String, _ mistakes: inout Mistakes) -> SettingText? {
        guard has(key) else {
            mistakes.add(setting.place, "\(subject) needs \"\(key)\"")
            return nil
        }
        guard let text = text(key, &mistakes) else { return nil }
        if text.value.isEmpty { mistakes.add(place(key), "\(key) of \(subject) must not be empty") }
        return text
    }
}
