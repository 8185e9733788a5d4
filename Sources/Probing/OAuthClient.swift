import CNet
import Synchronization
import Vocabulary

/// A check's `oauth2:` block: where to ask for a token, what to send, and the token that is good at present.
/// Source: RFC 6749, 4.4 (client credentials). Shared by all reactors.
final class OAuthClient: Sendable {
    /// Longest answer of a token endpoint, in bytes.
    static let answerMax: Int64 = 65_536
    /// A token is asked for anew this long before it ends, or a tenth of its life where that is less.
    static let marginNsMax = 30 * Duration.secondNs
    /// Life of a token whose answer does not say.
    static let lifeNsDefault = 300 * Duration.secondNs

    let url: URLText
    /// The form that is sent.
    let form: CText
    let headers: [HTTPHeader]
    /// Never printed.
    let secrets: [String]

    private struct Kept {
        let token: String
        let untilNs: Int64
    }

    /// Guards the token that is kept.
    private let kept = Mutex<Kept?>(nil)

    init(url: URLText, clientID: String, clientSecret: String, scopes: [String]) {
        self.url = url
        var fields = "grant_type=client_credentials"
        if !scopes.isEmpty { fields += "&scope=" + FormText.encoded(scopes.joined(separator: " ")) }
        form = CText(fields)
        // Source: RFC 6749, 2.3.1: each encoded as a form would be.
        let pair = Base64.encoded("\(FormText.encoded(clientID)):\(FormText.encoded(clientSecret))")
        secrets = [clientSecret, pair]
        headers = [
            HTTPHeader(name: "Authorization", value: SettingText("Basic \(pair)")),
            HTTPHeader(name: "Content-Type", value: SettingText("application/x-www-form-urlencoded")),
            HTTPHeader(name: "Accept", value: SettingText("application/json")),
        ]
    }

    /// The token that is kept; nil when there is none or its time is over.
    func token(nowNs: Int64) -> String? {
        kept.withLock { kept in kept.flatMap { nowNs < $0.untilNs ? $0.token : nil } }
    }

    /// Keeps a token until shortly before it ends. `lifeNs`: nil when the answer did not say.
    func keep(_ token: String, lifeNs: Int64?, nowNs: Int64) {
        let lifeNs = lifeNs ?? OAuthClient.lifeNsDefault
        let untilNs = nowNs + lifeNs - min(OAuthClient.marginNsMax, lifeNs / 10)
        kept.withLock { $0 = Kept(token: token, untilNs: untilNs) }
    }

    /// The target did not take `token`: unless another one is kept by now, none is.
    func forget(_ token: String) {
        kept.withLock { kept in
            if kept?.token == token { kept = nil }
        }
    }
}

/// What may stand in a form field. Source: WHATWG URL, 5.2.
enum FormText {
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2a, 0x2d, 0x2e, 0x5f:
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x20: encoded += "+"
            default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}

enum Base64 {
    static func encoded(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var encoded = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
        let count = EVP_EncodeBlock(&encoded, bytes, Int32(bytes.count))
        return String(decoding: encoded.prefix(Int(count)), as: UTF8.self)
    }
}
