import CNet
import Vocabulary

/// A `tls:` block, decoded. Equal blocks share one `TLSContext`.
package struct TLSSettings: Hashable, Sendable {
    /// PEM file that replaces the system's certificates; nil for those.
    var caPath: String?
    /// Any certificate will do.
    var isInsecure = false
    /// PEM files of the certificate to show, its intermediates after it, and of its key; nil shows none.
    var client: ClientFiles?
    /// OpenSSL's numbers of the protocol versions.
    var lowestVersion = TLS1_2_VERSION
    var highestVersion = TLS1_3_VERSION
    var ciphers = CipherRule()
    /// Application protocols offered, the best liked first; one of them must be chosen. Empty: none is offered.
    var alpn: [String] = []
    /// A good stapled OCSP answer is demanded.
    var demandsStaple = false

    struct ClientFiles: Hashable, Sendable {
        let certificate: String
        let key: String
    }

    /// Whether the block names files of its own.
    var namesFiles: Bool { caPath != nil || client != nil }

    package static let keys = [
        SettingDescription("ca", "PEM file of the certificates to trust, in place of the system's", example: "ca.pem"),
        SettingDescription("insecure", "true: takes any certificate; default false", example: "true"),
        SettingDescription(
            "client_cert",
            "PEM file of the certificate to show, its intermediates after it; never shown to another origin after a "
                + "redirect",
            example: "client.pem"),
        SettingDescription("client_key", "PEM file of its key, not encrypted", example: "client.key"),
        SettingDescription(
            "min_version", "lowest TLS version offered: 1.0, 1.1, 1.2, 1.3; default 1.2", example: "1.3"),
        SettingDescription("max_version", "highest TLS version offered; default 1.3", example: "1.2"),
        SettingDescription(
            "ciphers",
            "cipher suites offered, by OpenSSL's names, one or a list; those of TLS 1.3 begin with TLS_; where only "
                + "newer or only older ones are named, the others keep their defaults",
            example: "[ECDHE+AESGCM, TLS_AES_256_GCM_SHA384]"),
        SettingDescription(
            "alpn",
            "application protocols offered, one of which the target must choose; not for http, where http_version "
                + "decides",
            example: "[h2, http/1.1]"),
        SettingDescription(
            "ocsp", "stapled: a good stapled answer is demanded; off: none is asked for; default off",
            example: "stapled"),
    ]
}
