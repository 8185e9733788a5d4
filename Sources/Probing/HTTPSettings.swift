import CNet
import Glibc
import Vocabulary

/// What an `http` check is asked to do, decoded, with its texts as libcurl wants them.
final class HTTPSettings: @unchecked Sendable {
    // Unchecked: the C texts and lists are made in init and only read by reactors.
    let url: URLText
    let method: String
    let headers: [HTTPHeader]
    /// Nothing is sent when it is empty.
    let body: CText
    let follow: Bool
    let redirectsMax: Int
    let requiresHTTPS: Bool
    let bodyMax: Int64
    let tls: TLSContext
    let transport: HTTPTransport
    let keepsCookies: Bool
    let digest: DigestChallenge.User?
    let oauth2: OAuthClient?
    /// What must never be printed, beside the contents of `${…}`.
    let secrets: [String]
    /// nil: the region's, or none.
    let proxy: Proxy?
    /// nil: every target is looked up.
    let resolve: FixedAddresses?

    let urlC: CText
    let methodC: CText
    let headerList: UnsafeMutablePointer<curl_slist>?

    init(
        url: URLText, method: String, headers: [HTTPHeader], body: [UInt8], follow: Bool, redirectsMax: Int,
        requiresHTTPS: Bool, keepsCookies: Bool, bodyMax: Int64, transport: HTTPTransport,
        credentials: HTTPCredentials, tls: TLSContext, proxy: Proxy?, resolve: FixedAddresses?
    ) {
        self.url = url
        self.method = method
        self.headers = headers + credentials.headers
        self.body = CText(body)
        self.follow = follow
        self.redirectsMax = redirectsMax
        self.requiresHTTPS = requiresHTTPS
        self.keepsCookies = keepsCookies
        self.bodyMax = bodyMax
        self.transport = transport
        digest = credentials.digest
        oauth2 = credentials.oauth2
        secrets = credentials.secrets.filter { $0.utf8.count >= Redaction.secretMin }
        self.tls = tls
        self.proxy = proxy
        self.resolve = resolve
        urlC = CText(url.text)
        methodC = CText(method)
        headerList = HTTPHeader.list(self.headers, hasBody: !body.isEmpty)
    }

    deinit { curl_slist_free_all(headerList) }
}

/// How a request travels, where it is not as libcurl would have it: nothing of it costs a check that leaves it alone.
struct HTTPTransport: Equatable, Sendable {
    enum Version: String, CaseIterable {
        case auto
        case one0 = "1.0"
        case one1 = "1.1"
        /// Demanded: another answer is down.
        case two = "2"
    }

    var version = Version.auto
    /// Asks for gzip, deflate and br, and decodes them.
    var isCompressed = false

    static let plain = HTTPTransport()

    /// libcurl's number. A plain connection has no ALPN to agree by: there `two` speaks it without asking.
    func curlVersion(isHTTPS: Bool) -> Int {
        switch version {
        case .auto: Int(CURL_HTTP_VERSION_NONE)
        case .one0: Int(CURL_HTTP_VERSION_1_0)
        case .one1: Int(CURL_HTTP_VERSION_1_1)
        case .two: Int(isHTTPS ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE)
        }
    }
}

/// A header field that is sent.
struct HTTPHeader: Sendable {
    let name: String
    let value: SettingText

    /// Never follows a redirect to another host, port or scheme.
    var isCredential: Bool {
        !value.secrets.isEmpty
            || ["authorization", "cookie", "proxy-authorization", "host"].contains(name.lowercased())
    }

    /// Speaks of the body, so it goes when the body goes.
    var isOfBody: Bool { name.lowercased().hasPrefix("content-") }

    /// The lines libcurl is given; to be freed. What libcurl would add by itself and nobody asked for is taken off.
    static func list(_ headers: [HTTPHeader], hasBody: Bool) -> UnsafeMutablePointer<curl_slist>? {
        var lines = headers.map { $0.value.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value.value)" }
        let names = Set(headers.map { $0.name.lowercased() })
        if !names.contains("user-agent") { lines.append("User-Agent: \(HTTPKind.userAgent)") }
        if hasBody, !names.contains("content-type") { lines.append("Content-Type:") }
        // No waiting for "100 Continue" before a long body, unless the check asks for it.
        if hasBody, !names.contains("expect") { lines.append("Expect:") }
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) }
        return list
    }
}
