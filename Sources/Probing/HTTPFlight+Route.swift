import CNet
import Vocabulary

/// Answers that are not the last one: challenges and redirects.
extension HTTPFlight {
    /// Goes on to the next request, or fails on the way there. False: the answer is the last one.
    func leadsOn(_ settings: HTTPSettings, _ transfer: Transfer) -> Bool {
        if status == 401, isHome {
            if let client = settings.oauth2 { return renewToken(settings, client) }
            if let user = settings.digest, route?.isAnswer != true { return answer(user, settings, transfer) }
        }
        return settings.follow && RequestRoute.isRedirect(status) && redirect(settings, transfer)
    }

    /// Every request went to the origin that the credentials are for.
    private var isHome: Bool { route?.isHome ?? true }

    private func answer(_ user: DigestChallenge.User, _ settings: HTTPSettings, _ transfer: Transfer) -> Bool {
        guard let url else { return false }
        let fields = transfer.fields("WWW-Authenticate")
        guard let challenge = DigestChallenge.strongest(in: fields) else {
            let asked = fields.isEmpty ? "nothing" : fields.joined(separator: ", ")
            detail =
                "status 401 without a Digest challenge that can be answered (MD5 or SHA-256, qop auth), but: \(asked)"
            fail(.digestUnsupported)
            return true
        }
        let authorization = challenge.answer(
            user, method: route?.method ?? settings.method, target: url.target,
            clientNonce: String(UInt64.random(in: .min ... .max), radix: 16))
        go(RequestRoute(answering: route, settings, with: authorization))
        return true
    }

    private func redirect(_ settings: HTTPSettings, _ transfer: Transfer) -> Bool {
        var pointer: UnsafeMutableRawPointer?
        cnet_easy_get_pointer(transfer.easy, CURLINFO_REDIRECT_URL, &pointer)
        guard let pointer, let url else { return false }
        let location = String(cString: pointer.assumingMemoryBound(to: CChar.self))
        var jar = route?.jar ?? CookieJar()
        if settings.keepsCookies {
            for line in transfer.fields("Set-Cookie") {
                jar.add(line, from: url, nowSeconds: start.nanoseconds / Duration.secondNs)
            }
        }
        switch RequestRoute.next(after: route, from: url, status: status, to: location, jar: jar, settings) {
        case .refuse(let cause, let words):
            detail = words
            fail(cause)
        case .follow(let route):
            go(route)
        }
        return true
    }
}
