import CNet
import Glibc
import Vocabulary

/// The settings of a webhook, checked.
struct WebhookRequest: Sendable {
    let url: SettingText
    /// Whole lines, `Authorization: Bearer …`.
    let headers: [String]
    let timeoutNs: Int64
    /// PEM file that replaces the system's authorities; nil for those.
    let caFile: String?
    let isInsecure: Bool

    static let standardTimeoutNs = 10 * Duration.secondNs
    static let timeoutRangeNs = 50 * Duration.millisecondNs...4 * Duration.minuteNs

    private static let tlsKeys = [
        SettingDescription("ca", "PEM file of authorities; replaces the system's.", example: "ops-ca.pem"),
        SettingDescription("insecure", "true verifies nothing.", example: "false"),
        SettingDescription("client_cert", "PEM file to show.", example: "sonde.pem", isBuilt: false),
        SettingDescription("client_key", "PEM file of its key.", example: "sonde.key", isBuilt: false),
        SettingDescription("min_version", "Lowest TLS version.", example: "1.2", isBuilt: false),
        SettingDescription("max_version", "Highest TLS version.", example: "1.3", isBuilt: false),
        SettingDescription("ciphers", "Cipher list.", example: "HIGH", isBuilt: false),
        SettingDescription("alpn", "Protocols to offer.", example: "[http/1.1]", isBuilt: false),
        SettingDescription("ocsp", "What to demand of revocation.", example: "stapled", isBuilt: false),
    ]

    /// Headers that the request itself decides.
    private static let ownHeaders = ["content-type", "content-length", "transfer-encoding", "idempotency-key"]

    /// nil when something is mistaken.
    init?(_ plan: ChannelPlan, _ mistakes: inout Mistakes) {
        let subject = "\(WebhookChannel.kind) channel \"\(plan.name)\""
        var found = Mistakes()
        let reader = SettingReader(plan.settings, subject: subject, keys: WebhookChannel.keys, &found)
        if plan.settings.entries != nil || plan.settings.node == .null, !reader.has("url") {
            found.add(
                plan.settings.place,
                "\(subject) has no url; give it one, such as \"url: https://hooks.example.com/\"")
        }
        let url = WebhookRequest.url(reader, &found)
        headers = WebhookRequest.headers(reader, &found)
        timeoutNs = reader.durationNs("timeout", in: Self.timeoutRangeNs, &found) ?? Self.standardTimeoutNs
        if let tls = reader.value("tls") {
            let tlsReader = SettingReader(tls, subject: "tls of \(subject)", keys: Self.tlsKeys, &found)
            caFile = WebhookRequest.caFile(tlsReader, &found)
            isInsecure = tlsReader.bool("insecure", &found) ?? false
        } else {
            caFile = nil
            isInsecure = false
        }
        mistakes.add(found.all)
        guard found.isEmpty, let url else { return nil }
        self.url = url
    }

    private static func url(_ reader: SettingReader, _ mistakes: inout Mistakes) -> SettingText? {
        guard let value = reader.value("url"), let text = reader.text("url", &mistakes) else { return nil }
        let lowercased = text.value.lowercased()
        guard lowercased.hasPrefix("http://") || lowercased.hasPrefix("https://") else {
            mistakes.add(value.place, "\(value.path) must begin with http:// or https://, not \"\(text.shown)\"")
            return nil
        }
        guard let parsed = curl_url() else { return text }
        defer { curl_url_cleanup(parsed) }
        let code = curl_url_set(parsed, CURLUPART_URL, text.value, 0)
        guard code == CURLUE_OK, !text.value.utf8.contains(0) else {
            let why = code == CURLUE_OK ? "it holds a NUL byte" : String(cString: curl_url_strerror(code))
            mistakes.add(value.place, "\(value.path) is no URL: \"\(text.shown)\" (\(why))")
            return nil
        }
        return text
    }

    private static func headers(_ reader: SettingReader, _ mistakes: inout Mistakes) -> [String] {
        guard let value = reader.value("headers") else { return [] }
        guard let entries = value.entries else {
            mistakes.add(value.place, "\(value.path) must be a map of names and values")
            return []
        }
        return entries.compactMap { entry in
            guard isToken(entry.key) else {
                mistakes.add(entry.place, "\"\(escaped(entry.key))\" in \(value.path) is not the name of a header")
                return nil
            }
            guard !ownHeaders.contains(entry.key.lowercased()) else {
                mistakes.add(entry.place, "\"\(entry.key)\" in \(value.path) is set by the webhook itself; take it out")
                return nil
            }
            guard let text = entry.value.text else {
                mistakes.add(entry.value.place, "\(entry.value.path) must be a text")
                return nil
            }
            guard !text.value.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7f }) else {
                mistakes.add(
                    entry.value.place, "\(entry.value.path) holds a control character; a header is one line of text")
                return nil
            }
            // libcurl sends a header without a value only when the name ends in a semicolon.
            return text.value.isEmpty ? "\(entry.key);" : "\(entry.key): \(text.value)"
        }
    }

    /// RFC 9110, 5.6.2.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func caFile(_ reader: SettingReader, _ mistakes: inout Mistakes) -> String? {
        guard let value = reader.value("ca"), let text = reader.text("ca", &mistakes) else { return nil }
        let path = FilePath.resolve(text.value, beside: value.place)
        guard access(path, R_OK) == 0 else {
            let why = String(cString: strerror(errno))
            mistakes.add(value.place, "cannot read \(value.path) \"\(text.shown)\": \(why)")
            return nil
        }
        return path
    }
}
