import CNet
import Vocabulary

/// Where the redirects of one probe have led so far, and what the next request is.
/// Rules: http and https only, each hop https when that is required, no hop twice, a bounded number; credentials
/// never go to another scheme, host or port.
final class RedirectRoute {
    let url: URLText
    let method: String
    let keepsBody: Bool
    /// What the request sends; owned.
    let headerList: UnsafeMutablePointer<curl_slist>?
    /// The requests before this one, method and URL.
    let visited: [String]
    private let headers: [HTTPHeader]

    private init(url: URLText, method: String, keepsBody: Bool, hasBody: Bool, visited: [String], headers: [HTTPHeader])
    {
        self.url = url
        self.method = method
        self.keepsBody = keepsBody
        self.visited = visited
        self.headers = headers
        headerList = HTTPHeader.list(headers, hasBody: hasBody)
    }

    deinit { curl_slist_free_all(headerList) }

    enum Step {
        case follow(RedirectRoute)
        case refuse(Cause, String)
    }

    /// Statuses that say "look there". Source: RFC 9110, 15.4.
    static func isRedirect(_ status: UInt16) -> Bool {
        switch status {
        case 301, 302, 303, 307, 308: true
        default: false
        }
    }

    /// What follows the answer `status` to the request at `from`. `route`: nil on the first hop. `location`:
    /// absolute.
    static func next(
        after route: RedirectRoute?, from: URLText, status: UInt16, to location: String, _ settings: HTTPSettings
    ) -> Step {
        let url: URLText
        do {
            url = try URLText(location)
        } catch {
            return .refuse(.redirectRefused, "redirect to \"\(location)\" refused: \(words(error))")
        }
        if settings.requiresHTTPS, !url.isHTTPS {
            return .refuse(.redirectRefused, "redirect to \"\(location)\" refused: every hop must be https")
        }
        let method = route?.method ?? settings.method
        let visited = (route?.visited ?? []) + ["\(method) \(from.text)"]
        let next = nextMethod(method, status: status)
        if visited.contains("\(next) \(url.text)") {
            return .refuse(.redirectLoop, "redirect loop: \(url.text) comes again after \(visited.count) redirects")
        }
        if visited.count > settings.redirectsMax {
            return .refuse(.tooManyRedirects, "more than \(settings.redirectsMax) redirects")
        }
        let keepsBody = (route?.keepsBody ?? true) && next == method
        let allowed = (route?.headers ?? settings.headers).filter { header in
            (url.hasSameOrigin(as: from) || !header.isCredential) && (keepsBody || !header.isOfBody)
        }
        return .follow(
            RedirectRoute(
                url: url, method: next, keepsBody: keepsBody, hasBody: keepsBody && settings.body.count > 0,
                visited: visited, headers: allowed))
    }

    /// Source: RFC 9110, 15.4.2 to 15.4.4.
    private static func nextMethod(_ method: String, status: UInt16) -> String {
        switch status {
        case 301, 302: method == "POST" ? "GET" : method
        case 303: method == "HEAD" ? "HEAD" : "GET"
        default: method
        }
    }

    private static func words(_ flaw: URLText.Flaw) -> String {
        switch flaw {
        case .malformed(let why): why
        case .scheme(let scheme): "\(scheme) is neither http nor https"
        case .credentials: "it holds a user name"
        case .host(let host): "\"\(host)\" is no host name"
        }
    }
}
