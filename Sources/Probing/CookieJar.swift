import CNet
import Vocabulary

/// The cookies that the servers of one probe have set on its way. Narrower than a browser's: a cookie goes back to the
/// scheme, host and port that set it and nowhere else, whatever its Domain says. Source: RFC 6265, 5.2 to 5.4.
struct CookieJar: Equatable, Sendable {
    /// Most cookies kept; further ones are left out.
    static let cookiesMax = 64
    /// Longest `Set-Cookie` that is read, in bytes.
    static let lineMax = 4096

    private struct Cookie: Equatable {
        let origin: String
        let name: String
        let path: String
        let value: String
    }

    private var cookies: [Cookie] = []

    /// Takes in the value of a `Set-Cookie` field that came from `url`.
    mutating func add(_ line: String, from url: URLText, nowSeconds: Int64) {
        guard line.utf8.count <= CookieJar.lineMax, !line.utf8.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7f })
        else { return }
        let parts = line.split(separator: ";", omittingEmptySubsequences: false)
        guard let first = parts.first, let pair = CookieJar.pair(first), !pair.name.isEmpty else { return }
        var path = CookieJar.defaultPath(of: url)
        var isOver: Bool?
        for part in parts.dropFirst() {
            let (name, value) = CookieJar.pair(part) ?? (CookieJar.trimmed(part), "")
            switch name.lowercased() {
            case "path": if value.hasPrefix("/") { path = value }
            case "domain": if !CookieJar.isDomain(value, of: url) { return }
            case "secure": if !url.isHTTPS { return }
            case "max-age": if let seconds = Int64(value) { isOver = seconds <= 0 }
            case "expires":
                let instant = curl_getdate(value, nil)
                if isOver == nil, instant >= 0 { isOver = Int64(instant) <= nowSeconds }
            default: break
            }
        }
        cookies.removeAll { $0.origin == url.origin && $0.name == pair.name && $0.path == path }
        guard isOver != true, cookies.count < CookieJar.cookiesMax else { return }
        cookies.append(Cookie(origin: url.origin, name: pair.name, path: path, value: pair.value))
    }

    /// What a request to `url` sends, the longest path first; nil when nothing fits.
    func header(for url: URLText) -> String? {
        let fitting = cookies.enumerated().filter {
            $1.origin == url.origin && CookieJar.isPath(url.path, under: $1.path)
        }
        .sorted { ($1.element.path.utf8.count, $0.offset) < ($0.element.path.utf8.count, $1.offset) }
        return fitting.isEmpty ? nil : fitting.map { "\($1.name)=\($1.value)" }.joined(separator: "; ")
    }

    private static func pair(_ text: Substring) -> (name: String, value: String)? {
        guard let equals = text.firstIndex(of: "=") else { return nil }
        return (trimmed(text[..<equals]), trimmed(text[text.index(after: equals)...]))
    }

    private static func trimmed(_ text: Substring) -> String {
        let rest = text.drop { $0 == " " || $0 == "\t" }
        return String(rest.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }

    /// Source: RFC 6265, 5.1.4.
    private static func defaultPath(of url: URLText) -> String {
        guard let slash = url.path.lastIndex(of: "/"), slash > url.path.startIndex else { return "/" }
        return String(url.path[..<slash])
    }

    /// Source: RFC 6265, 5.1.4.
    private static func isPath(_ path: String, under prefix: String) -> Bool {
        path == prefix || path.hasPrefix(prefix) && (prefix.hasSuffix("/") || path.dropFirst(prefix.count).first == "/")
    }

    /// The host itself or a domain above it. Source: RFC 6265, 5.1.3.
    private static func isDomain(_ text: String, of url: URLText) -> Bool {
        let domain = (text.hasPrefix(".") ? text.dropFirst() : text[...]).lowercased()
        let host = url.endpoint.host.lowercased()
        return domain.isEmpty || host == domain || !url.isHostAddress && host.hasSuffix("." + domain)
    }
}
