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

    init(
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

extension CText {
    /// nil when it is empty.
    var orNil: CText? { count > 0 ? self : nil }
}
