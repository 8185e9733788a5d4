import CNet
import Vocabulary

/// What is said to a proxy and heard from it until the way to the target stands. Bytes in, actions out; no I/O.
struct ProxyDialogue {
    enum Step: Equatable {
        /// More of the answer has to come.
        case wait
        case send([UInt8])
        /// From here on the connection is the target's.
        case stands
        case failed(Cause, detail: String, status: UInt16)
    }

    /// Longest head of an answer to CONNECT.
    static var headMax: Int { 16 * 1024 }

    private enum Stage {
        case greeting
        case authentication
        case request
    }

    private let proxy: Proxy
    private let target: HostPort
    private var stage: Stage
    /// What came of the present answer.
    private var heard: [UInt8] = []

    /// `target`: a name goes to the proxy as it is.
    init(_ proxy: Proxy, to target: HostPort) {
        self.proxy = proxy
        self.target = target
        stage = proxy.kind == .http ? .request : .greeting
    }

    /// The proxy has the request, and whatever it says next is about the target.
    var isTargetAwaited: Bool { proxy.kind == .socks && stage == .request }

    /// What is sent first.
    var opening: [UInt8] {
        switch proxy.kind {
        case .http: connectRequest
        // Version 5, how many methods, none (0), user name and password (2).
        case .socks: proxy.user.isEmpty ? [5, 1, 0] : [5, 2, 0, 2]
        }
    }

    /// Takes its part of `bytes`, which have come and wait, and no byte of what the target itself sends. `used`: how
    /// many.
    mutating func hear(_ bytes: UnsafeRawBufferPointer) -> (used: Int, step: Step) {
        switch proxy.kind {
        case .http: hearConnect(bytes)
        case .socks: hearSocks(bytes)
        }
    }

    /// The proxy closed the connection.
    var closed: Step { .failed(.proxyProtocol, detail: "closed the connection before it answered", status: 0) }

    // MARK: CONNECT

    private var connectRequest: [UInt8] {
        var text = "CONNECT \(target.text) HTTP/1.1\r\nHost: \(target.text)\r\nUser-Agent: \(HTTPKind.userAgent)\r\n"
        if let line = proxy.authorization {
            let bytes = UnsafeRawBufferPointer(start: line.bytes, count: line.count)
            text += String(decoding: bytes, as: UTF8.self) + "\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    private mutating func hearConnect(_ bytes: UnsafeRawBufferPointer) -> (used: Int, step: Step) {
        for (place, byte) in bytes.enumerated() {
            heard.append(byte)
            if byte == 0x0a, endsInEmptyLine { return (place + 1, ProxyAnswer(head: heard).step) }
            if heard.count == ProxyDialogue.headMax {
                let words = "sent a header of more than \(ProxyDialogue.headMax / 1024) KiB"
                return (place + 1, .failed(.proxyProtocol, detail: words, status: 0))
            }
        }
        return (bytes.count, .wait)
    }

    /// What was heard ends in a line's end: whether the line is empty. A lone line feed ends one, too.
    /// Source: RFC 9112, 2.2.
    private var endsInEmptyLine: Bool {
        let end = heard.count - 1
        if end >= 1, heard[end - 1] == 0x0a { return true }
        return end >= 2 && heard[end - 1] == 0x0d && heard[end - 2] == 0x0a
    }

    // MARK: SOCKS

    private mutating func hearSocks(_ bytes: UnsafeRawBufferPointer) -> (used: Int, step: Step) {
        var used = 0
        while used < bytes.count {
            heard.append(bytes[used])
            used += 1
            guard heard[0] == (stage == .authentication ? 1 : 5) else {
                return (used, .failed(.proxyProtocol, detail: "does not speak SOCKS 5", status: 0))
            }
            guard let step = socksStep() else { continue }
            heard.removeAll(keepingCapacity: true)
            return (used, step)
        }
        return (used, .wait)
    }

    /// nil while the answer is not whole.
    private mutating func socksStep() -> Step? {
        switch stage {
        case .greeting:
            guard heard.count == 2 else { return nil }
            switch heard[1] {
            case 0: return request()
            case 2 where !proxy.user.isEmpty:
                stage = .authentication
                return .send(
                    [1, UInt8(proxy.user.count)] + proxy.user + [UInt8(proxy.password.count)] + proxy.password)
            case 0xff, 2:
                let words = proxy.user.isEmpty ? "wants a user name and password" : "takes no user name and password"
                return .failed(.proxyAuthentication, detail: words, status: 0)
            default: return .failed(.proxyProtocol, detail: "chose a method that was not offered", status: 0)
            }
        case .authentication:
            guard heard.count == 2 else { return nil }
            return heard[1] == 0
                ? request() : .failed(.proxyAuthentication, detail: "refused the user name and password", status: 0)
        case .request:
            guard heard.count >= 2 else { return nil }
            if heard[1] != 0 { return ProxyAnswer.socks(heard[1]) }
            // Version, reply, 0, type of the bound address, the address, two bytes of port.
            guard heard.count >= 5 else { return nil }
            let count =
                switch heard[3] {
                case 1: 10
                case 3: 7 + Int(heard[4])
                case 4: 22
                default: 0
                }
            if count == 0 { return .failed(.proxyProtocol, detail: "sent an address of no known type", status: 0) }
            return heard.count == count ? .stands : nil
        }
    }

    private mutating func request() -> Step {
        stage = .request
        var bytes: [UInt8] = [5, 1, 0]
        if let literal = target.literal {
            let bits = literal.ip.bits
            bytes.append(literal.ip.family == .ipv4 ? 1 : 4)
            for shift in stride(from: literal.ip.width - 8, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
            }
        } else {
            bytes += [3, UInt8(target.host.utf8.count)] + target.host.utf8
        }
        return .send(bytes + [UInt8(target.port >> 8), UInt8(truncatingIfNeeded: target.port)])
    }
}
