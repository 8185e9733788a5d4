import CNet
import Vocabulary

/// A `tls:` block, decoded. Equal blocks share one `TLSContext`.
package struct TLSSettings: Hashable, Sendable {
    /// PEM file that replaces the system's certificates; nil for those.
    var caPath: String?
    /// Any certificate will do.
    var isInsecure = false
    /// OpenSSL's numbers of the protocol versions.
    var lowestVersion = TLS1_2_VERSION
    var highestVersion = TLS1_3_VERSION

    package static let keys = [
        SettingDescription("ca", "PEM file of the certificates to trust, in place of the system's", example: "ca.pem"),
        SettingDescription("insecure", "true: takes any certificate; default false", example: "true"),
        SettingDescription("client_cert", "PEM file of the certificate to show", example: "client.pem", isBuilt: false),
        SettingDescription("client_key", "PEM file of its key", example: "client.key", isBuilt: false),
        SettingDescription(
            "min_version", "lowest TLS version offered: 1.0, 1.1, 1.2, 1.3; default 1.2", example: "1.3"),
        SettingDescription("max_version", "highest TLS version offered; default 1.3", example: "1.2"),
        SettingDescription("ciphers", "cipher suites offered, by OpenSSL's names", example: "HIGH", isBuilt: false),
        SettingDescription("alpn", "application protocols offered", example: "[h2]", isBuilt: false),
        SettingDescription("ocsp", "stapled: a good stapled answer is demanded", example: "stapled", isBuilt: false),
    ]

    private static let versions = [
        "1.0": TLS1_VERSION, "1.1": TLS1_1_VERSION, "1.2": TLS1_2_VERSION, "1.3": TLS1_3_VERSION,
    ]

    /// `setting`: the value of `tls:`; nil gives the defaults.
    static func decode(_ setting: Setting?, subject: String, _ mistakes: inout Mistakes) -> TLSSettings {
        var settings = TLSSettings()
        guard let setting else { return settings }
        let reader = SettingReader(setting, subject: "tls of \(subject)", keys: keys, &mistakes)
        if let ca = reader.text("ca", &mistakes) {
            settings.caPath = FileBytes.path(ca.value, at: reader.value("ca")?.place ?? setting.place)
        }
        settings.isInsecure = reader.bool("insecure", &mistakes) ?? false
        settings.lowestVersion = version(reader, "min_version", &mistakes) ?? settings.lowestVersion
        settings.highestVersion = version(reader, "max_version", &mistakes) ?? settings.highestVersion
        if settings.lowestVersion > settings.highestVersion {
            mistakes.add(reader.place("max_version"), "max_version of \(subject) must not be below min_version")
        }
        return settings
    }

    private static func version(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> Int32? {
        reader.choice(key, of: versions.keys.sorted(), &mistakes).flatMap { versions[$0] }
    }
}
