import CNet
import Vocabulary

/// An http or https URL, taken apart once by libcurl's own parser, so that both always mean the same.
struct URLText: Sendable {
    let text: String
    let isHTTPS: Bool
    let endpoint: HostPort
    /// The host is an address, so it is looked for as one in a certificate.
    var isHostAddress: Bool { endpoint.literal != nil }

    /// Why a text is not a URL to probe.
    enum Flaw: Error {
        case malformed(String)
        /// Not http or https; the scheme.
        case scheme(String)
        case credentials
        case host(String)
    }

    init(_ text: String) throws(Flaw) {
        guard let parts = curl_url() else { throw .malformed("out of memory") }
        defer { curl_url_cleanup(parts) }
        // Without this flag a scheme that libcurl does not know is just malformed.
        let status = curl_url_set(parts, CURLUPART_URL, text, UInt32(CURLU_NON_SUPPORT_SCHEME))
        guard status == CURLUE_OK else { throw .malformed(String(cString: curl_url_strerror(status))) }
        func part(_ part: CURLUPart, _ flags: Int32 = 0) -> String? {
            var bytes: UnsafeMutablePointer<CChar>?
            guard curl_url_get(parts, part, &bytes, UInt32(flags)) == CURLUE_OK, let bytes else { return nil }
            defer { curl_free(bytes) }
            return String(cString: bytes)
        }
        let scheme = part(CURLUPART_SCHEME) ?? ""
        guard scheme == "http" || scheme == "https" else { throw .scheme(scheme) }
        isHTTPS = scheme == "https"
        if part(CURLUPART_USER) != nil || part(CURLUPART_PASSWORD) != nil { throw .credentials }
        let host = part(CURLUPART_HOST) ?? ""
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let zone = part(CURLUPART_ZONEID).map { "%\($0)" } ?? ""
        guard let port = part(CURLUPART_PORT, CURLU_DEFAULT_PORT).flatMap({ UInt16($0) }), port > 0 else {
            throw .malformed("it has no usable port")
        }
        guard let endpoint = HostPort(host: bare + zone, port: port) else { throw .host(host) }
        self.endpoint = endpoint
        // Names go out in ASCII, and a zone means nothing to the target.
        if endpoint.host != bare { _ = curl_url_set(parts, CURLUPART_HOST, endpoint.host, 0) }
        if !zone.isEmpty { _ = curl_url_set(parts, CURLUPART_ZONEID, nil, 0) }
        // A fragment is never sent.
        _ = curl_url_set(parts, CURLUPART_FRAGMENT, nil, 0)
        self.text = part(CURLUPART_URL) ?? text
    }

    /// Credentials may go where they went before.
    func hasSameOrigin(as other: URLText) -> Bool { origin == other.origin }

    /// Scheme, host and port.
    var origin: String { "\(isHTTPS ? "https" : "http")://\(endpoint.host.lowercased()):\(endpoint.port)" }

    /// Path and query, as a request line has them.
    var target: String {
        let rest = text.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst(3)
        let target = String(rest.drop { $0 != UInt8(ascii: "/") }) ?? ""
        return target.isEmpty ? "/" : target
    }

    /// The target without its query.
    var path: String { String(target.prefix { $0 != "?" }) }
}

extension URLText {
    /// The URL that the key must hold; nil, and a mistake, when it does not.
    static func decode(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> URLText? {
        guard reader.has(key) else {
            mistakes.add(reader.setting.place, "\(reader.subject) needs \"\(key)\"")
            return nil
        }
        guard let text = reader.text(key, &mistakes), let value = reader.value(key) else { return nil }
        func refuse(_ why: String) -> URLText? {
            mistakes.add(value.place, "\(value.path) \(why)")
            return nil
        }
        guard text.value.contains("://") else {
            return refuse("must be a URL such as https://example.com/health, not \"\(text.shown)\"")
        }
        do {
            return try URLText(text.value)
        } catch {
            switch error {
            case .malformed(let why): return refuse("is not a URL: \"\(text.shown)\" (\(why))")
            case .scheme(let scheme): return refuse("must begin with http:// or https://, not \(scheme)://")
            case .credentials: return refuse("must not hold a user name; send an Authorization header instead")
            case .host(let host): return refuse("has no host name that can be looked up: \"\(host)\"")
            }
        }
    }
}
