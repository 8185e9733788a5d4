import Vocabulary

/// The token that `oauth2` asks for: from the client's keep, or fetched first, under the same deadline. What goes wrong
/// there has causes of its own, for the target was not asked.
extension HTTPFlight {
    func start(_ settings: HTTPSettings, _ client: OAuthClient) {
        guard let token = client.token(nowNs: markNs) else { return fetchToken(settings, client) }
        ask(settings, token)
    }

    private func ask(_ settings: HTTPSettings, _ token: String) {
        self.token = token
        go(RequestRoute(settings, token: token))
    }

    private func fetchToken(_ settings: HTTPSettings, _ client: OAuthClient) {
        hasFetchedToken = true
        isFetchingToken = true
        go(RequestRoute(client, settings))
    }

    /// The target did not take the token: it is fetched anew, once. False: it is as fresh as can be.
    func renewToken(_ settings: HTTPSettings, _ client: OAuthClient) -> Bool {
        if let token { client.forget(token) }
        guard !hasFetchedToken else { return false }
        fetchToken(settings, client)
        return true
    }

    func tokenAnswered(_ settings: HTTPSettings, _ transfer: Transfer) {
        guard let client = settings.oauth2 else { return fail(.internalFault) }
        guard status < 500, status >= 200 else { return failToken(.tokenUnavailable, "status \(status)") }
        switch TokenAnswer(transfer.collected ?? []) {
        case .refused(let error): failToken(.tokenRefused, "status \(status), \(error)")
        case .malformed(let words) where status == 200: failToken(.tokenMalformed, words)
        case .token where status != 200, .malformed: failToken(.tokenRefused, "status \(status)")
        case .token(let token, let lifeNs):
            client.keep(token, lifeNs: lifeNs, nowNs: markNs)
            isFetchingToken = false
            ask(settings, token)
        }
    }

    private func failToken(_ cause: Cause, _ words: String) {
        detail = "token endpoint \(url?.text ?? ""): \(words)"
        super.fail(cause)
    }

    /// What `cause` means while the token is fetched; what is our own fault stays so.
    func tokenFailed(_ cause: Cause) {
        switch cause {
        case _ where cause.isOwnFault: super.fail(cause)
        case .timeoutResolve, .timeoutConnect, .timeoutHandshake, .timeoutWait, .timeoutTransfer:
            failToken(.tokenTimeout, words(cause))
        case .bodyTooLarge: failToken(.tokenMalformed, "its answer exceeds \(OAuthClient.answerMax) bytes")
        default: failToken(.tokenUnavailable, detail ?? words(cause, isHTTPS ? transfer?.witness : nil))
        }
    }
}
