import CNet

/// Names of hosts as the resolver and TLS want them.
enum HostName {
    /// The name in ASCII: as it stands, or the `xn--` form of one in another script (UTS #46, non-transitional, IDNA
    /// 2008); nil when it is no name that can be looked up.
    static func ascii(_ text: some StringProtocol) -> String? {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return isName(text) ? String(text) : nil }
        var bytes: UnsafeMutablePointer<CChar>?
        let flags = Int32(IDN2_NFC_INPUT.rawValue | IDN2_NONTRANSITIONAL.rawValue)
        guard idn2_to_ascii_8z(String(text), &bytes, flags) == IDN2_OK.rawValue, let bytes else { return nil }
        defer { idn2_free(bytes) }
        let name = String(cString: bytes)
        return isName(name) ? name : nil
    }

    /// Labels of 1 to 63 letters, digits, hyphens and underscores, 253 bytes in all, perhaps a dot at the end.
    private static func isName(_ host: some StringProtocol) -> Bool {
        let labels = (host.hasSuffix(".") ? host.dropLast() : host[...]).split(
            separator: ".", omittingEmptySubsequences: false)
        return host.utf8.count <= 253 && !labels.isEmpty
            && labels.allSatisfy { label in
                (1...63).contains(label.utf8.count)
                    && label.utf8.allSatisfy { byte in
                        switch byte {
                        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x5f: true
                        default: false
                        }
                    }
            }
    }
}
