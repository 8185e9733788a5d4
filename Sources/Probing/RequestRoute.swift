import CNet
import Vocabulary

/// Where the requests of one probe have led so far, and what the next one is: after a redirect, a challenge, or with or
/// for a token.
///
/// Credentials of the check go to its own scheme, host and port as long as every request went there: once a redirect
/// has led away they do not come back, so that nobody else decides what they are sent along with.
final class RequestRoute {
    let url: URLText
    let method: String
    /// What is sent; nil for nothing.
    let body: CText?
    /// The header lines that are sent; owned.
    let headerList: UnsafeMutablePointer<curl_slist>?
    /// The redirects that led here.
    let visits: [Visit]
    /// Every request so far went to the check's own origin.
    let isHome: Bool
    /// The request answers a challenge.
    let isAnswer: Bool
    let jar: CookieJar
    /// What the next hop sends too, but for cookies and an answer to a challenge.
    let headers: [HTTPHeader]

    /// A request that was answered with a redirect.
    struct Visit {
        let method: String
        let url: URLText
        let cookies: String?
        let status: UInt16

        /// Both would get the same answer.
        func isSameRequest(as other: Visit) -> Bool {
            method == other.method && url.text == other.url.text && cookies == other.cookies
        }
    }

    private init(
        url: URLText, method: String, body: CText?, headers: [HTTPHeader], answer: HTTPHeader? = nil,
        visits: [Visit] = [], isHome: Bool, jar: CookieJar = CookieJar()
    ) {
        self.url = url
        self.method = method
        self.body = body
        self.headers = headers
        self.visits = visits
        self.isHome = isHome
        self.jar = jar
        isAnswer = answer != nil
        let sent = RequestRoute.adding(jar.header(for: url), to: headers) + (answer.map { [$0] } ?? [])
        headerList = HTTPHeader.list(sent, hasBody: body != nil)
    }

    deinit { curl_slist_free_all(headerList) }

    /// The check's own request, with a token.
    convenience init(_ settings: HTTPSettings, token: String) {
        let bearer = HTTPHeader(name: "Authorization", value: SettingText("Bearer \(token)"))
        self.init(
            url: settings.url, method: settings.method, body: settings.body.orNil, headers: settings.headers + [bearer],
            isHome: true)
    }

    /// The request for a token.
    convenience init(_ client: OAuthClient, _ settings: HTTPSettings) {
        self.init(
            url: client.url, method: "POST", body: client.form, headers: client.headers,
            isHome: client.url.hasSameOrigin(as: settings.url))
    }

    /// The same request once more, with the answer to a challenge. `route`: nil when it was the first one.
    convenience init(answering route: RequestRoute?, _ settings: HTTPSettings, with authorization: String) {
        let answer = HTTPHeader(name: "Authorization", value: SettingText(authorization))
        if let route {
            self.init(
                url: route.url, method: route.method, body: route.body, headers: route.headers, answer: answer,
                visits: route.visits, isHome: route.isHome, jar: route.jar)
        } else {
            self.init(
                url: settings.url, method: settings.method, body: settings.body.orNil, headers: settings.headers,
                answer: answer, isHome: true)
        }
    }

    /// One `Cookie` field of what the check sends and what the jar holds.
    private static func adding(_ cookies: String?, to headers: [HTTPHeader]) -> [HTTPHeader] {
        guard let cookies else { return headers }
        let own = headers.filter { $0.name.lowercased() == "cookie" }.map(\.value.value)
        let field = HTTPHeader(name: "Cookie", value: SettingText((own + [cookies]).joined(separator: "; ")))
        return headers.filter { $0.name.lowercased() != "cookie" } + [field]
    }
}

extension RequestRoute {
    /// Longest URL that a redirect may lead to, in bytes.
    static let locationMax = 16_384

    enum Step {
        case follow(RequestRoute)
        case refuse(Cause, String)
    }

    /// Statuses that say "look there". 300 leaves the choice to people, 304 speaks of a cache, 305 and 306 are no more:
    /// these are answers. Source: RFC 9110, 15.4.
    static func isRedirect(_ status: UInt16) -> Bool {
        switch status {
        case 301, 302, 303, 307, 308: true
        default: false
        }
    }

    /// What follows the answer `status` to the request at `from`: http and https only, each hop https when that is
    /// required, no request twice, a bounded number. `route`: nil on the first hop. `location`: absolute.
    /// `jar`: with the cookies of this answer.
    static func next(
        after route: RequestRoute?, from: URLText, status: UInt16, to location: String, jar: CookieJar,
        _ settings: HTTPSettings
    ) -> Step {
        guard location.utf8.count <= locationMax else {
            return .refuse(.redirectRefused, "redirect refused: its Location is longer than \(locationMax) bytes")
        }
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
        let before = route?.jar.header(for: from)
        let visit = Visit(method: method, url: from, cookies: before, status: status)
        let visits = (route?.visits ?? []) + [visit]
        let nextMethod = nextMethod(method, status: status)
        let next = Visit(method: nextMethod, url: url, cookies: jar.header(for: url), status: 0)
        if visits.contains(where: { $0.isSameRequest(as: next) }) {
            return .refuse(.redirectLoop, "redirect loop: \(url.text) comes again after \(visits.count) redirects")
        }
        if visits.count > settings.redirectsMax {
            return .refuse(.tooManyRedirects, "more than \(settings.redirectsMax) redirects")
        }
        let keepsBody = nextMethod == method
        let isSameOrigin = url.hasSameOrigin(as: from)
        let allowed = (route?.headers ?? settings.headers).filter { header in
            (isSameOrigin || !header.isCredential) && (keepsBody || !header.isOfBody)
        }
        return .follow(
            RequestRoute(
                url: url, method: nextMethod,
                body: keepsBody ? (route == nil ? settings.body.orNil : route?.body) : nil, headers: allowed,
                visits: visits, isHome: (route?.isHome ?? true) && isSameOrigin, jar: jar))
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

extension CText {
    /// nil when it is empty.
    var orNil: CText? { count > 0 ? self : nil }
}
