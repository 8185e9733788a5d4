import Vocabulary

/// What a redirect comes to.
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
