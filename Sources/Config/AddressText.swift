import Glibc
import Vocabulary

/// IP addresses as texts.
enum AddressText {
    /// nil when the text is no IP address.
    static func family(of text: String) -> AddressFamily? {
        var v4 = in_addr()
        var v6 = in6_addr()
        if inet_pton(AF_INET, text, &v4) == 1 { return .ipv4 }
        if inet_pton(AF_INET6, text, &v6) == 1 { return .ipv6 }
        return nil
    }
}
