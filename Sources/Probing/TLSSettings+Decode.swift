import CNet
import Vocabulary

extension TLSSettings {
    /// Longest name of an application protocol, and of all of them with their lengths. Source: RFC 7301, 3.1.
    private static let protocolBytesMax = 255
    private static let protocolsBytesMax = 65_535

    private static let versions = [
        "1.0": TLS1_VERSION, "1.1": TLS1_1_VERSION, "1.2": TLS1_2_VERSION, "1.3": TLS1_3_VERSION,
    ]

    /// `setting`: the value of `tls:`; nil gives the defaults. `takesALPN` false: the kind offers protocols of its own.
    static func decode(
        _ setting: Setting?, subject: String, takesALPN: Bool, _ mistakes: inout Mistakes
    ) -> TLSSettings {
        var settings = TLSSettings()
        guard let setting else { return settings }
        let reader = SettingReader(setting, subject: "tls of \(subject)", keys: keys, &mistakes)
        settings.caPath = path(reader, "ca", &mistakes)
        settings.isInsecure = reader.bool("insecure", &mistakes) ?? false
        settings.client = client(reader, &mistakes)
        settings.lowestVersion = version(reader, "min_version", &mistakes) ?? settings.lowestVersion
        settings.highestVersion = version(reader, "max_version", &mistakes) ?? settings.highestVersion
        if settings.lowestVersion > settings.highestVersion {
            mistakes.add(reader.place("max_version"), "max_version of \(subject) must not be below min_version")
        }
        settings.ciphers = CipherRule.decode(reader, &mistakes)
        settings.alpn = protocols(reader, takesALPN: takesALPN, &mistakes)
        settings.demandsStaple = reader.choice("ocsp", of: ["off", "stapled"], &mistakes) == "stapled"
        if settings.demandsStaple, settings.isInsecure {
            mistakes.add(
                reader.place("ocsp"),
                "\(reader.subject) has both \"insecure\" and \"ocsp\"; who signed the answer "
                    + "cannot be known without trust, so keep one")
        }
        return settings
    }

    private static func path(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> String? {
        guard let text = reader.text(key, &mistakes), let value = reader.value(key) else { return nil }
        return FileBytes.path(text.value, at: value.place)
    }

    private static func client(_ reader: SettingReader, _ mistakes: inout Mistakes) -> ClientFiles? {
        let certificate = path(reader, "client_cert", &mistakes)
        let key = path(reader, "client_key", &mistakes)
        if let certificate, let key { return ClientFiles(certificate: certificate, key: key) }
        for (given, needed) in [("client_cert", "client_key"), ("client_key", "client_cert")]
        where reader.has(given) && !reader.has(needed) {
            mistakes.add(reader.place(given), "\"\(given)\" in \(reader.subject) needs \"\(needed)\" beside it")
        }
        return nil
    }

    private static func version(_ reader: SettingReader, _ key: String, _ mistakes: inout Mistakes) -> Int32? {
        reader.choice(key, of: versions.keys.sorted(), &mistakes).flatMap { versions[$0] }
    }

    private static func protocols(
        _ reader: SettingReader, takesALPN: Bool, _ mistakes: inout Mistakes
    ) -> [String] {
        guard let texts = reader.texts("alpn", &mistakes) else { return [] }
        guard takesALPN else {
            mistakes.add(
                reader.place("alpn"), "\"alpn\" in \(reader.subject) follows from http_version; take it out")
            return []
        }
        if texts.isEmpty {
            mistakes.add(reader.place("alpn"), "alpn of \(reader.subject) must name at least one protocol")
        }
        for (text, place) in texts where !(1...protocolBytesMax).contains(text.value.utf8.count) {
            mistakes.add(place, "a protocol of alpn must have 1 to \(protocolBytesMax) bytes, not \"\(text.shown)\"")
        }
        if texts.reduce(0, { $0 + 1 + $1.text.value.utf8.count }) > protocolsBytesMax {
            mistakes.add(reader.place("alpn"), "alpn of \(reader.subject) names more than fits in a handshake")
        }
        return texts.map(\.text.value)
    }

    /// The protocols as the handshake lists them, each after its length; empty when none is offered.
    var alpnBytes: [UInt8] {
        alpn.flatMap { [UInt8(truncatingIfNeeded: $0.utf8.count)] + Array($0.utf8) }
    }
}
