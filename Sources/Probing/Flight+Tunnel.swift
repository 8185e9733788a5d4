import CNet
import Glibc
import Vocabulary

/// Asking a proxy for the way to the target, on our own socket, before anybody else gets it.
extension Flight {
    final func startTunnel() {
        dialling.unsent = dialling.dialogue?.opening[...] ?? []
        sayToProxy()
    }

    /// The connection to the proxy can be read or written, or has failed.
    final func tunnelReady() {
        if dialling.unsent.isEmpty { hearProxy() } else { sayToProxy() }
    }

    private final func sayToProxy() {
        while !dialling.unsent.isEmpty {
            let count = dialling.unsent.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 else { return tunnelStopped(errno, awaiting: EPOLLOUT.rawValue) }
            dialling.unsent = dialling.unsent.dropFirst(count)
        }
        hearProxy()
    }

    /// Looks at what has come, and takes only the proxy's part of it: what follows is the target's.
    private final func hearProxy() {
        var step = ProxyDialogue.Step.wait
        while step == .wait {
            let taken = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { room -> Int in
                let count = recv(socket, room.baseAddress, room.count, Int32(MSG_PEEK))
                guard count > 0 else { return count }
                let heard = dialling.dialogue?.hear(UnsafeRawBufferPointer(rebasing: room[..<count]))
                step = heard?.step ?? .stands
                return recv(socket, room.baseAddress, heard?.used ?? 0, 0)
            }
            if taken < 0 { return tunnelStopped(errno, awaiting: EPOLLIN.rawValue) }
            if taken == 0 { step = dialling.dialogue?.closed ?? .stands }
        }
        take(step)
    }

    private final func take(_ step: ProxyDialogue.Step) {
        switch step {
        case .wait: break
        case .send(let bytes):
            dialling.unsent = bytes[...]
            sayToProxy()
        case .stands:
            dialling.dialogue = nil
            stand()
        case .failed(let cause, let words, let status):
            self.status = status
            detail = "proxy \(dialling.endpoint.text) \(words)"
            endLeg(.connect)
            finish(Outcome(cause: cause, unmet: .fail))
        }
    }

    private final func tunnelStopped(_ number: Int32, awaiting events: UInt32) {
        if number == EAGAIN || number == EINTR {
            guard !core.poll.watch(socket, events, for: self) else { return }
            return fail(SystemError.cause(errno, isImmediate: true))
        }
        endLeg(.connect)
        fail(SystemError.cause(number, isImmediate: false))
    }

    /// What `cause` is called while there is a proxy and the way through it does not stand yet.
    final func causeOnTheWay(_ cause: Cause) -> Cause {
        switch cause {
        case .nameNotFound, .dnsServfail, .dnsTimeout, .dnsRefused, .dnsNoAddress, .dnsMalformed: .proxyNameNotFound
        case .refused: .proxyRefused
        case .unreachable: .proxyUnreachable
        case .reset, .closedEarly: .proxyProtocol
        case .timeoutResolve, .timeoutConnect:
            // A SOCKS proxy that has taken the request has answered before: the silence is the target's.
            dialling.dialogue?.isTargetAwaited == true && dialling.winner != nil ? cause : .proxyTimeout
        default: cause
        }
    }
}
