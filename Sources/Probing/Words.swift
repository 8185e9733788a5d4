import Vocabulary

/// What a cause means for this probe, in a line of words.
extension Flight {
    final func words(_ cause: Cause) -> String {
        let host = dialling.endpoint.host
        let address = addressText ?? "the target"
        let timeout = Duration.text(question.timeoutNs)
        return switch cause {
        case .ok: "ok"
        case .nameNotFound: "no such name: \(host)"
        case .dnsServfail: "the name server could not resolve \(host) (SERVFAIL)"
        case .dnsTimeout: "the name server did not answer for \(host)"
        case .dnsRefused: "the name server refused to resolve \(host)"
        case .dnsNoAddress: "\(host) has no address of the wanted family"
        case .dnsMalformed: "the name server's answer for \(host) is malformed"
        case .resolverUnreachable: "no name server can be reached"
        case .refused: "connection refused by \(address)"
        case .unreachable: "\(address) cannot be reached"
        case .reset: "connection reset by \(address)"
        case .closedEarly: "\(address) closed the connection before the answer was complete"
        case .noRoute: "no route from here to \(address)"
        case .noDescriptors: "no file descriptor or local port left"
        case .noMemory: "no memory left"
        case .sourceUnavailable: "the source address or interface cannot be used on this host for \(address)"
        case .addressBlocked: "\(address) is an address that block_private refuses"
        case .proxyNameNotFound: "the name of the proxy \(host) cannot be resolved\(resolverWords)"
        case .proxyRefused: "connection refused by the proxy \(address)"
        case .proxyUnreachable: "the proxy \(address) cannot be reached"
        case .proxyTimeout: "no way through the proxy \(dialling.endpoint.text) within \(timeout)"
        case .proxyProtocol: "the proxy \(address) broke the connection off"
        case .timeoutResolve: "\(host) was not resolved within \(timeout)"
        case .timeoutConnect: "no connection to \(address) within \(timeout)"
        case .timeoutHandshake: "\(address) did not finish the TLS handshake within \(timeout)"
        case .timeoutWait: "\(address) did not answer within \(timeout)"
        case .timeoutTransfer: "\(address) did not finish its answer within \(timeout)"
        case .starttlsInjection: "bytes came before the TLS handshake that nobody had asked for"
        case .starttlsProtocol: "what came is not the protocol that leads to TLS"
        case .headerTooLarge:
            "the header exceeds \(ResponseHeader.bytesMax / 1024) KiB or \(ResponseHeader.linesMax) lines"
        default: cause.name.split(separator: "-").joined(separator: " ")
        }
    }

    /// What a failed handshake, or the certificate, was about.
    final func words(_ cause: Cause, _ witness: TLSWitness?) -> String {
        guard let witness else { return words(cause) }
        let leaf = witness.facts?.chain.first
        let faulty = witness.faultyFacts
        switch cause {
        case .certificateExpired:
            return "the \(witness.faultyName) expired at \(faulty?.notAfter?.rfc3339 ?? "an unknown time")"
        case .certificateNotYetValid:
            return "the \(witness.faultyName) is not valid before \(faulty?.notBefore?.rfc3339 ?? "an unknown time")"
        case .certificateWrongHost:
            return "the certificate is not for \(witness.host) but for \(leaf?.subject ?? "nobody")"
        case .certificateSelfSigned: return "the certificate is self-signed: \(leaf?.subject ?? "")"
        case .certificateUntrusted:
            return "the certificate's issuer is not trusted: \((faulty ?? leaf)?.issuer ?? "")"
        case .certificateIncompleteChain:
            return
                "the issuer of the certificate is not known, and the target sent no intermediate: \(leaf?.issuer ?? "")"
        case .certificateRevoked, .ocspInvalid, .ocspMissing:
            return witness.staple?.words ?? witness.verifyText ?? words(cause)
        case .certificateInvalid:
            guard let text = witness.verifyText else { return witness.reasonText ?? words(cause) }
            return "the \(witness.faultyName) is no good: \(text)"
        case .certificateChainTooLarge:
            return witness.verifyError == 0
                ? "the target's certificates exceed \(TLSContext.certificatesBytesMax / 1024) KiB"
                : "more than \(TLSContext.intermediatesMax) certificates stand between the target's and the root"
        case .tlsProtocol:
            let reason = witness.reasonText ?? "no reason is known"
            return witness.isOtherProtocol ? "what came is not TLS: \(reason)" : "the handshake failed: \(reason)"
        case .tlsVersion, .tlsCipher, .tlsALPN: return alertWords(cause, witness) ?? witness.reasonText ?? words(cause)
        default: return alertWords(cause, witness) ?? words(cause)
        }
    }

    /// nil when it was no alert that `cause` came of.
    private final func alertWords(_ cause: Cause, _ witness: TLSWitness) -> String? {
        guard let alert = witness.alert, TLSAlert.cause(alert) == cause else { return nil }
        return witness.alertText.map { "the target sent the TLS alert \($0)" }
    }

    private final var resolverWords: String {
        dialling.troubles.last.map { " (\($0.cause.name) from \($0.server))" } ?? ""
    }

    /// What the resolver said; empty when nobody had to ask it. Addresses, then what name servers said instead.
    final var resolverText: [String] {
        guard dialling.isLookedUp else { return [] }
        return dialling.queue.all.map(\.host)
            + dialling.troubles.map { "\($0.isSix ? "AAAA" : "A") from \($0.server): \($0.cause.name)" }
    }

    /// The addresses that were tried, in order, each that failed with what it said.
    final var triedText: [String] {
        dialling.attempts.map { attempt in
            let isAlone = dialling.attempts.count == 1 || attempt.cause == .ok
            let text = attempt.address.text + (dialling.proxy == nil ? "" : " (proxy)")
            return isAlone ? text : "\(text): \(attempt.cause.name)"
        }
    }

    /// The address in use, or the last one tried; nil before the first.
    final var addressText: String? {
        (dialling.winner.map { dialling.attempts[$0] } ?? dialling.attempts.last)?.address.text
    }

    /// The target's address, when it is connected to; nil through a proxy, which does not tell.
    final var remoteAddress: IPAddress? {
        guard isConnected, dialling.proxy == nil, let winner = dialling.winner else { return nil }
        return dialling.attempts[winner].address.ip
    }
}
