import CNet
import Vocabulary

/// A proxy that connects on our behalf.
final class Proxy: Sendable {
    enum Kind: Sendable {
        /// CONNECT, and whole URLs for plain http. Source: RFC 9110, 9.3.6 and RFC 9112, 3.2.2.
        case http
        /// SOCKS 5, names looked up by the proxy. Source: RFC 1928, RFC 1929.
        case socks
    }

    /// Longest user name and password. Source: RFC 1929, 2.
    static let credentialMax = 255

    let kind: Kind
    let endpoint: HostPort
    /// Empty when it asks for none.
    let user: [UInt8]
    let password: [UInt8]
    /// `Proxy-Authorization: Basic …`, for `http`.
    let authorization: CText?

    /// Why a text is no proxy, in words that follow the key.
    private struct Flaw: Error { let text: String }

    private init(_ text: String) throws(Flaw) {
        guard let parts = text.split(on: "://") else {
            throw Flaw(text: "must be a proxy such as http://proxy.example.com:3128 or socks5h://127.0.0.1:1080")
        }
        switch parts.head.lowercased() {
        case "http": kind = .http
        case "socks5h": kind = .socks
        case "socks5":
            throw Flaw(text: "must begin with socks5h:// instead of socks5://: the proxy looks the names up")
        default: throw Flaw(text: "must begin with http:// or socks5h://, not \(parts.head)://")
        }
        let rest = parts.tail.hasSuffix("/") ? parts.tail.dropLast() : parts.tail
        let at = rest.lastIndex(of: "@")
        guard let endpoint = HostPort(text: String(at.map { rest[rest.index(after: $0)...] } ?? rest)) else {
            throw Flaw(text: "must name the proxy as HOST:PORT after the scheme, such as http://proxy.example.com:3128")
        }
        self.endpoint = endpoint
        guard let at else {
            user = []
            password = []
            authorization = nil
            return
        }
        let words = rest[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let user = words[0].percentDecoded
        let password = words.count == 2 ? words[1].percentDecoded : []
        guard let user, let password, (1...Proxy.credentialMax).contains(user.count),
            password.count <= Proxy.credentialMax, !(user + password).contains(where: { $0 < 0x20 })
        else {
            throw Flaw(
                text: "must have a user name and a password of at most \(Proxy.credentialMax) bytes each, with % signs "
                    + "only as in %40")
        }
        self.user = user
        self.password = password
        let line = Array("Proxy-Authorization: Basic ".utf8) + Proxy.base64(user + [0x3a] + password)
        authorization = kind == .http ? CText(line) : nil
    }

    /// nil, and a mistake, when it cannot be used. The text is not shown: it may hold a password.
    static func decode(_ setting: Setting, _ mistakes: inout Mistakes) -> Proxy? {
        do throws(Flaw) {
            guard let text = setting.text else { throw Flaw(text: "must be a text") }
            return try Proxy(text.value)
        } catch {
            mistakes.add(setting.place, "\(setting.path) \(error.text)")
            return nil
        }
    }

    /// What must never be printed.
    var secrets: [String] { password.isEmpty ? [] : [String(decoding: password, as: UTF8.self)] }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        // Four for every three, and the zero that OpenSSL adds.
        var text = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&text, bytes, Int32(bytes.count))
        return Array(text.prefix(Int(count)))
    }
}

extension StringProtocol where SubSequence == Substring {
    /// What stands before and after the first `separator`; nil when there is none.
    fileprivate func split(on separator: String) -> (head: Substring, tail: Substring)? {
        guard let found = firstRange(of: separator) else { return nil }
        return (self[..<found.lowerBound], self[found.upperBound...])
    }

    /// nil when a % is not followed by two hexadecimal digits.
    fileprivate var percentDecoded: [UInt8]? {
        var bytes: [UInt8] = []
        var left = Array(utf8)[...]
        while let byte = left.popFirst() {
            guard byte == 0x25 else {
                bytes.append(byte)
                continue
            }
            guard left.count >= 2, let code = UInt8(String(decoding: left.prefix(2), as: UTF8.self), radix: 16) else {
                return nil
            }
            bytes.append(code)
            left = left.dropFirst(2)
        }
        return bytes
    }
}
