import Vocabulary

/// `http`: one request, redirects followed, and the answer read to its end.
enum HTTPKind: DrivenKind {
    static let name = "http"
    static let shortKey = "url"
    static let userAgent = "sonde/0.1.0"
    static let redirectsMaxDefault = 10
    static let bodyMaxDefault: Int64 = 10 << 20
    /// Longest body that is sent.
    static let sentBodyMax = 10 << 20

    static let keys = [
        SettingDescription("url", "what to ask", example: "https://example.com/health"),
        SettingDescription("method", "the request's method; default GET", example: "POST"),
        SettingDescription("headers", "header fields to send", example: "{Accept: application/json}"),
        SettingDescription("body", "a text to send", example: "'{\"q\": 1}'"),
        SettingDescription("body_file", "a file to send", example: "query.json"),
        SettingDescription(
            "basic_auth", "user name and password, sent with the first request",
            example: "{user: sonde, password: \"${PASSWORD}\"}"),
        SettingDescription(
            "digest_auth", "user name and password, sent as the answer to a challenge (MD5, SHA-256): two requests",
            example: "{user: sonde, password: \"${PASSWORD}\"}"),
        SettingDescription("bearer", "a token, sent as Authorization: Bearer", example: "${API_TOKEN}"),
        SettingDescription(
            "oauth2",
            "client credentials for which a token is fetched and kept until shortly before it ends; keys below",
            example: "{token_url: https://id.example.com/token, client_id: sonde, client_secret: \"${SECRET}\"}"),
        SettingDescription("follow", "false: a redirect is the answer; default true", example: "false"),
        SettingDescription("max_redirects", "redirects followed, 0 to 50; default 10", example: "3"),
        SettingDescription("require_https", "true: every hop must be https; default false", example: "true"),
        SettingDescription(
            "http_version", "auto, 1.0, 1.1 or 2; auto offers 2 and 1.1, 2 is down when the server does not take it",
            example: "1.1"),
        SettingDescription(
            "compressed", "true: asks for and decodes gzip, deflate, br; default false", example: "true"),
        SettingDescription(
            "cookies", "false: none are kept across the redirects of one probe; default true", example: "false"),
        SettingDescription("max_body", "longest body taken, in bytes, KiB or MiB; default 10 MiB", example: "512 KiB"),
        SettingDescription(
            "proxy",
            "a proxy to go through in place of the region's, `http://` or `socks5h://`; by `http://`, plain http goes "
                + "as whole URLs, https through CONNECT", example: "http://proxy:3128"),
        SettingDescription(
            "resolve",
            "addresses in place of look-ups, by HOST:PORT, up to \(AddressQueue.addressesMax) each; the family "
                + "still holds", example: "{\"example.com:443\": [192.0.2.1]}"),
        SettingDescription("user_agent", "the User-Agent header; default \(userAgent)", example: "Mozilla/5.0"),
        SettingDescription("tls", "what to trust and offer", example: "{ca: ca.pem}"),
    ]
    static let expectations: [ExpectationKey] = ExpectationKey.allCases
    typealias Driver = HTTPDriver

    static func decode(
        _ check: Check, _ reader: SettingReader, _ contexts: inout TLSContexts, _ mistakes: inout Mistakes
    ) -> HTTPSettings? {
        let url = URLText.decode(reader, "url", &mistakes)
        let requiresHTTPS = reader.bool("require_https", &mistakes) ?? false
        if let url, requiresHTTPS, !url.isHTTPS {
            mistakes.add(
                reader.place("require_https"), "\(reader.subject) requires https, but its url begins with http://")
        }
        let tls = contexts.context(
            reader.value("tls"), subject: reader.subject, at: check.settings.place, isNeeded: url?.isHTTPS == true,
            &mistakes)
        let method = method(reader, &mistakes)
        let headers = headers(reader, &mistakes)
        let body = body(reader, &mistakes)
        if method == "HEAD", !body.isEmpty {
            mistakes.add(reader.place("method"), "\(reader.subject) cannot send a body with HEAD")
        }
        let follow = reader.bool("follow", &mistakes) ?? true
        let redirectsMax = reader.int("max_redirects", in: 0...50, &mistakes) ?? redirectsMaxDefault
        let keepsCookies = reader.bool("cookies", &mistakes) ?? true
        let bodyMax = bodyMax(reader, &mistakes)
        let transport = transport(reader, headers, &mistakes)
        let credentials = HTTPCredentials.decode(
            reader, headers: headers, requiresHTTPS: requiresHTTPS, &mistakes)
        let proxy = reader.value("proxy").flatMap { Proxy.decode($0, &mistakes) }
        let resolve = FixedAddresses.decode(reader, "resolve", &mistakes)
        guard let url else { return nil }
        return HTTPSettings(
            url: url, method: method, headers: headers, body: body, follow: follow, redirectsMax: redirectsMax,
            requiresHTTPS: requiresHTTPS, keepsCookies: keepsCookies, bodyMax: bodyMax, transport: transport,
            credentials: credentials, tls: tls, proxy: proxy, resolve: resolve)
    }

    private static func transport(
        _ reader: SettingReader, _ headers: [HTTPHeader], _ mistakes: inout Mistakes
    ) -> HTTPTransport {
        var transport = HTTPTransport()
        let versions = HTTPTransport.Version.allCases.map(\.rawValue)
        if let version = reader.choice("http_version", of: versions, &mistakes) {
            transport.version = HTTPTransport.Version(rawValue: version) ?? .auto
        }
        transport.isCompressed = reader.bool("compressed", &mistakes) ?? false
        if transport.isCompressed, headers.contains(where: { $0.name.lowercased() == "accept-encoding" }) {
            mistakes.add(
                reader.place("compressed"),
                "\(reader.subject) has both \"compressed\" and an Accept-Encoding header; keep one")
        }
        return transport
    }

    static func speaksTLS(_ settings: HTTPSettings) -> Bool { settings.url.isHTTPS }

    private static func method(_ reader: SettingReader, _ mistakes: inout Mistakes) -> String {
        guard let text = reader.text("method", &mistakes) else { return "GET" }
        let isToken =
            (1...32).contains(text.value.utf8.count) && text.value.utf8.allSatisfy { (0x41...0x5a).contains($0) }
        guard isToken, text.value != "CONNECT" else {
            mistakes.add(
                reader.value("method")?.place ?? reader.setting.place,
                "method of \(reader.subject) must be in capital letters, such as GET or POST, not \"\(text.shown)\"")
            return "GET"
        }
        return text.value
    }

    private static func headers(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [HTTPHeader] {
        var headers: [HTTPHeader] = []
        if let setting = reader.value("headers") {
            if setting.entries == nil, setting.node != .null {
                mistakes.add(setting.place, "\(setting.path) must be a map of header fields in \(reader.subject)")
            }
            for entry in setting.entries ?? [] {
                guard let text = entry.value.text else {
                    mistakes.add(entry.value.place, "\(entry.value.path) must be a text")
                    continue
                }
                guard isFieldName(entry.key), !text.value.utf8.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7f })
                else {
                    mistakes.add(entry.place, "\"\(entry.key)\" in headers of \(reader.subject) is not a header field")
                    continue
                }
                headers.append(HTTPHeader(name: entry.key, value: text))
            }
        }
        if let agent = reader.text("user_agent", &mistakes) {
            if agent.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
                mistakes.add(reader.place("user_agent"), "user_agent of \(reader.subject) must be one line")
            } else if !headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
                headers.append(HTTPHeader(name: "User-Agent", value: agent))
            }
        }
        return headers
    }

    /// A token. Source: RFC 9110, 5.6.2.
    static func isFieldName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func body(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [UInt8] {
        if reader.has("body"), reader.has("body_file") {
            mistakes.add(reader.place("body_file"), "\(reader.subject) has both \"body\" and \"body_file\"; keep one")
        }
        if let text = reader.text("body", &mistakes) { return Array(text.value.utf8) }
        guard let path = reader.text("body_file", &mistakes), let place = reader.value("body_file")?.place else {
            return []
        }
        do {
            return try FileBytes.read(FileBytes.path(path.value, at: place), limit: sentBodyMax)
        } catch {
            mistakes.add(place, "cannot read body_file \"\(path.shown)\": \(error.text)")
            return []
        }
    }

    /// `512`, `512 KiB`, `10MiB`; 1 byte to 1 GiB.
    private static func bodyMax(_ reader: SettingReader, _ mistakes: inout Mistakes) -> Int64 {
        guard let text = reader.text("max_body", &mistakes) else { return bodyMaxDefault }
        let digits = text.value.prefix { $0.isASCII && $0.isNumber }
        let unit: Int64? =
            switch text.value.dropFirst(digits.count).drop(while: { $0 == " " }) {
            case "": 1
            case "KiB": 1 << 10
            case "MiB": 1 << 20
            default: nil
            }
        guard let unit, digits.count <= 10, let number = Int64(digits), (1...1 << 30).contains(number * unit) else {
            mistakes.add(
                reader.value("max_body")?.place ?? reader.setting.place,
                "max_body of \(reader.subject) must be bytes, KiB or MiB up to 1024 MiB, such as 512 KiB, "
                    + "not \"\(text.shown)\""
            )
            return bodyMaxDefault
        }
        return number * unit
    }
}
